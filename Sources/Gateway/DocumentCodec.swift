import AWSWire
import NIOCore

/// Reads requests and writes replies of typed operations in the form of one service.
struct DocumentCodec: Sendable {
    private let wire: WireProtocol
    private let violationCode: String

    /// A codec that reports broken constraints under a code of the service.
    init(_ wire: WireProtocol, violationCode: String) {
        self.wire = wire
        self.violationCode = violationCode
    }

    /// The input of an operation; it has passed the constraints of the model.
    ///
    /// - Throws: `SerializationException` or its like for a document that cannot be read, the service's code
    ///   for one that breaks constraints.
    func decode<Input: WireShape>(_ document: ByteBuffer) throws(ServiceError) -> Input {
        let bytes = Array(document.readableBytesView)
        let input: Input
        switch wire {
        case .awsJSON: input = try JSONCodec.decode(Input.self, from: bytes)
        case .query: input = try QueryCodec.decode(Input.self, from: bytes)
        }
        try ConstraintChecker.check(input, code: violationCode)
        return input
    }

    /// The reply's document.
    ///
    /// - Throws: `InternalFailure` for an output that has no form on the wire, which is our bug.
    func encode(
        _ output: some WireShape,
        operation: String,
        requestID: String
    ) throws(ServiceError) -> ByteBuffer {
        switch wire {
        case .awsJSON:
            return ByteBuffer(bytes: try JSONCodec.encode(output))
        case .query(let namespace, _):
            return ByteBuffer(
                bytes: try QueryCodec.encode(
                    output,
                    operation: operation,
                    namespace: namespace,
                    requestID: requestID
                )
            )
        }
    }
}
