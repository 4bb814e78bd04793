/// A document that is not well-formed, or that uses what a request has no business using.
package struct MalformedXML: Error, Equatable, CustomStringConvertible {
    package let reason: String
    /// Byte offset in the document.
    package let offset: Int

    package var description: String { "\(reason) at byte \(offset)" }
}

extension XMLElement {
    /// Reads a document strictly.
    ///
    /// Accepts the declaration, comments, processing instructions and CDATA; refuses document types, entities
    /// beyond the five predefined ones and character references, duplicate attributes, and text outside the
    /// root.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, with or without a byte order mark.
    ///   - maximumDepth: Deepest nesting of elements.
    ///   - maximumBytes: Longest document.
    /// - Returns: The root element.
    /// - Throws: `MalformedXML`.
    package static func parse(
        _ bytes: some Collection<UInt8>,
        maximumDepth: Int = 32,
        maximumBytes: Int = 16 << 20
    ) throws(MalformedXML) -> XMLElement {
        guard bytes.count <= maximumBytes else {
            throw MalformedXML(
                reason: "The document is longer than \(maximumBytes) bytes",
                offset: maximumBytes
            )
        }
        var parser = XMLDocumentParser(Array(bytes), maximumDepth: maximumDepth)
        return try parser.document()
    }
}

/// A cursor over the bytes of one document.
private struct XMLDocumentParser {
    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var position = 0

    init(_ bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(MalformedXML) -> XMLElement {
        if starts(with: "\u{FEFF}") { position += 3 }
        try skipMisc()
        guard starts(with: "<") else { throw failure("The root element is missing") }
        let root = try element(depth: 1)
        try skipMisc()
        guard position == bytes.count else { throw failure("There is something after the root element") }
        return root
    }

    // MARK: Elements

    private mutating func element(depth: Int) throws(MalformedXML) -> XMLElement {
        guard depth <= maximumDepth else { throw failure("Elements are nested too deeply") }
        position += 1
        let qualifiedName = try name()
        var element = XMLElement(local(qualifiedName), attributes: try attributes())
        if skip("/>") { return element }
        guard skip(">") else { throw failure("A start tag does not end") }
        var text: [UInt8] = []
        while true {
            guard position < bytes.count else { throw failure("The element <\(qualifiedName)> does not end") }
            if skip("</") {
                guard try name() == qualifiedName else {
                    throw failure("An end tag does not match its start tag")
                }
                skipSpace()
                guard skip(">") else { throw failure("An end tag does not end") }
                element.text = try string(text)
                return element
            } else if skip("<![CDATA[") {
                text.append(contentsOf: normalizingLines(try bytes(upTo: "]]>")))
            } else if skip("<!--") {
                _ = try bytes(upTo: "-->")
            } else if skip("<?") {
                _ = try bytes(upTo: "?>")
            } else if bytes[position] == UInt8(ascii: "<") {
                element.children.append(try self.element(depth: depth + 1))
            } else {
                try characterData(until: UInt8(ascii: "<"), into: &text)
            }
        }
    }

    private mutating func attributes() throws(MalformedXML) -> [XMLAttribute] {
        var attributes: [XMLAttribute] = []
        var seen: Set<String> = []
        while true {
            let before = position
            skipSpace()
            guard let next = peek, next != UInt8(ascii: "/"), next != UInt8(ascii: ">") else {
                return attributes
            }
            guard position > before else { throw failure("Attributes are not separated by a space") }
            let name = try name()
            skipSpace()
            guard skip("=") else { throw failure("The attribute \(name) has no value") }
            skipSpace()
            guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                throw failure("The value of \(name) is not quoted")
            }
            position += 1
            var value: [UInt8] = []
            try characterData(until: quote, into: &value)
            guard peek == quote else { throw failure("The value of \(name) does not end") }
            position += 1
            guard seen.insert(name).inserted else { throw failure("The attribute \(name) occurs twice") }
            guard name != "xmlns", !name.hasPrefix("xmlns:") else { continue }
            attributes.append(XMLAttribute(local(name), try string(value)))
        }
    }

    /// An XML name, restricted to the characters that AWS documents use: ASCII letters, digits, `_ - . :`,
    /// and any non-ASCII character.
    private mutating func name() throws(MalformedXML) -> String {
        let start = position
        while let byte = peek, isNameByte(byte) { position += 1 }
        guard let first = bytes[start..<position].first, !isDigitOrPunctuation(first) else {
            throw failure("A name is missing")
        }
        return try string(bytes[start..<position])
    }

    private func local(_ name: String) -> String {
        guard let colon = name.firstIndex(of: ":") else { return name }
        return String(name[name.index(after: colon)...])
    }

    // MARK: Text

    /// Reads text and references up to `end`, which stays unread.
    private mutating func characterData(until end: UInt8, into text: inout [UInt8]) throws(MalformedXML) {
        while let byte = peek, byte != end {
            switch byte {
            case UInt8(ascii: "&"):
                try reference(into: &text)
            case UInt8(ascii: "<"):
                throw failure("'<' stands inside an attribute value")
            case UInt8(ascii: "\r"):
                text.append(UInt8(ascii: "\n"))
                position += 1
                if peek == UInt8(ascii: "\n") { position += 1 }
            case 0..<0x20 where byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\t"):
                throw failure("A control character stands in the text")
            default:
                text.append(byte)
                position += 1
            }
        }
    }

    private mutating func reference(into text: inout [UInt8]) throws(MalformedXML) {
        let window = bytes[position..<min(position + 12, bytes.count)]
        guard let end = window.firstIndex(of: UInt8(ascii: ";")) else {
            throw failure("A reference does not end")
        }
        let body = try string(bytes[position + 1..<end])
        guard let scalar = scalar(ofReference: body) else {
            throw failure("The reference '&\(body);' is unknown")
        }
        text.append(contentsOf: String(Character(scalar)).utf8)
        position = end + 1
    }

    private func scalar(ofReference body: String) -> Unicode.Scalar? {
        switch body {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard body.hasPrefix("#") else { return nil }
            let hexadecimal = body.hasPrefix("#x")
            let digits = body.dropFirst(hexadecimal ? 2 : 1)
            guard let first = digits.first, first.isHexDigit,
                let value = UInt32(digits, radix: hexadecimal ? 16 : 10), value > 0
            else { return nil }
            return Unicode.Scalar(value)
        }
    }

    private func normalizingLines(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for (index, byte) in text.enumerated() {
            if byte != UInt8(ascii: "\r") {
                result.append(byte)
            } else if index + 1 == text.count || text[index + 1] != UInt8(ascii: "\n") {
                result.append(UInt8(ascii: "\n"))
            }
        }
        return result
    }

    // MARK: Cursor

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func starts(with text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private mutating func skip(_ text: String) -> Bool {
        guard starts(with: text) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Skips white space, comments and processing instructions.
    private mutating func skipMisc() throws(MalformedXML) {
        while true {
            skipSpace()
            if skip("<!--") {
                _ = try bytes(upTo: "-->")
            } else if skip("<?") {
                _ = try bytes(upTo: "?>")
            } else if starts(with: "<!") {
                throw failure("Document types are not accepted")
            } else {
                return
            }
        }
    }

    /// The bytes before `end`, which is skipped too.
    private mutating func bytes(upTo end: String) throws(MalformedXML) -> [UInt8] {
        let start = position
        while position < bytes.count {
            if starts(with: end) {
                let found = Array(bytes[start..<position])
                position += end.utf8.count
                return found
            }
            position += 1
        }
        throw failure("'\(end)' is missing")
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: ":"), 0x80...0xFF:
            true
        default: isDigitOrPunctuation(byte)
        }
    }

    private func isDigitOrPunctuation(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }

    private func string(_ bytes: some Sequence<UInt8>) throws(MalformedXML) -> String {
        guard let text = String(validating: Array(bytes), as: UTF8.self) else {
            throw failure("The text is not UTF-8")
        }
        return text
    }

    private func failure(_ reason: String) -> MalformedXML { MalformedXML(reason: reason, offset: position) }
}
