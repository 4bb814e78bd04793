extension XMLElement {
    /// A whole document in UTF-8: the XML declaration, then this element as the root.
    ///
    /// The namespace is declared as the root's default; S3's `<Error>` has none.
    package func document(namespace: String? = nil) -> [UInt8] {
        var writer = XMLWriter()
        writer.raw(#"<?xml version="1.0" encoding="UTF-8"?>"# + "\n")
        writer.write(self, namespace: namespace)
        return writer.bytes
    }
}

/// Appends elements to a byte buffer.
private struct XMLWriter {
    var bytes: [UInt8] = []

    mutating func write(_ element: XMLElement, namespace: String?) {
        raw("<")
        raw(element.name)
        if let namespace { attribute("xmlns", namespace) }
        for item in element.attributes { attribute(item.name, item.value) }
        if element.text.isEmpty, element.children.isEmpty {
            raw("/>")
            return
        }
        raw(">")
        escaped(element.text, keepingLines: true)
        for child in element.children { write(child, namespace: nil) }
        raw("</")
        raw(element.name)
        raw(">")
    }

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func attribute(_ name: String, _ value: String) {
        raw(" ")
        raw(name)
        raw("=\"")
        escaped(value, keepingLines: false)
        raw("\"")
    }

    /// Writes character data.
    ///
    /// A reader turns a bare carriage return into a line feed, so it is written as a reference. Other control
    /// characters have no legal form in XML 1.0; a reference is what S3 writes for a key that holds one
    /// (clients ask for `encoding-type=url` to avoid it).
    private mutating func escaped(_ text: String, keepingLines: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): raw("&amp;")
            case UInt8(ascii: "<"): raw("&lt;")
            case UInt8(ascii: ">"): raw("&gt;")
            case UInt8(ascii: "\""): raw("&quot;")
            case UInt8(ascii: "\n") where keepingLines, UInt8(ascii: "\t") where keepingLines:
                bytes.append(byte)
            case 0..<0x20: raw("&#\(byte);")
            default: bytes.append(byte)
            }
        }
    }
}
