/// Writes rows as libsvm text: label, weight, query, and the features that a row names.
///
/// Dense rows name every feature that is not zero; a missing value is written as `nan`.
package struct LibSVMWriter<Element: DataElement>: RecordWriter {
    private let options: LibSVMOptions
    private var rowsWritten = 0

    package init(_ options: LibSVMOptions) { self.options = options }

    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package mutating func write(
        _ batch: RecordBatch<Element>,
        into bytes: inout [UInt8]
    ) throws(DataFormatError) {
        guard batch.rowCount > 0 else { return }
        guard batch.labelCount <= 1 else {
            throw DataFormatError(
                .unwritable("libsvm has one label per row, the data have \(batch.labelCount)"),
                record: rowsWritten + 1
            )
        }
        let rows = batch.sparsified().sparse
        if let last = rows.indices.max(), last > .max - 1 - options.firstIndex {
            throw DataFormatError(
                .indexOutOfRange(UInt64(last), limit: UInt64(UInt32.max - 1)),
                record: rowsWritten + 1
            )
        }
        for row in 0..<rows.rowCount {
            append(batch.labelCount == 0 ? .zero : batch.labels[row], to: &bytes)
            if !batch.weights.isEmpty {
                bytes.append(.colon)
                append(batch.weights[row], to: &bytes)
            }
            if !batch.queries.isEmpty {
                bytes.append(contentsOf: " qid:".utf8)
                DecimalText.append(integer: Int(batch.queries[row]), to: &bytes)
            }
            for position in rows.range(of: row) {
                bytes.append(.space)
                DecimalText.append(integer: Int(rows.indices[position] + options.firstIndex), to: &bytes)
                bytes.append(.colon)
                append(rows.values[position], to: &bytes)
            }
            bytes.append(.lineFeed)
        }
        rowsWritten += rows.rowCount
    }

    private func append(_ value: some DataElement, to bytes: inout [UInt8]) {
        if value.isMissing { return bytes.append(contentsOf: "nan".utf8) }
        DecimalText.append(value, to: &bytes)
    }
}
