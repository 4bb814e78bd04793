/// Writes records in one format, a batch at a time.
package protocol RecordWriter<Element>: Sendable {
    associatedtype Element: DataElement

    /// Appends the bytes of a batch.
    ///
    /// - Throws: `DataFormatError` with the record, counted over all batches, that the format cannot hold.
    mutating func write(_ batch: RecordBatch<Element>, into bytes: inout [UInt8]) throws(DataFormatError)

    /// Appends what closes the document; nothing may be written after it.
    mutating func finish(into bytes: inout [UInt8])
}

extension RecordWriter {
    package mutating func finish(into bytes: inout [UInt8]) {}
}
