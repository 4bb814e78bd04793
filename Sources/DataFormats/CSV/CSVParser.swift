/// Numbers separated by a delimiter, one row per line (RFC 4180 for quotes, CRLF and line breaks within quotes).
///
/// An empty field, `nan`, `na`, `n/a` and `null` (in any case) are missing values; an empty line is no row. Quotes may
/// stand around a number, and blanks beside it; a line break within quotes is such a blank.
package struct CSVParser<Element: DataElement>: LineParser {
    private let options: CSVOptions
    private var delimiter: UInt8
    /// Fields of a row; 0 until the first one is known.
    private var width: Int
    private var isAtStart = true
    private var framing = LineFraming()
    private var openQuote: OpenQuote?
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
        let text = bytes.extracting(..<end)
        guard try mayGoOn(in: text, isLast: isLast) else { return 0 }
        var position = 0
        do throws(DataFormatError) {
            if isAtStart { try readStart(text, &position, isLast: isLast) }
            if batch.rowCount == 0 {
                batch.labelCount = options.labelCount
                batch.dense.columnCount = max(width - options.leading, 0)
            }
            try parseRows(text, &position, limit: limit, into: &batch)
        } catch {
            guard error.reason == .unclosedQuote, !isLast, end - position <= LineLimit.longest else {
                throw error
            }
            // The row begins again when more of it has come.
            openQuote = OpenQuote(
                line: error.number - linesRead,
                column: error.column,
                searched: end - position
            )
            batch.dropUnfinishedRow(options)
        }
        framing.use(position)
        return position
    }

    /// A quoted field that begins a row which has not come whole.
    private struct OpenQuote {
        /// Of the row, counted from 1.
        let line: Int
        let column: Int?
        /// Bytes of the row that do not close it.
        var searched: Int
    }

    /// Whether there is something new to be read: false while a quoted field is known to go on.
    private mutating func mayGoOn(in text: Span<UInt8>, isLast: Bool) throws(DataFormatError) -> Bool {
        guard var open = openQuote, !isLast else { return true }
        while open.searched < text.count, text[unchecked: open.searched] != .quote { open.searched += 1 }
        guard open.searched == text.count else {
            openQuote = nil
            return true
        }
        openQuote = open
        guard open.searched <= LineLimit.longest else {
            throw DataFormatError(.unclosedQuote, line: linesRead + open.line, column: open.column)
        }
        return false
    }

    /// Learns the delimiter and the names from the first row.
    private mutating func readStart(
        _ text: Span<UInt8>,
        _ position: inout Int,
        isLast: Bool
    ) throws(DataFormatError) {
        while position < text.count, isLineBreak(text, &position) { linesRead += 1 }
        guard position < text.count else { return }
        var rowEnd = try self.rowEnd(of: text.extracting(position...), options.delimiter, isLast: isLast)
        if options.delimiter == nil {
            let row = text.extracting(position..<(position + rowEnd))
            delimiter = CSVSniffer.delimiter(ofFirstLine: row) ?? .comma
            rowEnd = try self.rowEnd(of: text.extracting(position...), delimiter, isLast: isLast)
        }
        isAtStart = false
        var row = text.extracting(position..<(position + rowEnd))
        if row[row.count - 1] == .carriageReturn { row = row.extracting(droppingLast: 1) }
        let fields = CSVSniffer.fields(of: row, delimiter: delimiter)
        let namesColumns =
            switch options.header {
            case .none: false
            case .present: true
            // A row with one wrong value is not to be taken for names: it would be lost without a word.
            case .detected:
                fields.contains { !CSVSniffer.isValue($0) } && !fields.contains(where: CSVSniffer.isNumber)
            }
        guard namesColumns else { return }
        columnNames = fields
        if width == 0 { width = fields.count }
        guard fields.count == width else {
            throw DataFormatError(.raggedRow(expected: width, found: fields.count), line: linesRead + 1)
        }
        for index in row.indices where row[index] == .lineFeed { linesRead += 1 }
        linesRead += 1
        position = min(position + rowEnd + 1, text.count)
    }

    /// Where the row at the start of `text` ends.
    ///
    /// That is its line where every line is a row; and for a look at the delimiter where a quote is never closed.
    private func rowEnd(
        of text: Span<UInt8>,
        _ delimiter: UInt8?,
        isLast: Bool
    ) throws(DataFormatError) -> Int {
        if options.lineBreaks == .allowed {
            if let end = CSVSniffer.rowEnd(of: text, delimiter: delimiter) { return end }
            guard isLast, delimiter == nil else {
                let column = delimiter.map { CSVSniffer.fields(of: text, delimiter: $0).count }
                throw DataFormatError(.unclosedQuote, line: linesRead + 1, column: column)
            }
        }
        var end = 0
        while end < text.count, text[end] != .lineFeed { end += 1 }
        return end
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
        defer { batch.dense.rowCount += rows }
        while index < end, rows < room.rows, values.count < room.values {
            (position, linesRead) = (index, line)
            line &+= 1
            if isLineBreak(text, &index) { continue }
            let first = line
            var fields = 0
            var goesOn = true
            while goesOn, fields < leading {
                fields &+= 1
                if fields <= labelCount {
                    batch.labels.append(try value(text, &index, &line, field: fields))
                } else {
                    batch.weights.append(try value(text, &index, &line, field: fields))
                }
                goesOn = index < end && text[unchecked: index] == delimiter
                if goesOn { index &+= 1 }
            }
            while goesOn {
                fields &+= 1
                // Written out here and not as a call: the way from one field to the next must stay in registers.
                var next = index
                if let number = Element.scan(text, &next), endsField(text, next, delimiter) {
                    values.append(number)
                    index = next
                } else {
                    values.append(try unusualField(text, &index, &line, field: fields))
                }
                goesOn = index < end && text[unchecked: index] == delimiter
                if goesOn { index &+= 1 }
            }
            guard isLineBreak(text, &index) || index == end else {
                preconditionFailure("a field ends at a delimiter or at the end of its line")
            }
            if fields != width {
                guard width == 0 else {
                    throw DataFormatError(.raggedRow(expected: width, found: fields), line: first)
                }
                guard fields > leading else {
                    throw DataFormatError(.noFeatures(columns: fields), line: first)
                }
                width = fields
            }
            rows &+= 1
        }
        (position, linesRead) = (index, line)
    }

    @inline(__always)
    private func value<Value: DataElement>(
        _ text: Span<UInt8>,
        _ position: inout Int,
        _ line: inout Int,
        field: Int
    ) throws(DataFormatError) -> Value {
        let start = position
        if let number = Value.scan(text, &position), endsField(text, position, delimiter) { return number }
        position = start
        return try unusualField(text, &position, &line, field: field)
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
        _ lastLine: inout Int,
        field: Int
    ) throws(DataFormatError) -> Value {
        let line = lastLine
        if delimiter != .space, position < text.count, text[position] == .space {
            while position < text.count, text[position] == .space { position += 1 }
            let start = position
            if let number = Value.scan(text, &position), endsField(text, position, delimiter) {
                return number
            }
            position = start
        }
        var quotes = CSVQuotes()
        var word = FieldText()
        while position < text.count {
            let byte = text[position]
            if isBreak(text, position) {
                guard quotes.isOpen, options.lineBreaks == .allowed else { break }
                if byte == .lineFeed { lastLine += 1 }
            } else if byte == delimiter, !quotes.isOpen {
                break
            }
            if quotes.take(byte) { word.append(byte, isQuoted: quotes.isOpen) }
            position += 1
        }
        guard !quotes.isOpen else {
            let reason: DataFormatError.Reason =
                options.lineBreaks == .allowed ? .unclosedQuote : .unterminatedQuote
            throw DataFormatError(reason, line: line, column: field)
        }
        let shown = String(decoding: word.bytes, as: UTF8.self)
        guard !word.isCut else {
            throw DataFormatError(.notANumber(shortened(shown)), line: line, column: field)
        }
        var cursor = 0
        if !word.bytes.isEmpty, let number = Value.scan(word.bytes.span, &cursor), cursor == word.bytes.count
        {
            return number
        }
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

extension RecordBatch {
    /// Takes back what was read of a row that has not come whole.
    fileprivate mutating func dropUnfinishedRow(_ options: CSVOptions) {
        labels.removeLast(labels.count - rowCount * options.labelCount)
        if options.weights == .afterLabels { weights.removeLast(weights.count - rowCount) }
        dense.values.removeLast(dense.values.count - rowCount * dense.columnCount)
    }
}

/// The content of a field without the blanks around it.
private struct FieldText {
    private(set) var bytes: [UInt8] = []
    /// Whether something that no number has is left out.
    private(set) var isCut = false
    private var blanks = 0

    /// Longer texts are no numbers.
    private static let longest = 1024

    mutating func append(_ byte: UInt8, isQuoted: Bool) {
        let isLineBreak = byte == .lineFeed || byte == .carriageReturn
        guard byte != .space, byte != .tab, !(isLineBreak && isQuoted) else {
            blanks += 1
            return
        }
        guard bytes.count < Self.longest else {
            isCut = true
            return
        }
        if !bytes.isEmpty { bytes += repeatElement(.space, count: min(blanks, 8)) }
        blanks = 0
        bytes.append(byte)
    }
}
