/// Sparse rows: `label[:weight] [qid:n] index:value …`, blanks between, `#` starts a comment.
package struct LibSVMParser<Element: DataElement>: LineParser {
    private let options: LibSVMOptions
    private var framing = LineFraming()
    package var linesRead = 0

    package init(_ options: LibSVMOptions) { self.options = options }

    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package mutating func parse(
        _ bytes: Span<UInt8>,
        isLast: Bool,
        limit: BatchLimit,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) -> Int {
        let text = bytes.extracting(
            ..<(try framing.wholeLines(in: bytes, isLast: isLast, line: linesRead + 1))
        )
        batch.layout = .sparse
        batch.labelCount = 1
        batch.sparse.columnCount = max(batch.sparse.columnCount, options.columnCount ?? 0)
        var cursor = ItemCursor(line: linesRead)
        while cursor.position < text.count, batch.sparse.offsets.count <= limit.rows,
            batch.sparse.values.count < limit.values
        {
            cursor.line += 1
            cursor.skipBlanks(in: text)
            if !cursor.isAtLineEnd(of: text) { try parseRow(text, &cursor, into: &batch) }
            cursor.skipLine(in: text)
        }
        linesRead = cursor.line
        framing.use(cursor.position)
        return cursor.position
    }

    @inline(__always)
    private func parseRow(
        _ text: Span<UInt8>,
        _ cursor: inout ItemCursor,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) {
        let line = cursor.line
        let start = cursor.position
        if options.labels == .optional, startsWithFeature(text, cursor) {
            guard batch.weights.isEmpty else { throw DataFormatError(.mixedRows("weight"), line: line) }
            batch.labels.append(.zero)
        } else {
            guard let label = cursor.number(in: text, of: Element.self) else {
                throw DataFormatError(.missingLabel(cursor.item(at: start, in: text)), line: line, column: 1)
            }
            if cursor.skip(.colon, in: text) {
                guard let weight = cursor.number(in: text, of: Float.self) else {
                    throw DataFormatError(
                        .malformedPair(cursor.item(at: start, in: text)),
                        line: line,
                        column: 1
                    )
                }
                guard batch.weights.count == batch.labels.count else {
                    throw DataFormatError(.mixedRows("weight"), line: line)
                }
                batch.weights.append(weight)
            } else if !batch.weights.isEmpty {
                throw DataFormatError(.mixedRows("weight"), line: line)
            }
            guard cursor.isAtItemEnd(of: text) else {
                throw DataFormatError(fault(inLabelAt: start, cursor, text), line: line, column: 1)
            }
            batch.labels.append(label)
        }
        try parsePairs(text, &cursor, into: &batch)
        batch.sparse.offsets.append(UInt64(batch.sparse.indices.count))
    }

    /// What is wrong with an item that goes on behind its number: a list of labels, or no label at all.
    private func fault(
        inLabelAt start: Int,
        _ cursor: ItemCursor,
        _ text: Span<UInt8>
    ) -> DataFormatError.Reason {
        let item = cursor.item(at: start, in: text)
        var (ahead, labels) = (cursor, 1)
        while ahead.skip(.comma, in: text) {
            guard ahead.number(in: text, of: Double.self) != nil else { return .missingLabel(item) }
            labels += 1
        }
        let isList = labels > 1 && (ahead.isAtItemEnd(of: text) || ahead.skip(.colon, in: text))
        return isList ? .severalLabels(item) : .missingLabel(item)
    }

    private func startsWithFeature(_ text: Span<UInt8>, _ cursor: ItemCursor) -> Bool {
        var ahead = cursor
        return ahead.unsignedInteger(in: text) != nil && ahead.skip(.colon, in: text)
    }

    /// Reads `qid:n`, if it comes next.
    private func parseQuery(
        _ text: Span<UInt8>,
        _ cursor: inout ItemCursor,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) -> Bool {
        let start = cursor.position
        guard cursor.skipQueryPrefix(in: text) else {
            guard batch.queries.isEmpty else {
                throw DataFormatError(.mixedRows("query (qid)"), line: cursor.line)
            }
            return false
        }
        guard let query = cursor.unsignedInteger(in: text), cursor.isAtItemEnd(of: text) else {
            throw DataFormatError(
                .malformedPair(cursor.item(at: start, in: text)),
                line: cursor.line,
                column: 2
            )
        }
        guard batch.queries.count == batch.labels.count - 1 else {
            throw DataFormatError(.mixedRows("query (qid)"), line: cursor.line)
        }
        batch.queries.append(query)
        return true
    }

    @inline(__always)
    private func parsePairs(
        _ text: Span<UInt8>,
        _ cursor: inout ItemCursor,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) {
        cursor.skipBlanks(in: text)
        var item = try parseQuery(text, &cursor, into: &batch) ? 2 : 1
        // One above the index before: as written, so from `firstIndex` on.
        var lowest = UInt64(options.firstIndex)
        let isFirst = batch.sparse.indices.count
        while true {
            cursor.skipBlanks(in: text)
            if cursor.isAtLineEnd(of: text) { break }
            item += 1
            let start = cursor.position
            guard let written = cursor.unsignedInteger(in: text), cursor.skip(.colon, in: text),
                let value = cursor.number(in: text, of: Element.self), cursor.isAtItemEnd(of: text)
            else {
                throw DataFormatError(
                    .malformedPair(cursor.item(at: start, in: text)),
                    line: cursor.line,
                    column: item
                )
            }
            guard UInt64(written) >= lowest else {
                let reason: DataFormatError.Reason =
                    lowest == UInt64(options.firstIndex)
                    ? .indexOutOfRange(UInt64(written), limit: lowest) : .indexNotIncreasing(UInt64(written))
                throw DataFormatError(reason, line: cursor.line, column: item)
            }
            lowest = UInt64(written) + 1
            batch.sparse.indices.append(written - options.firstIndex)
            batch.sparse.values.append(value)
        }
        guard batch.sparse.indices.count > isFirst else { return }
        let (first, last) = (
            batch.sparse.indices[isFirst], batch.sparse.indices[batch.sparse.indices.count - 1]
        )
        batch.sparse.smallestIndex = min(batch.sparse.smallestIndex ?? first, first)
        if let width = options.columnCount, Int(last) >= width {
            throw DataFormatError(
                .indexOutOfRange(UInt64(last), limit: UInt64(width)),
                line: cursor.line,
                column: item
            )
        }
        batch.sparse.columnCount = max(batch.sparse.columnCount, Int(last) + 1)
    }
}
