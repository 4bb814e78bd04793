/// A value that is not of its member's type.
package struct MisfitValue: Sendable, Equatable {
    /// `ResourceConfig.InstanceCount`, `Tags[0].Value`.
    package let path: String
    /// The same as constraints spell it: `tags.1.member.value`.
    package let location: String
    /// What stands there.
    package let found: WireValue
    /// An empty value of the type that is wanted.
    package let wanted: WireValue
}

extension JSONCodec {
    /// Reads a shape, and goes on where a value is of a wrong type: an empty one of the right type takes its place.
    ///
    /// - Parameters:
    ///   - type: The shape.
    ///   - document: A structure.
    ///   - most: After how many wrong values to give up.
    /// - Returns: The shape and all values that did not fit, in the order in which they were met.
    /// - Throws: `SerializationException` for more of them, and for a document that is no structure.
    package static func decode<Shape: Decodable>(
        _ type: Shape.Type,
        from document: WireValue,
        atMost most: Int
    ) throws(ServiceError) -> (shape: Shape, misfits: [MisfitValue]) {
        var document = document
        var misfits: [MisfitValue] = []
        while true {
            do {
                return (try WireDecoder(document, spelling: .typed).decode(type), misfits)
            } catch {
                guard let mismatch = WireMismatch(error) else {
                    throw ServiceError("SerializationException", "The document does not fit: \(error)")
                }
                guard misfits.count < most, let stub = mismatch.stub, !mismatch.path.isEmpty,
                    let found = document.exchange(stub, at: mismatch.path[...])
                else { throw ServiceError("SerializationException", mismatch.message) }
                misfits.append(
                    MisfitValue(
                        path: Self.path(mismatch.path),
                        location: Self.location(mismatch.path),
                        found: found,
                        wanted: stub
                    )
                )
            }
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
    }

    private static func location(_ keys: [any CodingKey]) -> String {
        keys.map { key in
            key.intValue.map { "\($0 + 1).member" }
                ?? key.stringValue.prefix(1).lowercased() + key.stringValue.dropFirst()
        }
        .joined(separator: ".")
    }
}

extension WireMismatch {
    /// What a decoder has thrown; `nil` if it is not about a value's type.
    fileprivate init?(_ error: any Error) {
        switch error {
        case let mismatch as WireMismatch: self = mismatch
        case DecodingError.dataCorrupted(let context):
            // Only timestamps are read as something else than what stands there.
            self.init(message: context.debugDescription, path: context.codingPath, stub: .number(0))
        default: return nil
        }
    }
}

extension WireValue {
    /// Puts a value in the place of another.
    ///
    /// - Returns: The other; `nil` if there is none, and then nothing was changed.
    fileprivate mutating func exchange(_ value: WireValue, at path: ArraySlice<any CodingKey>) -> WireValue? {
        guard let key = path.first else {
            defer { self = value }
            return self
        }
        switch self {
        case .structure(var members):
            guard var member = members[key.stringValue],
                let found = member.exchange(value, at: path.dropFirst())
            else { return nil }
            members[key.stringValue] = member
            self = .structure(members)
            return found
        case .list(var items):
            guard let index = key.intValue, items.indices.contains(index),
                let found = items[index].exchange(value, at: path.dropFirst())
            else { return nil }
            self = .list(items)
            return found
        case .null, .bool, .integer, .number, .string: return nil
        }
    }
}
