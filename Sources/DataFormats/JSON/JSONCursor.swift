/// A position in JSON text (RFC 8259) that is there as a whole.
struct JSONCursor {
    /// Text that is no JSON, or not of the expected form, in words.
    struct Malformed: Error {
        let text: String
    }

    var position = 0
    /// Nesting beyond this is refused.
    static var deepest: Int { 64 }

    mutating func skipBlanks(in text: Span<UInt8>) {
        while position < text.count, Self.isBlank(text[unchecked: position]) { position += 1 }
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == .space || byte == .lineFeed || byte == .carriageReturn || byte == .tab
    }

    /// The next byte that is no blank; nil at the end.
    mutating func peek(in text: Span<UInt8>) -> UInt8? {
        skipBlanks(in: text)
        return position < text.count ? text[position] : nil
    }

    /// Moves behind `byte`, if it comes next.
    mutating func skip(_ byte: UInt8, in text: Span<UInt8>) -> Bool {
        guard peek(in: text) == byte else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8, in text: Span<UInt8>) throws(Malformed) {
        guard skip(byte, in: text) else {
            throw Malformed(
                text: "'\(String(decoding: [byte], as: UTF8.self))' is missing at '\(excerpt(of: text))'"
            )
        }
    }

    /// A string, as far as it is good for a comparison: escapes other than `\"`, `\\`, `\/` stay as they are written.
    mutating func string(in text: Span<UInt8>) throws(Malformed) -> String {
        try expect(.quote, in: text)
        var bytes: [UInt8] = []
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == .quote { return String(decoding: bytes, as: UTF8.self) }
            guard byte >= 0x20 else { throw Malformed(text: "a string has a control character inside") }
            if byte == .backslash {
                guard position < text.count else { break }
                let escaped = text[position]
                position += 1
                if escaped != .quote, escaped != .backslash, escaped != 0x2F { bytes.append(byte) }
                bytes.append(escaped)
            } else {
                bytes.append(byte)
            }
        }
        throw Malformed(text: "a string is not closed")
    }

    /// Skips a value of any kind.
    mutating func skipValue(in text: Span<UInt8>) throws(Malformed) {
        var open: [UInt8] = []
        repeat {
            guard let byte = peek(in: text) else { throw Malformed(text: "the text ends inside a value") }
            switch byte {
            case .quote: _ = try string(in: text)
            case .openBrace, .openBracket:
                guard open.count < Self.deepest else { throw Malformed(text: "values are nested too deeply") }
                open.append(byte + 2)
                position += 1
                continue
            case .closeBrace, .closeBracket:
                guard open.popLast() == byte else {
                    throw Malformed(text: "a bracket is missing at '\(excerpt(of: text))'")
                }
                position += 1
            case .comma, .colon:
                guard !open.isEmpty else {
                    throw Malformed(text: "a value is missing at '\(excerpt(of: text))'")
                }
                position += 1
                continue
            default: skipWord(in: text)
            }
        } while !open.isEmpty
    }

    /// The text from here on, shortened.
    func excerpt(of text: Span<UInt8>) -> String {
        let end = min(text.count, position + 60)
        guard position < end else { return "" }
        return shortened(
            text.extracting(position..<end).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        )
    }

    /// The next byte, for messages that do not depend on how much of the text has arrived.
    func byte(of text: Span<UInt8>) -> String {
        let byte = text[position]
        return byte >= 0x20 && byte < 0x7F ? String(decoding: [byte], as: UTF8.self) : "byte \(byte)"
    }

    /// Moves to the end of a number or literal.
    mutating func skipWord(in text: Span<UInt8>) {
        while position < text.count {
            switch text[position] {
            case .comma, .closeBrace, .closeBracket, .space, .lineFeed, .carriageReturn, .tab, .colon, .quote,
                .openBrace, .openBracket:
                return
            default: position += 1
            }
        }
    }
}

extension UInt8 {
    static var backslash: UInt8 { 0x5C }
    static var openBrace: UInt8 { 0x7B }
    static var closeBrace: UInt8 { 0x7D }
    static var openBracket: UInt8 { 0x5B }
    static var closeBracket: UInt8 { 0x5D }
}
