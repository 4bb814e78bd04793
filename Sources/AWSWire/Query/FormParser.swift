/// Reads an `application/x-www-form-urlencoded` body into a tree: `A.member.1.B=c` becomes nested structures.
enum FormParser {
    /// Deeper than any shape of the query services.
    private static let maximumDepth = 32
    /// More fields than any call has; each costs a few nodes.
    private static let maximumFields = 10_000

    /// A form that cannot be read.
    struct Malformed: Error {
        let reason: String
    }

    static func parse(_ bytes: [UInt8]) throws(Malformed) -> WireValue {
        let fields = bytes.split(separator: UInt8(ascii: "&"))
        guard fields.count <= maximumFields else { throw Malformed(reason: "The form has too many fields") }
        let root = Node()
        for field in fields {
            let equals = field.firstIndex(of: UInt8(ascii: "=")) ?? field.endIndex
            let name = try text(field[..<equals])
            let value = try text(equals < field.endIndex ? field[(equals + 1)...] : [])
            let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard path.count <= maximumDepth else {
                throw Malformed(reason: "The field '\(name)' is nested too deeply")
            }
            root.place(path[...]).text = value
        }
        return root.value
    }

    private static func text(_ field: ArraySlice<UInt8>) throws(Malformed) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(field.count)
        var index = field.startIndex
        while index < field.endIndex {
            switch field[index] {
            case UInt8(ascii: "+"):
                decoded.append(0x20)
            case UInt8(ascii: "%"):
                guard index + 2 < field.endIndex, let high = digit(field[index + 1]),
                    let low = digit(field[index + 2])
                else { throw Malformed(reason: "A '%' is not followed by two hexadecimal digits") }
                decoded.append(high << 4 | low)
                index += 2
            case let byte:
                decoded.append(byte)
            }
            index += 1
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw Malformed(reason: "A field is not UTF-8")
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8(truncatingIfNeeded: $0) }
    }

    /// A place in the tree: a field's text, or fields below it (which win if a form has both).
    private final class Node {
        var text: String?
        private var names: [String] = []
        private var children: [String: Node] = [:]

        func place(_ path: ArraySlice<String>) -> Node {
            guard let name = path.first else { return self }
            if let child = children[name] { return child.place(path.dropFirst()) }
            let child = Node()
            names.append(name)
            children[name] = child
            return child.place(path.dropFirst())
        }

        var value: WireValue {
            if children.isEmpty, let text { return .string(text) }
            var members = WireMembers()
            for name in names { members[name] = children[name]?.value }
            return .structure(members)
        }
    }
}
