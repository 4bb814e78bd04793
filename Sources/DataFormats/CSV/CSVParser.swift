/// Numbers separated by a delimiter, one row per line (RFC 4180 for quotes and CRLF; a quoted field ends on its line).
///
/// An empty field, `nan`, `na`, `n/a` and `null` (in any case) are missing values; an empty line is no row. Quotes may
/// stand around a number, and blanks beside it.
package struct CSVParser<Element: DataElement>: LineParser {
    private let options: CSVOptions
    private var delimiter: UInt8
    /// Fields of a row; 0 until the first one is known.
    private var width: Int
    private var isAtStart = true
    private var framing = LineFraming()
    package var linesRead = 0
    package private(set) var columnNames: [String]?

    package init(_ options: CSVOptions) {
        self.options = options
        delimiter = options.delimiter ?? .comma
        width = options.columnCount ?? 0
        isAtStart = options.delimiter == nil || options.header != .none
    }

    package mutating func parse(
        _ bytes: Span<UInt8>,
        isLast: Bool,
        limit: BatchLimit,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) -> Int {
        let end = try framing.wholeLines(in: bytes, isLast: isLast, line: linesRead + 1)
        var position = 0
        if isAtStart { try readStart(bytes, &position, end: end) }
        if batch.rowCount == 0 {
            batch.labelCount = options.labelCount
            batch.dense.columnCount = max(width - options.leading, 0)
        }
        try parseRows(bytes.extracting(..<end), &position, limit: limit, into: &batch)
        framing.use(position)
        return position
    }

    /// Learns the delimiter and the names from the first line that is not empty.
    private mutating func readStart(
        _ bytes: Span<UInt8>,
        _ position: inout Int,
        end: Int
    ) throws(DataFormatError) {
        while position < end, isLineBreak(bytes, &position) { linesRead += 1 }
        var lineEnd = position
        while lineEnd < end, bytes[lineEnd] != .lineFeed { lineEnd += 1 }
        guard lineEnd > position else { return }
        isAtStart = false
        var textEnd = lineEnd
        if bytes[textEnd - 1] == .carriageReturn { textEnd -= 1 }
        let line = bytes.extracting(position..<textEnd)
        if options.delimiter == nil { delimiter = CSVSniffer.delimiter(ofFirstLine: line) ?? .comma }
        let fields = CSVSniffer.fields(of: line, delimiter: delimiter)
        let namesColumns =
            switch options.header {
            case .none: false
            case .present: true
            case .detected: fields.contains { !CSVSniffer.isValue($0) }
            }
        guard namesColumns else { return }
        columnNames = fields
        if width == 0 { width = fields.count }
        guard fields.count == width else {
            throw DataFormatError(.raggedRow(expected: width, found: fields.count), line: linesRead + 1)
        }
        linesRead += 1
        position = min(lineEnd + 1, end)
    }

    /// Reads rows in place: appends to arrays that lie outside of the batch meanwhile.
    private mutating func parseRows(
        _ text: Span<UInt8>,
        _ position: inout Int,
        limit: BatchLimit,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) {
        var values = [Element]()
        swap(&values, &batch.dense.values)
        let room = BatchLimit(
            rows: limit.rows - batch.dense.rowCount,
            values: limit.values - values.count
        )
        var failure: DataFormatError?
        // Each value but the last is followed by at least one byte.
        values.append(addingCapacity: text.count - position + 1) { added in
            do throws(DataFormatError) {
                try parseRows(text, &position, room, into: &added, &batch)
            } catch { failure = error }
        }
        swap(&values, &batch.dense.values)
        batch.dense.columnCount = max(width - options.leading, 0)
        if let failure { throw failure }
    }

    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    private mutating func parseRows(
        _ text: Span<UInt8>,
        _ position: inout Int,
        _ room: BatchLimit,
        into values: inout OutputSpan<Element>,
        _ batch: inout RecordBatch<Element>
    ) throws(DataFormatError) {
        let (delimiter, end) = (delimiter, text.count)
        let (labelCount, leading) = (options.labelCount, options.leading)
        var (index, rows, line) = (position, 0, linesRead)
        defer {
            position = index
            batch.dense.rowCount += rows
            linesRead = line
        }
        while index < end, rows < room.rows, values.count < room.values {
            line &+= 1
            if isLineBreak(text, &index) { continue }
            var fields = 0
            var goesOn = true
            while goesOn, fields < leading {
                fields &+= 1
                if fields <= labelCount {
                    batch.labels.append(try value(text, &index, line: line, field: fields))
                } else {
                    batch.weights.append(try value(text, &index, line: line, field: fields))
                }
                goesOn = index < end && text[unchecked: index] == delimiter
                if goesOn { index &+= 1 }
            }
            while goesOn {
                fields &+= 1
                values.append(try value(text, &index, line: line, field: fields) as Element)
                goesOn = index < end && text[unchecked: index] == delimiter
                if goesOn { index &+= 1 }
            }
            guard isLineBreak(text, &index) || index == end else {
                preconditionFailure("a field ends at a delimiter or at the end of its line")
            }
            if fields != width {
                guard width == 0 else {
                    throw DataFormatError(.raggedRow(expected: width, found: fields), line: line)
                }
                guard fields > leading else {
                    throw DataFormatError(.noFeatures(columns: fields), line: line)
                }
                width = fields
            }
            rows &+= 1
        }
    }

    @inline(__always)
    private func value<Value: DataElement>(
        _ text: Span<UInt8>,
        _ position: inout Int,
        line: Int,
        field: Int
    ) throws(DataFormatError) -> Value {
        let start = position
        if let number = Value.scan(text, &position), endsField(text, position, delimiter) { return number }
        position = start
        return try unusualField(text, &position, line: line, field: field)
    }

    @inline(__always)
    private func endsField(_ text: Span<UInt8>, _ position: Int, _ delimiter: UInt8) -> Bool {
        guard position < text.count else { return true }
        let byte = text[unchecked: position]
        return byte == delimiter || byte == .lineFeed || (byte == .carriageReturn && isBreak(text, position))
    }

    /// Whether a line break (LF, CRLF, or a CR at the very end) starts at `position`.
    @inline(__always)
    private func isBreak(_ text: Span<UInt8>, _ position: Int) -> Bool {
        if text[unchecked: position] == .lineFeed { return true }
        guard text[unchecked: position] == .carriageReturn else { return false }
        return position + 1 == text.count || text[unchecked: position + 1] == .lineFeed
    }

    /// Moves behind the line break at `position`, if there is one.
    @inline(__always)
    private func isLineBreak(_ text: Span<UInt8>, _ position: inout Int) -> Bool {
        guard position < text.count, isBreak(text, position) else { return false }
        if text[unchecked: position] == .carriageReturn { position += 1 }
        if position < text.count { position += 1 }
        return true
    }

    /// A field that is not just a number: empty, padded, quoted, missing or infinite.
    @inline(never)
    private func unusualField<Value: DataElement>(
        _ text: Span<UInt8>,
        _ position: inout Int,
        line: Int,
        field: Int
    ) throws(DataFormatError) -> Value {
        if delimiter != .space, position < text.count, text[position] == .space {
            while position < text.count, text[position] == .space { position += 1 }
            let start = position
            if let number = Value.scan(text, &position), endsField(text, position, delimiter) {
                return number
            }
            position = start
        }
        let start = position
        var isQuoted = false
        var content = [UInt8]()
        while position < text.count {
            let byte = text[position]
            if byte == .quote {
                isQuoted.toggle()
            } else if isBreak(text, position) || (byte == delimiter && !isQuoted) {
                break
            } else if content.count < 64 {
                content.append(byte)
            }
            position += 1
        }
        guard !isQuoted else { throw DataFormatError(.unterminatedQuote, line: line, column: field) }
        let word = CSVSniffer.trimmed(content)
        var cursor = 0
        if !word.isEmpty, position - start <= 64, let number = Value.scan(word.span, &cursor),
            cursor == word.count
        {
            return number
        }
        let shown = String(decoding: word, as: UTF8.self)
        if CSVSniffer.isMissing(shown) {
            if let missing = Value.missing { return missing }
            throw DataFormatError(.missingValue(Value.type), line: line, column: field)
        }
        let number = NumberScanner.scanNonFinite(shown)
        if let number, let value = Value(converting: number) { return value }
        if number != nil || CSVSniffer.isValue(shown) {
            throw DataFormatError(.unrepresentable(shortened(shown), Value.type), line: line, column: field)
        }
        throw DataFormatError(.notANumber(shortened(shown)), line: line, column: field)
    }
}
