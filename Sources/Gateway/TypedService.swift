package import AWSWire
package import NIOCore

/// How a typed service's documents look on the wire.
package enum WireProtocol: Sendable, Hashable {
    /// JSON documents; the operation stands in `X-Amz-Target: <target>.<operation>`.
    case awsJSON(version: JSONVersion, target: String)
    /// Form in, XML out; the operation stands in the form field `Action`.
    ///
    /// - Parameters:
    ///   - namespace: XML namespace of the replies.
    ///   - version: API version, the form field `Version`.
    case query(namespace: String, version: String)
}

/// The versions of the JSON protocol; they differ in the content type of the replies.
package enum JSONVersion: String, Sendable {
    case v10 = "application/x-amz-json-1.0"
    case v11 = "application/x-amz-json-1.1"
}

/// A service made of typed handlers: `(Input, Caller) async throws(ServiceError) -> Output`.
///
/// A handler sees neither bytes nor HTTP; its input has passed the constraints of the service model.
package struct TypedService: Sendable {
    /// Service name in the credential scope, such as `sagemaker` or `sts`.
    package let name: String
    package let wire: WireProtocol
    private let operationNames: Set<String>
    private let codec: DocumentCodec
    private var handlers: [String: any DocumentHandler] = [:]

    /// A service that offers nothing yet.
    ///
    /// - Parameters:
    ///   - name: Service name in the credential scope.
    ///   - wire: Form of its documents.
    ///   - operationNames: Every operation that the service's model knows, offered or not.
    ///   - violationCode: The error code for a request that breaks the model's constraints.
    package init(
        name: String,
        wire: WireProtocol,
        operationNames: Set<String>,
        violationCode: String = "ValidationException"
    ) {
        self.name = name
        self.wire = wire
        self.operationNames = operationNames
        codec = DocumentCodec(wire, violationCode: violationCode)
    }

    /// Names of the operations that have a handler, sorted.
    package var offered: [String] { handlers.keys.sorted() }

    /// The IAM action of an offered operation, such as `sagemaker:CreateTrainingJob`, and whether it asks for a
    /// permission; `nil` for an operation that is not offered.
    package func permission(of operation: String) -> (action: String, isAsked: Bool)? {
        handlers[operation].map { (action(operation), $0.asksForPermission) }
    }

    private func action(_ operation: String) -> String { "\(name):\(operation)" }

    /// Whether an operation has a handler.
    func offers(_ operation: String) -> Bool { handlers[operation] != nil }

    /// Offers an operation.
    ///
    /// A second handler for one operation, or an operation that the model does not know, is our bug and stops the
    /// process.
    ///
    /// - Parameters:
    ///   - operation: Which one.
    ///   - access: What it acts on; its action is the service's name and its own.
    ///   - handler: Runs for callers who may.
    package mutating func on<O: Operation>(
        _ operation: O.Type,
        _ access: OperationAccess<O.Input>,
        _ handler: @escaping @Sendable (O.Input, Caller) async throws(ServiceError) -> O.Output
    ) {
        precondition(operationNames.contains(O.name), "\(name) has no operation \(O.name)")
        precondition(handlers[O.name] == nil, "\(name) has a handler for \(O.name) already")
        handlers[O.name] = TypedHandler<O>(
            codec: codec,
            action: action(O.name),
            access: access,
            envelope: envelope,
            handle: handler
        )
    }

    private var envelope: Envelope {
        switch wire {
        case .awsJSON(let version, _): .json(version)
        case .query(let namespace, _): .query(namespace: namespace)
        }
    }

    /// Answers one call.
    ///
    /// - Parameters:
    ///   - operation: Name on the wire.
    ///   - document: The request's body.
    ///   - caller: Who calls.
    ///   - gatekeeper: Decides whether they may.
    /// - Returns: The reply's body.
    /// - Throws: The refusal, the handler's error, one about the document, or one that says that the operation is
    ///   unknown or not offered. The last two are never a 5xx, which clients would retry.
    package func answer(
        _ operation: String,
        document: ByteBuffer,
        caller: Caller,
        gatekeeper: Gatekeeper
    ) async throws(ServiceError) -> ByteBuffer {
        guard let handler = handlers[operation] else { throw missing(operation) }
        return try await handler.answer(document, caller: caller, gatekeeper: gatekeeper)
    }

    private func missing(_ operation: String) -> ServiceError {
        let isKnown = operationNames.contains(operation)
        let text = "Operation \(operation) is known but not offered by this Clary."
        switch wire {
        case .awsJSON:
            return ServiceError(
                "UnknownOperationException",
                isKnown ? text : "The operation is unknown: \(operation)."
            )
        case .query(_, let version):
            return ServiceError(
                "InvalidAction",
                isKnown ? text : "Could not find operation \(operation) for version \(version)."
            )
        }
    }
}

/// A handler with its shapes erased.
private protocol DocumentHandler: Sendable {
    var asksForPermission: Bool { get }
    /// The reply's document for the request's.
    func answer(
        _ document: ByteBuffer,
        caller: Caller,
        gatekeeper: Gatekeeper
    ) async throws(ServiceError) -> ByteBuffer
}

/// A handler of one operation between its codecs, behind the gatekeeper.
private struct TypedHandler<O: Operation>: DocumentHandler {
    let codec: DocumentCodec
    let action: String
    let access: OperationAccess<O.Input>
    let envelope: Envelope
    let handle: @Sendable (O.Input, Caller) async throws(ServiceError) -> O.Output

    var asksForPermission: Bool { access.accesses != nil }

    func answer(
        _ document: ByteBuffer,
        caller: Caller,
        gatekeeper: Gatekeeper
    ) async throws(ServiceError) -> ByteBuffer {
        let input: O.Input = try codec.decode(document)
        let accesses = access.accesses?(action, input, caller) ?? []
        let noted = accesses.first ?? Access(action, on: "*")
        do throws(ServiceError) {
            try gatekeeper.check(accesses, by: caller, envelope: envelope)
            let output = try await handle(input, caller)
            await gatekeeper.note(
                noted,
                by: caller,
                outcome: nil,
                parameters: AuditParameters.text(of: input)
            )
            return try codec.encode(output, operation: O.name, requestID: caller.requestID)
        } catch {
            await gatekeeper.note(
                noted,
                by: caller,
                outcome: error,
                parameters: AuditParameters.text(of: input)
            )
            throw error
        }
    }
}
