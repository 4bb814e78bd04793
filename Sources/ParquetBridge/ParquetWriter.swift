package import DataFormats
import FoundationEssentials

/// Writes the rows of one Parquet file, a batch at a time; each becomes a row group.
package struct ParquetWriter<Element: DataElement>: ~Copyable {
    private let file: String
    private var names: [String]?
    private var process: BridgeProcess
    private var shape: (labels: Int, features: Int)?
    private var rowsWritten = 0

    /// Starts a file; it is whole once `finish()` returns.
    ///
    /// - Parameters:
    ///   - path: Of the file.
    ///   - columnNames: Labels first; nil makes them up: `label`, `f0`, `f1`, ….
    ///   - environment: Where pyarrow is.
    /// - Throws: `ParquetError`.
    package init(
        path: String,
        columnNames: [String]? = nil,
        environment: ParquetEnvironment
    ) throws(ParquetError) {
        process = try BridgeProcess(environment.command + ["write", path])
        file = path
        names = columnNames
    }

    /// Adds rows; sparse ones are written with all their zeros.
    ///
    /// - Throws: `ParquetError`, also if the rows are of another width than the first ones.
    package mutating func write(_ batch: RecordBatch<Element>) throws(ParquetError) {
        guard batch.rowCount > 0 else { return }
        let batch = try dense(batch)
        let rows = batch.dense
        try begin(labels: batch.labelCount, features: rows.columnCount)
        guard process.write([Int64(rows.rowCount)]), process.write(batch.labels), process.write(rows.values)
        else { throw process.fault(file: file) }
        rowsWritten += rows.rowCount
    }

    /// Completes the file.
    ///
    /// - Throws: `ParquetError`, also if there were no rows, which leaves a table without columns.
    package consuming func finish() throws(ParquetError) {
        guard shape != nil else { throw refused("there are no rows, and so no columns") }
        guard process.write([Int64(0)]), process.readLine() != nil else { throw process.fault(file: file) }
        let (status, words) = process.end()
        guard status == 0 else { throw BridgeFault.error(status, words, file: file) }
    }

    private mutating func dense(_ batch: RecordBatch<Element>) throws(ParquetError) -> RecordBatch<Element> {
        guard batch.queries.isEmpty, batch.weights.isEmpty else {
            throw refused("Parquet has no place for weights and query ids")
        }
        do { return try batch.densified(columnCount: batch.layout == .sparse ? shape?.features : nil) } catch
        {
            throw .data(error.located(in: file, after: rowsWritten))
        }
    }

    private mutating func begin(labels: Int, features: Int) throws(ParquetError) {
        if let shape {
            guard shape == (labels, features) else {
                let expected = shape.labels + shape.features
                throw .data(
                    DataFormatError(
                        .raggedRow(expected: expected, found: labels + features),
                        record: rowsWritten + 1,
                        file: file
                    )
                )
            }
            return
        }
        shape = (labels, features)
        var made = (0..<labels).map { labels == 1 ? "label" : "label\($0)" }
        made += (0..<features).map { "f\($0)" }
        if let names, names.count == made.count, Set(names).count == names.count { made = names }
        let head = BridgeHead(columns: made, labels: labels, type: Element.type.bridgeName, rows: nil)
        guard let line = try? JSONEncoder().encode(head), process.write(Array(line) + [0x0A]) else {
            throw process.fault(file: file)
        }
    }

    private func refused(_ reason: String) -> ParquetError {
        .data(DataFormatError(.unwritable(reason), record: rowsWritten + 1, file: file))
    }
}
