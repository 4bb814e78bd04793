/// Numbers separated by a delimiter, one row per line, no header (RFC 4180 for quotes and CRLF).
///
/// An empty field is a missing value (NaN), an empty line is no row. Quotes may stand around a number.
package struct CSVFormat: RecordFormat, Equatable {
    package var delimiter: UInt8
    /// Fields that every row must have; nil takes the first row of each block as the measure.
    package var columnCount: Int?

    package init(delimiter: UInt8 = 0x2C, columnCount: Int? = nil) {
        self.delimiter = delimiter
        self.columnCount = columnCount
    }

    package func parse(_ lines: Span<UInt8>) throws(DataFormatError) -> ParsedLines<DenseRows> {
        var width = columnCount ?? 0
        var lineCount = 0
        // Each value but the last of a block is followed by at least one byte.
        let values = try [Float](capacity: lines.count + 1) { values throws(DataFormatError) in
            lineCount = try parseRows(lines, width: &width, into: &values)
        }
        return ParsedLines(
            batch: values.isEmpty ? DenseRows() : DenseRows(values: values, columnCount: width),
            lineCount: lineCount
        )
    }

    /// - Returns: Number of lines.
    private func parseRows(
        _ text: Span<UInt8>,
        width: inout Int,
        into values: inout OutputSpan<Float>
    ) throws(DataFormatError) -> Int {
        let delimiter = delimiter
        let mayPad = delimiter != .space
        let end = text.count
        var position = 0
        var line = 0
        while position < end {
            line += 1
            if isLineBreak(text, &position) { continue }
            var fields = 0
            while true {
                fields += 1
                if mayPad {
                    while position < end, text[unchecked: position] == .space { position += 1 }
                }
                let fieldStart = position
                if let number = NumberScanner.scan(text, &position), endsField(text, position) {
                    values.append(number)
                } else {
                    position = fieldStart
                    values.append(try unusualField(text, &position, line: line, field: fields))
                }
                guard position < end, text[unchecked: position] == delimiter else {
                    break
                }
                position += 1
            }
            guard isLineBreak(text, &position) || position == end else {
                preconditionFailure("a field ends at a delimiter or at the end of its line")
            }
            if width == 0 { width = fields }
            guard fields == width else {
                throw DataFormatError(.raggedRow(expected: width, found: fields), line: line)
            }
        }
        return line
    }

    @inline(__always)
    private func endsField(_ text: Span<UInt8>, _ position: Int) -> Bool {
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

    /// A field that is not just a number: empty, padded, quoted, NaN or infinite.
    @inline(never)
    private func unusualField(
        _ text: Span<UInt8>,
        _ position: inout Int,
        line: Int,
        field: Int
    ) throws(DataFormatError) -> Float {
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
        guard !isQuoted else { throw DataFormatError(.unterminatedQuote, line: line, field: field) }
        let word = trimmed(content)
        if word.isEmpty { return .nan }
        var cursor = 0
        if position - start <= 64, let number = NumberScanner.scan(word.span, &cursor), cursor == word.count {
            return number
        }
        let shown = String(decoding: word, as: UTF8.self)
        if let number = NumberScanner.scanNonFinite(shown) { return number }
        throw DataFormatError(.notANumber(shortened(shown)), line: line, field: field)
    }

    private func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        func isBlank(_ byte: UInt8) -> Bool { byte == .space || byte == .tab }
        guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return [] }
        return Array(bytes[...last].drop(while: isBlank))
    }
}

/// At most 40 characters of a text from outside, without control characters, for messages.
func shortened(_ text: String) -> String {
    let visible = String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F })
    return visible.count <= 40 ? visible : visible.prefix(37) + "..."
}

extension UInt8 {
    static var tab: UInt8 { 0x09 }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var space: UInt8 { 0x20 }
    static var quote: UInt8 { 0x22 }
}
