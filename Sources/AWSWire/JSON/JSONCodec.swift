/// Documents of the JSON protocols: awsJson 1.0 and 1.1, and the bodies of restJson.
package enum JSONCodec {
    /// Reads a shape.
    ///
    /// Members that it does not have are ignored, of a member that occurs twice the last counts, and no body
    /// at all is an empty document.
    ///
    /// - Throws: `SerializationException` for what is not JSON, or for a value of the wrong type, which it
    ///   names.
    package static func decode<Shape: Decodable>(
        _ type: Shape.Type,
        from bytes: [UInt8]
    ) throws(ServiceError) -> Shape {
        var tree = WireValue.structure(WireMembers())
        if !bytes.isEmpty {
            do {
                var parser = JSONParser(bytes)
                tree = try parser.document()
            } catch {
                throw serialization("The request body is not JSON. \(error.reason), at byte \(error.offset).")
            }
        }
        guard case .structure = tree else { throw serialization("The request body is not a JSON object.") }
        do {
            return try WireDecoder(tree, spelling: .typed).decode(type)
        } catch let mismatch as WireMismatch {
            throw serialization(mismatch.message)
        } catch DecodingError.dataCorrupted(let context) {
            throw serialization("\(context.debugDescription) at \(WireDecoder.text(of: context.codingPath))")
        } catch {
            throw serialization("The request body does not fit the operation: \(error)")
        }
    }

    /// Writes a shape; members that are `nil` are left out.
    ///
    /// - Throws: `InternalFailure` if a shape refuses to be written, which no generated shape does.
    package static func encode(_ shape: some Encodable) throws(ServiceError) -> [UInt8] {
        do {
            var writer = JSONWriter()
            try WireEncoder.write(shape, to: &writer)
            return writer.bytes
        } catch {
            throw .internalFailure("The reply cannot be written: \(error)")
        }
    }

    /// The body of an error: `__type`, and the message under both spellings that clients look for.
    ///
    /// Further members stand beside them; those that are whole numbers (`OriginalStatusCode`) are written as
    /// such.
    package static func errorDocument(_ error: ServiceError) -> [UInt8] {
        var writer = JSONWriter()
        writer.begin(.structure)
        func member(_ name: String, _ value: WireScalar) {
            writer.name(name)
            writer.write(value)
        }
        member("__type", .string(error.code))
        member("message", .string(error.message))
        member("Message", .string(error.message))
        for (name, text) in error.members.sorted(by: { $0.key < $1.key }) {
            member(name, Int(text).map(WireScalar.integer) ?? .string(text))
        }
        writer.end(.structure)
        return writer.bytes
    }

    private static func serialization(_ message: String) -> ServiceError {
        ServiceError("SerializationException", message)
    }
}
