/// Reads one format, from bytes that are already there.
///
/// Use it through `RecordReader`, which keeps the bytes of a record that has not arrived whole.
package protocol RecordParser<Element>: Sendable {
    associatedtype Element: DataElement

    /// Names of the columns, once they have been read.
    var columnNames: [String]? { get }

    /// Reads whole records until the batch is full or no whole record is left.
    ///
    /// - Parameters:
    ///   - bytes: What has not been used yet: those left over from the call before, and perhaps more.
    ///   - isLast: Whether no bytes come after these. All records are read then.
    ///   - limit: When a batch is full; it is not when this is called.
    ///   - batch: Where the records go.
    /// - Returns: Number of bytes used.
    /// - Throws: `DataFormatError` with line or record counted from the first byte ever.
    mutating func parse(
        _ bytes: Span<UInt8>,
        isLast: Bool,
        limit: BatchLimit,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) -> Int
}

extension RecordParser {
    package var columnNames: [String]? { nil }
}

/// A parser whose records are lines, which can be read in any order once the first has been.
package protocol LineParser<Element>: RecordParser {
    /// Lines read so far, empty ones and comments included.
    var linesRead: Int { get set }
}

extension LineParser {
    /// Reads a block of whole lines by itself: what comes before and after it is unknown.
    ///
    /// - Returns: All its records, and the number of its lines.
    /// - Throws: `DataFormatError` with a line that counts from the block's start.
    package func parse(
        block: Span<UInt8>
    ) throws(DataFormatError) -> (batch: RecordBatch<Element>, lineCount: Int) {
        var parser = self
        parser.linesRead = 0
        var batch = RecordBatch<Element>()
        _ = try parser.parse(
            block,
            isLast: true,
            limit: BatchLimit(rows: .max, values: .max),
            into: &batch
        )
        return (batch, parser.linesRead)
    }
}

/// Finds the end of the last whole line, looking at no byte twice.
struct LineFraming: Sendable {
    private var whole = 0
    private var searched = 0

    /// - Parameters:
    ///   - bytes: Those that were there before and have not been used, and new ones.
    ///   - isLast: Whether the last line ends with the bytes.
    ///   - line: Number of the line that `bytes` start with.
    /// - Returns: Number of bytes in whole lines.
    /// - Throws: `DataFormatError.lineTooLong`.
    mutating func wholeLines(
        in bytes: Span<UInt8>,
        isLast: Bool,
        line: Int
    ) throws(DataFormatError) -> Int {
        var position = bytes.count
        while position > searched, bytes[unchecked: position - 1] != .lineFeed { position -= 1 }
        if position > searched { whole = position }
        searched = bytes.count
        guard bytes.count - whole <= LineLimit.longest else {
            throw DataFormatError(.lineTooLong(limit: LineLimit.longest), line: line)
        }
        return isLast ? bytes.count : whole
    }

    /// Says how many bytes will not come again.
    mutating func use(_ count: Int) {
        whole = max(whole - count, 0)
        searched -= count
    }
}

/// Bounds that keep the memory in use small whatever comes in.
package enum LineLimit {
    /// A line or record longer than this, in bytes, is an error.
    package static var longest: Int { 64 << 20 }
}
