/// A text format whose records are lines, such as CSV or LibSVM.
///
/// A conforming value holds all that has to be agreed on before (delimiter, number of columns), so that blocks of a
/// file can be parsed independently of each other.
package protocol RecordFormat: Sendable {
    associatedtype Batch: RecordBatch

    /// Parses whole lines; the last one may lack its line break.
    ///
    /// - Throws: `DataFormatError` with a line number that counts from the block's start.
    func parse(_ lines: Span<UInt8>) throws(DataFormatError) -> ParsedLines<Batch>
}

/// What a block of lines held.
package struct ParsedLines<Batch: RecordBatch>: Sendable {
    package var batch: Batch
    /// Lines in the block, empty ones and comments included.
    package var lineCount: Int

    package init(batch: Batch, lineCount: Int) {
        self.batch = batch
        self.lineCount = lineCount
    }
}

/// Rows of numbers that were read together.
package protocol RecordBatch: Sendable {
    /// An empty batch.
    init()
    var rowCount: Int { get }
    /// Width: of every row in a dense batch; greatest index plus one in a sparse batch.
    var columnCount: Int { get }
    /// Adds the rows of `other` after the own ones.
    ///
    /// - Throws: `DataFormatError` at line 1 if the rows cannot stand in one batch.
    mutating func append(_ other: consuming Self) throws(DataFormatError)
    /// Makes room for a total of `factor` times the present content.
    mutating func reserve(growingBy factor: Double)
}
