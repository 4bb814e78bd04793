/// Documents of the query protocol (STS, IAM): a form in, XML out.
package enum QueryCodec {
    /// Reads the fields of a form into a shape; `Action`, `Version` and other fields it does not have are
    /// ignored.
    ///
    /// - Throws: `MalformedInput` for a value that cannot be read.
    package static func decode<Shape: Decodable>(
        _ type: Shape.Type,
        from bytes: [UInt8]
    ) throws(ServiceError) -> Shape {
        let tree: WireValue
        do {
            tree = try FormParser.parse(bytes)
        } catch {
            throw malformed(error.reason + ".")
        }
        do {
            return try WireDecoder(tree, spelling: .text).decode(type)
        } catch let mismatch as WireMismatch {
            throw malformed(mismatch.message)
        } catch DecodingError.dataCorrupted(let context) {
            throw malformed("\(context.debugDescription) at \(WireDecoder.text(of: context.codingPath))")
        } catch {
            throw malformed("The form does not fit the operation: \(error)")
        }
    }

    /// Writes the reply of an operation: `<OpResponse><OpResult>…</OpResult><ResponseMetadata>…`.
    ///
    /// An operation without output has no result element.
    ///
    /// - Throws: `InternalFailure` if a shape refuses to be written, which no generated shape does.
    package static func encode(
        _ output: some WireShape,
        operation: String,
        namespace: String,
        requestID: String
    ) throws(ServiceError) -> [UInt8] {
        var writer = QueryWriter("\(operation)Result")
        do {
            try WireEncoder.write(output, to: &writer)
        } catch {
            throw .internalFailure("The reply cannot be written: \(error)")
        }
        let result = output is EmptyShape ? nil : writer.document
        let reply = XMLElement("\(operation)Response") {
            result
            XMLElement("ResponseMetadata") { XMLElement("RequestId", requestID) }
        }
        return reply.document(namespace: namespace)
    }

    /// The body of an error, in the service's namespace; in none if the service is not known.
    package static func errorDocument(_ error: ServiceError, namespace: String?, requestID: String) -> [UInt8]
    {
        let reply = XMLElement("ErrorResponse") {
            XMLElement("Error") {
                XMLElement("Type", error.status < 500 ? "Sender" : "Receiver")
                XMLElement("Code", error.code)
                XMLElement("Message", error.message)
                for (name, text) in error.members.sorted(by: { $0.key < $1.key }) { XMLElement(name, text) }
            }
            XMLElement("RequestId", requestID)
        }
        return reply.document(namespace: namespace)
    }

    private static func malformed(_ message: String) -> ServiceError {
        ServiceError("MalformedInput", message)
    }
}
