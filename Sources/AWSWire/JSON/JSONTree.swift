extension JSONCodec {
    /// A document as a tree, for whoever has no shape for it.
    ///
    /// - Throws: `SerializationException` for what is not JSON.
    package static func tree(of bytes: [UInt8]) throws(ServiceError) -> WireValue {
        do {
            return try parse(bytes)
        } catch {
            throw ServiceError("SerializationException", "\(error.reason), at byte \(error.offset).")
        }
    }

    /// A document as a tree, for whoever tells people where it is broken.
    package static func parse(_ bytes: [UInt8]) throws(MalformedJSON) -> WireValue {
        var parser = JSONParser(bytes)
        return try parser.document()
    }

    /// A tree as a document.
    package static func bytes(of tree: WireValue) -> [UInt8] {
        var writer = JSONWriter()
        write(tree, to: &writer)
        return writer.bytes
    }

    private static func write(_ value: WireValue, to writer: inout JSONWriter) {
        switch value {
        case .null: writer.write(.null)
        case .bool(let flag): writer.write(.bool(flag))
        case .integer(let number): writer.write(.integer(number))
        case .number(let number): writer.write(.number(number))
        case .string(let text): writer.write(.string(text))
        case .list(let values):
            writer.begin(.list)
            for value in values { write(value, to: &writer) }
            writer.end(.list)
        case .structure(let members):
            writer.begin(.structure)
            for name in members.names {
                writer.name(name)
                write(members[name] ?? .null, to: &writer)
            }
            writer.end(.structure)
        }
    }
}
