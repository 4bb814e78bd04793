/// Sparse rows: `label[:weight] [qid:n] index:value …`, blanks between, `#` starts a comment.
///
/// Indices are kept as written; whether they count from 0 or from 1 is the reader's business
/// (`SparseRows.smallestIndex`).
package struct LibSVMFormat: RecordFormat, Equatable {
    /// Whether rows start with a label.
    package enum Labels: Sendable {
        case required
        /// A row may start with a feature at once; its label is then 0. Rows have no weights.
        case optional
    }

    package var labels: Labels

    package init(labels: Labels = .required) { self.labels = labels }

    package func parse(_ lines: Span<UInt8>) throws(DataFormatError) -> ParsedLines<SparseRows> {
        var rows = SparseRows()
        // A pair takes at least four bytes with its blank; most take more.
        rows.indices.reserveCapacity(lines.count / 6)
        rows.values.reserveCapacity(lines.count / 6)
        var cursor = ItemCursor()
        while cursor.position < lines.count {
            cursor.line += 1
            cursor.skipBlanks(in: lines)
            if !cursor.isAtLineEnd(of: lines) { try parseRow(lines, &cursor, into: &rows) }
            cursor.skipLine(in: lines)
        }
        return ParsedLines(batch: rows, lineCount: cursor.line)
    }

    private func parseRow(
        _ text: Span<UInt8>,
        _ cursor: inout ItemCursor,
        into rows: inout SparseRows
    ) throws(DataFormatError) {
        let line = cursor.line
        let start = cursor.position
        if labels == .optional, startsWithFeature(text, cursor) {
            rows.labels.append(0)
            try parsePairs(text, &cursor, into: &rows)
            rows.offsets.append(UInt64(rows.indices.count))
            return
        }
        guard let label = cursor.number(in: text) else {
            throw DataFormatError(.missingLabel(cursor.item(at: start, in: text)), line: line, field: 1)
        }
        if cursor.skip(.colon, in: text) {
            guard let weight = cursor.number(in: text) else {
                throw DataFormatError(.malformedPair(cursor.item(at: start, in: text)), line: line, field: 1)
            }
            guard rows.weights.count == rows.labels.count else {
                throw DataFormatError(.mixedRows("weight"), line: line)
            }
            rows.weights.append(weight)
        } else if !rows.weights.isEmpty {
            throw DataFormatError(.mixedRows("weight"), line: line)
        }
        guard cursor.isAtItemEnd(of: text) else {
            throw DataFormatError(.missingLabel(cursor.item(at: start, in: text)), line: line, field: 1)
        }
        rows.labels.append(label)
        try parsePairs(text, &cursor, into: &rows)
        rows.offsets.append(UInt64(rows.indices.count))
    }

    private func startsWithFeature(_ text: Span<UInt8>, _ cursor: ItemCursor) -> Bool {
        var ahead = cursor
        return ahead.unsignedInteger(in: text) != nil && ahead.skip(.colon, in: text)
    }

    private func parsePairs(
        _ text: Span<UInt8>,
        _ cursor: inout ItemCursor,
        into rows: inout SparseRows
    ) throws(DataFormatError) {
        let line = cursor.line
        var field = 1
        var previous: Int64 = -1
        var namesQuery = false
        while true {
            cursor.skipBlanks(in: text)
            if cursor.isAtLineEnd(of: text) { break }
            field += 1
            let start = cursor.position
            if field == 2, cursor.skipQueryPrefix(in: text) {
                guard let query = cursor.unsignedInteger(in: text), cursor.isAtItemEnd(of: text) else {
                    throw DataFormatError(
                        .malformedPair(cursor.item(at: start, in: text)),
                        line: line,
                        field: field
                    )
                }
                guard rows.queries.count == rows.labels.count - 1 else {
                    throw DataFormatError(.mixedRows("query (qid)"), line: line)
                }
                rows.queries.append(query)
                namesQuery = true
                continue
            }
            guard let index = cursor.unsignedInteger(in: text), cursor.skip(.colon, in: text),
                let value = cursor.number(in: text), cursor.isAtItemEnd(of: text)
            else {
                throw DataFormatError(
                    .malformedPair(cursor.item(at: start, in: text)),
                    line: line,
                    field: field
                )
            }
            guard Int64(index) > previous else {
                throw DataFormatError(.indexNotIncreasing(index), line: line, field: field)
            }
            if previous < 0 { rows.smallestIndex = min(rows.smallestIndex ?? index, index) }
            previous = Int64(index)
            rows.indices.append(index)
            rows.values.append(value)
        }
        rows.columnCount = max(rows.columnCount, Int(previous + 1))
        guard namesQuery || rows.queries.isEmpty else {
            throw DataFormatError(.mixedRows("query (qid)"), line: line)
        }
    }
}
