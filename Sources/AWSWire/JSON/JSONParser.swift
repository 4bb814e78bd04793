/// Bytes that are not a JSON document.
package struct MalformedJSON: Error {
    /// Without a full stop.
    package let reason: String
    /// Byte offset in the document.
    package let offset: Int
}

/// Reads JSON (RFC 8259) into a tree: strictly, in one pass, with bounded nesting.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Deeper than any shape; a request that nests deeper only wants to exhaust the stack.
    private static let maximumDepth = 64

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(MalformedJSON) -> WireValue {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw failure("There is something after the document") }
        return value
    }

    private mutating func value() throws(MalformedJSON) -> WireValue {
        skipSpace()
        guard let first = peek else { throw failure("The document ends early") }
        switch first {
        case UInt8(ascii: "{"): return try nested(object)
        case UInt8(ascii: "["): return try nested(list)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("A value is missing")
        }
    }

    private mutating func nested(
        _ read: (inout JSONParser) throws(MalformedJSON) -> WireValue
    ) throws(MalformedJSON) -> WireValue {
        depth += 1
        guard depth <= Self.maximumDepth else { throw failure("Values are nested too deeply") }
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private var object: (inout JSONParser) throws(MalformedJSON) -> WireValue {
        { (parser) throws(MalformedJSON) in
            var members = WireMembers()
            parser.skipSpace()
            if parser.skip("}") { return .structure(members) }
            while true {
                parser.skipSpace()
                guard parser.peek == UInt8(ascii: "\"") else { throw parser.failure("A member has no name") }
                let name = try parser.string()
                parser.skipSpace()
                guard parser.skip(":") else { throw parser.failure("A member has no value") }
                members[name] = try parser.value()
                parser.skipSpace()
                if parser.skip("}") { return .structure(members) }
                guard parser.skip(",") else { throw parser.failure("An object does not end") }
            }
        }
    }

    private var list: (inout JSONParser) throws(MalformedJSON) -> WireValue {
        { (parser) throws(MalformedJSON) in
            var items: [WireValue] = []
            parser.skipSpace()
            if parser.skip("]") { return .list(items) }
            while true {
                items.append(try parser.value())
                parser.skipSpace()
                if parser.skip("]") { return .list(items) }
                guard parser.skip(",") else { throw parser.failure("A list does not end") }
            }
        }
    }

    private mutating func literal(_ text: String, _ value: WireValue) throws(MalformedJSON) -> WireValue {
        guard skip(text) else { throw failure("A value is missing") }
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(MalformedJSON) -> WireValue {
        let start = position
        _ = skip("-")
        if !skip("0"), !skipDigits() { throw failure("A number has no digits") }
        var isInteger = true
        if skip(".") {
            isInteger = false
            guard skipDigits() else { throw failure("A number has no digits after the point") }
        }
        if skip("e") || skip("E") {
            isInteger = false
            if !skip("+") { _ = skip("-") }
            guard skipDigits() else { throw failure("A number has no exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw failure("A number is too large") }
        return .number(number)
    }

    private mutating func skipDigits() -> Bool {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position > start
    }

    // MARK: Strings

    private mutating func string() throws(MalformedJSON) -> String {
        position += 1
        let start = position
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            position += 1
        }
        // Nearly all strings hold no escape: they are taken as they stand.
        guard peek != UInt8(ascii: "\"") else {
            let text = try validated(bytes[start..<position])
            position += 1
            return text
        }
        var text = Array(bytes[start..<position])
        while true {
            guard let byte = peek else { throw failure("A string does not end") }
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try validated(text[...])
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw failure("A control character stands in a string")
            default: text.append(byte)
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(MalformedJSON) {
        guard let byte = peek else { throw failure("A string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try scalar())).utf8)
        default: throw failure("An escape is unknown")
        }
    }

    /// What follows `\u`; a character beyond the first plane is two of them.
    private mutating func scalar() throws(MalformedJSON) -> Unicode.Scalar {
        var value = try codeUnit()
        if UTF16.isLeadSurrogate(value.codeUnit), skip("\\u") {
            let trail = try codeUnit()
            guard UTF16.isTrailSurrogate(trail.codeUnit) else { throw failure("Half a character is missing") }
            value = 0x10000 + (value & 0x3FF) << 10 + trail & 0x3FF
        }
        guard let scalar = Unicode.Scalar(value) else { throw failure("Half a character is missing") }
        return scalar
    }

    private mutating func codeUnit() throws(MalformedJSON) -> UInt32 {
        let digits = bytes[position..<min(position + 4, bytes.count)]
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw failure("An escape has no four digits") }
        position += 4
        return value
    }

    private func validated(_ bytes: ArraySlice<UInt8>) throws(MalformedJSON) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw failure("A string is not UTF-8")
        }
        return text
    }

    // MARK: Cursor

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func failure(_ reason: String) -> MalformedJSON {
        MalformedJSON(reason: reason, offset: position)
    }
}

extension UInt32 {
    /// As a UTF-16 code unit; it came from four hexadecimal digits.
    fileprivate var codeUnit: UInt16 { UInt16(truncatingIfNeeded: self) }
}
