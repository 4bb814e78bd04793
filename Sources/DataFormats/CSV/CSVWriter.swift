/// Writes dense rows as csv: labels, weight, features.
///
/// Sparse rows are written with all their zeros.
package struct CSVWriter<Element: DataElement>: RecordWriter {
    private let options: CSVOptions
    /// Names for the first line; nil makes them up.
    private let names: [String]?
    private var rowsWritten = 0
    private var width: Int?

    package init(_ options: CSVOptions, columnNames: [String]? = nil) {
        self.options = options
        names = columnNames
    }

    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package mutating func write(
        _ batch: RecordBatch<Element>,
        into bytes: inout [UInt8]
    ) throws(DataFormatError) {
        guard batch.rowCount > 0 else { return }
        guard batch.queries.isEmpty else {
            throw DataFormatError(.unwritable("csv has no place for query ids"), record: rowsWritten + 1)
        }
        guard (options.weights == .afterLabels) == !batch.weights.isEmpty else {
            throw DataFormatError(
                .unwritable("the weights of the rows and of the csv options do not agree"),
                record: rowsWritten + 1
            )
        }
        let rows = try batch.densified(columnCount: options.columnCount.map { $0 - options.leading }).dense
        if let width, width != rows.columnCount {
            throw DataFormatError(
                .raggedRow(expected: width, found: rows.columnCount),
                record: rowsWritten + 1
            )
        }
        if width == nil {
            width = rows.columnCount
            if options.header != .none { writeNames(batch.labelCount, rows.columnCount, into: &bytes) }
        }
        let delimiter = options.delimiter ?? .comma
        for row in 0..<rows.rowCount {
            for label in batch.labels(of: row) {
                DecimalText.append(label, to: &bytes)
                bytes.append(delimiter)
            }
            if !batch.weights.isEmpty {
                DecimalText.append(batch.weights[row], to: &bytes)
                bytes.append(delimiter)
            }
            let start = bytes.count
            for value in rows.row(row) {
                DecimalText.append(value, to: &bytes)
                bytes.append(delimiter)
            }
            // An empty line would be no row: a lone missing value is spelled out.
            if bytes.count == start + 1, batch.labelCount == 0, batch.weights.isEmpty {
                bytes.removeLast()
                bytes.append(contentsOf: "nan".utf8)
                bytes.append(delimiter)
            }
            bytes[bytes.count - 1] = .lineFeed
        }
        rowsWritten += rows.rowCount
    }

    private func writeNames(_ labelCount: Int, _ columnCount: Int, into bytes: inout [UInt8]) {
        let delimiter = options.delimiter ?? .comma
        var made = (0..<labelCount).map { labelCount == 1 ? "label" : "label\($0)" }
        if options.weights == .afterLabels { made.append("weight") }
        made += (0..<columnCount).map { "f\($0)" }
        if let names, names.count == made.count { made = names }
        for name in made {
            let isPlain = name.utf8.allSatisfy { $0 > .space && $0 != delimiter && $0 != .quote }
            bytes.append(
                contentsOf: (isPlain ? name : "\"\(name.replacing("\"", with: "\"\""))\"").utf8
            )
            bytes.append(delimiter)
        }
        bytes[bytes.count - 1] = .lineFeed
    }
}
