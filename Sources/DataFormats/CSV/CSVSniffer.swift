/// Finds out how a CSV text is delimited from its first line.
package enum CSVSniffer {
    /// Delimiters that are looked for, the likelier first.
    package static let candidates: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C, 0x3A, 0x20]

    /// The delimiter that cuts `line` into numbers.
    ///
    /// If none does, the first candidate that occurs at all, so that the parser can say which field is wrong. Nil if
    /// the line holds no candidate.
    package static func delimiter(ofFirstLine line: Span<UInt8>) -> UInt8? {
        var occurring: UInt8?
        for candidate in candidates where contains(candidate, in: line) {
            if occurring == nil { occurring = candidate }
            if fields(of: line, delimiter: candidate).allSatisfy(isValue) { return candidate }
        }
        return occurring
    }

    /// Number of columns in `line` as `delimiter` cuts it.
    package static func columnCount(ofFirstLine line: Span<UInt8>, delimiter: UInt8) -> Int {
        fields(of: line, delimiter: delimiter).count
    }

    /// The fields of a row, without their quotes and the blanks around them.
    static func fields(of row: Span<UInt8>, delimiter: UInt8) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var quotes = CSVQuotes()
        for index in row.indices {
            let byte = row[index]
            if byte == delimiter, !quotes.isOpen {
                fields.append(String(decoding: trimmed(field), as: UTF8.self))
                (field, quotes) = ([], CSVQuotes())
            } else if quotes.take(byte), quotes.isOpen || (byte != .carriageReturn && byte != .lineFeed) {
                field.append(byte)
            }
        }
        return fields + [String(decoding: trimmed(field), as: UTF8.self)]
    }

    /// Where the first row of a text ends: the place of its line feed, or the text's end.
    ///
    /// - Parameters:
    ///   - text: Its first byte begins the row.
    ///   - delimiter: nil takes every candidate for one.
    /// - Returns: nil if the text ends within quotes.
    static func rowEnd(of text: Span<UInt8>, delimiter: UInt8?) -> Int? {
        var quotes = CSVQuotes()
        for index in text.indices {
            let byte = text[index]
            if !quotes.isOpen {
                if byte == .lineFeed { return index }
                if delimiter.map({ $0 == byte }) ?? candidates.contains(byte) {
                    quotes = CSVQuotes()
                    continue
                }
            }
            _ = quotes.take(byte)
        }
        return quotes.isOpen ? nil : text.count
    }

    /// Whether a field's text is a number or a missing value.
    static func isValue(_ text: String) -> Bool {
        isMissing(text) || NumberScanner.scanNonFinite(text) != nil || isNumber(text)
    }

    /// Whether a field's text is a number of digits.
    static func isNumber(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var position = 0
        return NumberScanner.scanDouble(bytes.span, &position) != nil && position == bytes.count
    }

    /// Whether a field's text stands for a missing value.
    static func isMissing(_ text: String) -> Bool {
        text.isEmpty || ["nan", "na", "n/a", "null"].contains(text.lowercased())
    }

    /// Without the blanks at both ends.
    static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        func isBlank(_ byte: UInt8) -> Bool { byte == .space || byte == .tab }
        guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return [] }
        return Array(bytes[...last].drop(while: isBlank))
    }

    /// Outside quotes and not only as padding at the ends.
    private static func contains(_ candidate: UInt8, in line: Span<UInt8>) -> Bool {
        var quotes = CSVQuotes()
        var sawField = false
        for index in line.indices {
            let byte = line[index]
            _ = quotes.take(byte)
            if byte == candidate, !quotes.isOpen {
                guard candidate == .space else { return true }
                if sawField, index + 1 < line.count, line[index + 1] > .space { return true }
                quotes = CSVQuotes()
            } else if byte > .space {
                sawField = true
            }
        }
        return false
    }
}
