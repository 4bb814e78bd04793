/// One JSON instance per line; empty lines are skipped.
package struct JSONLinesParser<Element: DataElement>: LineParser {
    private var instances = JSONInstanceParser<Element>(unit: .line)
    private var framing = LineFraming()
    package var linesRead = 0

    package init() {}

    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package mutating func parse(
        _ bytes: Span<UInt8>,
        isLast: Bool,
        limit: BatchLimit,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) -> Int {
        let end = try framing.wholeLines(in: bytes, isLast: isLast, line: linesRead + 1)
        var position = 0
        while position < end, !batch.isFull(limit) {
            var lineEnd = position
            while lineEnd < end, bytes[unchecked: lineEnd] != .lineFeed { lineEnd += 1 }
            linesRead += 1
            let line = bytes.extracting(position..<lineEnd)
            var cursor = JSONCursor()
            if cursor.peek(in: line) != nil { try instances.parse(line, number: linesRead, into: &batch) }
            position = min(lineEnd + 1, end)
        }
        framing.use(position)
        return position
    }
}
