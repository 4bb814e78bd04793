/// Writes rows as framed `Record` messages, each in one frame.
package struct RecordIOWriter<Element: DataElement>: RecordWriter {
    private let options: RecordIOOptions
    private var rowsWritten = 0

    package init(_ options: RecordIOOptions) { self.options = options }

    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package mutating func write(
        _ batch: RecordBatch<Element>,
        into bytes: inout [UInt8]
    ) throws(DataFormatError) {
        guard batch.weights.isEmpty, batch.queries.isEmpty else {
            throw DataFormatError(
                .unwritable("RecordIO-protobuf has no place for weights and query ids"),
                record: rowsWritten + 1
            )
        }
        for row in 0..<batch.rowCount {
            let features =
                switch batch.layout {
                case .dense: RecordMessage<Element>.Entry(options.feature, batch.dense.row(row))
                case .sparse: sparseEntry(batch.sparse, row)
                }
            let message = RecordMessage(
                features: [features],
                labels: batch.labelCount == 0 ? [] : [.init(options.label, batch.labels(of: row))],
                note: batch.notes.isEmpty ? RecordNote() : batch.notes[row]
            )
            message.appendFrame(to: &bytes)
        }
        rowsWritten += batch.rowCount
    }

    private func sparseEntry(_ rows: SparseRows<Element>, _ row: Int) -> RecordMessage<Element>.Entry {
        let range = rows.range(of: row)
        return RecordMessage.Entry(
            options.feature,
            keys: rows.indices[range],
            values: rows.values[range],
            width: rows.columnCount
        )
    }
}
