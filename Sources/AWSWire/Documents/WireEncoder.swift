import Foundation

/// Writes a shape while it is read: members that are `nil` are left out, blobs become base64, maps are sorted.
///
/// Nothing is kept of what was written, so a shape must write its members one after the other, as `Codable`'s
/// synthesised code does.
struct WireEncoder<Writer: WireWriter>: Encoder {
    let document: WireDocument<Writer>
    /// Nothing that is written here fails, so no path is told.
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Writes a whole value.
    static func write(_ value: some Encodable, to writer: inout Writer) throws {
        let document = WireDocument(writer)
        try document.write(value)
        writer = document.writer
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        document.begin(.structure)
        return KeyedEncodingContainer(
            WireKeyedEncoder<Writer, Key>(document: document, depth: document.depth)
        )
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        document.begin(.list)
        return WireUnkeyedEncoder(document: document, depth: document.depth)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

/// A document that is being written.
///
/// Containers are handed out by value and all write to it; a container ends when one around it goes on.
final class WireDocument<Writer: WireWriter> {
    private(set) var writer: Writer
    private var open: [WireContainer] = []
    /// Whether the value that was due has been written: a shape without members never asks for a container.
    private var isWritten = false

    init(_ writer: Writer) { self.writer = writer }

    /// How many containers stand open.
    var depth: Int { open.count }

    func begin(_ container: WireContainer) {
        isWritten = true
        open.append(container)
        writer.begin(container)
    }

    /// Ends what was begun inside the outer `depth` containers.
    func close(to depth: Int) {
        while open.count > depth { writer.end(open.removeLast()) }
    }

    func name(_ name: String) { writer.name(name) }

    func write(_ scalar: WireScalar) {
        isWritten = true
        writer.write(scalar)
    }

    /// Writes a value; the kinds of value that have a form of their own on the wire are written here.
    func write(_ value: some Encodable) throws {
        switch value {
        case let text as String: write(.string(text))
        case let timestamp as Timestamp: write(.timestamp(timestamp))
        case let data as Data: write(.string(data.base64EncodedString()))
        default:
            let depth = depth
            isWritten = false
            if let map = value as? any StringKeyed {
                try map.write(to: self)
            } else {
                try value.encode(to: WireEncoder(document: self))
            }
            if !isWritten { begin(.structure) }
            close(to: depth)
        }
    }
}

/// Tells a map from a structure.
private protocol StringKeyed {
    func write<Writer>(to document: WireDocument<Writer>) throws
}

extension Dictionary: StringKeyed where Key == String, Value: Encodable {
    fileprivate func write<Writer>(to document: WireDocument<Writer>) throws {
        document.begin(.map)
        for (name, value) in sorted(by: { $0.key < $1.key }) {
            document.name(name)
            try document.write(value)
        }
    }
}
