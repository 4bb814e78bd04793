package import AWSWire
import Crypto
package import HTTPServing
import HTTPTypes
package import Logging
import NIOCore

/// The door: answers every request of the one port.
///
/// Nothing but Clary's own paths passes without a good signature.
package struct Gateway: Responder {
    private let platform: any Responder
    private let imageRegistry: (any Responder)?
    private let s3: any RawService
    private let runtime: (any RawService)?
    private let typed: [TypedService]
    private let authenticator: Authenticator
    private let gatekeeper: Gatekeeper
    private let baseHosts: [String]
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let tally: RequestTally

    /// Longest body of a typed operation in bytes: far above every legal document.
    private static let documentLimit = 8 << 20

    /// - Parameters:
    ///   - platform: Answers everything below `/_clary/`, signed or not.
    ///   - imageRegistry: Answers at the host names of image registries, by passwords of its own.
    ///   - services: Services of typed handlers.
    ///   - s3: The object store.
    ///   - runtime: Inference, feature store and metrics calls that nothing before the gateway has taken.
    ///   - authenticator: Tells callers by their signatures.
    ///   - gatekeeper: Decides what they may do.
    ///   - baseHosts: Names below which a host name is a bucket, in lower case.
    ///   - logger: Where requests are noted (debug) and our own failures (error).
    ///   - tally: Counts the answers.
    ///   - now: The clock that signatures are checked by.
    package init(
        platform: any Responder,
        imageRegistry: (any Responder)? = nil,
        services: [TypedService],
        s3: any RawService,
        runtime: (any RawService)? = nil,
        authenticator: Authenticator,
        gatekeeper: Gatekeeper,
        baseHosts: [String] = ["localhost"],
        logger: Logger,
        tally: RequestTally = RequestTally(),
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.platform = platform
        self.imageRegistry = imageRegistry
        self.s3 = s3
        self.runtime = runtime
        typed = services
        self.authenticator = authenticator
        self.gatekeeper = gatekeeper
        self.baseHosts = baseHosts
        self.logger = logger
        self.tally = tally
        self.now = now
    }

    package func respond(to request: ServerRequest) async throws -> ServerResponse {
        let route = ServiceRoute.of(request.head, baseHosts: baseHosts)
        if Self.isBrief(request, route) { return try await respond(to: request, route) }
        return try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try await respond(to: request, route)
        }
    }

    private func respond(to request: ServerRequest, _ route: ServiceRoute) async throws -> ServerResponse {
        switch route {
        case .platform: return try await platform.respond(to: request)
        case .imageRegistry:
            guard let imageRegistry else { return ServerResponse(status: .notFound) }
            return try await imageRegistry.respond(to: request)
        case .frontDoor:
            return ServerResponse(status: .temporaryRedirect, headers: [.location: "/_clary/console"])
        default: break
        }
        let requestID = RequestID.next()
        let begun = ContinuousClock.now
        var series = series(of: route)
        let response = await answer(request, route: route, requestID: requestID, series: &series)
        tally.add(series, status: response.status.code, duration: .now - begun)
        logger.debug(
            "request",
            metadata: [
                "id": "\(requestID)", "method": "\(request.head.method)", "path": "\(request.path)",
                "route": "\(route)", "status": "\(response.status.code)", "peer": "\(request.peer)",
            ]
        )
        return response
    }

    private func answer(
        _ request: ServerRequest,
        route: ServiceRoute,
        requestID: String,
        series: inout RequestTally.Series
    ) async -> ServerResponse {
        let envelope = envelope(of: route, request.head)
        do {
            switch route {
            case .json(let target, let operation):
                guard let service = service(target: target) else {
                    throw ServiceError.unknownTarget(
                        target,
                        service: ServiceRoute.askedService(request.head)
                    )
                }
                return try await call(service, request, envelope: envelope, requestID: requestID) { _ in
                    operation
                }
            case .query(let name):
                guard let service = service(queryNamed: name) else {
                    throw name == nil ? SignatureError.missing.serviceError(in: envelope) : .noForm(name)
                }
                return try await call(service, request, envelope: envelope, requestID: requestID) {
                    document throws(ServiceError) in
                    let operation = try QueryAction(document).operation(of: service)
                    series = self.series(of: service, operation)
                    return operation
                }
            case .runtime:
                return try await call(
                    runtime ?? UnofferedRuntime(),
                    request,
                    service: "sagemaker",
                    bucket: nil,
                    envelope: envelope,
                    requestID: requestID,
                    series: &series
                )
            case .s3(let bucket):
                if isAnonymous(request) {
                    return try await callAnonymously(
                        request,
                        bucket: bucket,
                        requestID: requestID,
                        series: &series
                    )
                }
                return try await call(
                    s3,
                    request,
                    service: "s3",
                    bucket: bucket,
                    envelope: envelope,
                    requestID: requestID,
                    series: &series
                )
            case .jsonWithoutTarget(let service):
                throw ServiceError.missingTarget(service)
            case .cbor(let service, let operation):
                throw ServiceError.unofferedProtocol(
                    service,
                    operation,
                    signed: ServiceRoute.askedService(request.head)
                )
            case .unoffered(let service, let envelope):
                throw ServiceError.unoffered(service, in: envelope)
            case .platform, .frontDoor, .imageRegistry:
                preconditionFailure("Clary's own paths are answered before.")
            }
        } catch {
            let reported = report(error, requestID: requestID)
            return envelope.reply(to: request.head, reporting: reported, requestID: requestID)
        }
    }

    /// Small objects are most of what a busy store is asked for: their way through other threads would take longer than
    /// they do.
    package var beginsOnEventLoop: Bool { true }

    /// Whether a request is about one object and its body is small.
    private static func isBrief(_ request: ServerRequest, _ route: ServiceRoute) -> Bool {
        guard case .s3(let bucket) = route, request.head.method != .post,
            request.path.count(where: { $0 == "/" }) > (bucket == nil ? 1 : 0)
        else { return false }
        let length = request.head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        return length <= 64 << 10 && request.head.headerFields[.transferEncoding] == nil
    }

    /// Whether nothing in the head of an S3 call claims to be somebody; a form's claim stands in its fields.
    private func isAnonymous(_ request: ServerRequest) -> Bool {
        // A browser asks for another page before it sends what the URL is signed for.
        if request.head.method == .options { return true }
        guard request.head.headerFields[.authorization] == nil else { return false }
        return !request.query.contains("X-Amz-Algorithm=") && !request.query.contains("X-Amz-Credential=")
            && !request.query.contains("X-Amz-Signature=") && !request.query.contains("AWSAccessKeyId=")
            && !request.query.contains("Signature=")
    }

    /// A call without a signature: S3 decides what is public.
    private func callAnonymously(
        _ request: ServerRequest,
        bucket: String?,
        requestID: String,
        series: inout RequestTally.Series
    ) async throws -> ServerResponse {
        let plan = try PayloadPlan(anonymous: request.head)
        let verified = VerifiedCall(
            head: plan.head,
            path: (bucket.map { "/\($0)" } ?? "") + request.path,
            query: try QueryItem.parse(request.query),
            caller: .anonymous(requestID: requestID, source: SourceAddress.of(request.peer)),
            body: plan.stream(request.body, signing: nil)
        )
        if let name = s3.operationName(of: verified) { series = .init(service: "s3", operation: name) }
        var response = try await s3.respond(to: verified)
        Envelope.s3.stamp(&response.headers, requestID: requestID)
        return response
    }

    /// What a client is told about an error; what is not meant for it is logged.
    private func report(_ error: any Error, requestID: String) -> ServiceError {
        if let error = error as? ServiceError {
            if error.status >= 500 {
                logger.error("\(error.code): \(error.message)", metadata: ["id": "\(requestID)"])
            }
            return error
        }
        if error is BodyEndedEarly { return .incompleteBody }
        logger.error("A request failed: \(error)", metadata: ["id": "\(requestID)"])
        return .internalFailure(
            "Clary failed to answer the request. Its log has the reason under the id \(requestID)."
        )
    }

    // MARK: Typed services

    private func call(
        _ service: TypedService,
        _ request: ServerRequest,
        envelope: Envelope,
        requestID: String,
        operation: (ByteBuffer) throws(ServiceError) -> String
    ) async throws -> ServerResponse {
        let admission = try admit(
            request,
            service: service.name,
            bucket: nil,
            envelope: envelope,
            requestID: requestID
        )
        let document = try await document(of: request)
        let caller = try confirm(admission, document: document.body, envelope: envelope)
        let reply = try await service.answer(
            try operation(document.content),
            document: document.content,
            caller: caller,
            gatekeeper: gatekeeper
        )
        return envelope.reply(carrying: reply, requestID: requestID)
    }

    /// The body, and what the codec reads: a presigned form has its fields in the URL instead.
    private func document(of request: ServerRequest) async throws -> (body: ByteBuffer, content: ByteBuffer) {
        do {
            let body = try await request.body.collect(upTo: Self.documentLimit)
            guard body.readableBytes == 0, request.head.method == .get else { return (body, body) }
            return (body, ByteBuffer(substring: request.query))
        } catch let error as BodyTooLarge {
            throw ServiceError(
                "RequestEntityTooLarge",
                "The request body is longer than \(error.limit) bytes.",
                status: 413
            )
        }
    }

    private func confirm(
        _ admission: Admission,
        document: ByteBuffer,
        envelope: Envelope
    ) throws(ServiceError) -> Caller {
        let actual = Hex.encode(
            document.withUnsafeReadableBytes { bytes in
                var hasher = SHA256()
                hasher.update(bufferPointer: bytes)
                return hasher.finalize()
            }
        )
        do throws(SignatureError) {
            // A document is always hashed: the words that stand for a body which is not are for S3 alone.
            if let announced = admission.announcedHash, announced != actual {
                throw SignatureError.mismatch(stringToSign: "The body is not the one that was signed.")
            }
            return try authenticator.confirm(admission, payloadHash: actual)
        } catch {
            throw error.serviceError(in: envelope)
        }
    }

    private func admit(
        _ request: ServerRequest,
        service: String,
        bucket: String?,
        envelope: Envelope,
        requestID: String
    ) throws(ServiceError) -> Admission {
        do {
            return try authenticator.admit(
                request.head,
                service: service,
                bucket: bucket,
                requestID: requestID,
                source: SourceAddress.of(request.peer),
                now: now()
            )
        } catch {
            throw error.serviceError(in: envelope)
        }
    }

    // MARK: Raw services

    private func call(
        _ raw: any RawService,
        _ request: ServerRequest,
        service: String,
        bucket: String?,
        envelope: Envelope,
        requestID: String,
        series: inout RequestTally.Series
    ) async throws -> ServerResponse {
        let admission = try admit(
            request,
            service: service,
            bucket: bucket,
            envelope: envelope,
            requestID: requestID
        )
        let plan = try PayloadPlan(admission, head: request.head)
        let caller: Caller
        let body: PayloadStream
        if let signedHash = plan.signedHash {
            do {
                caller = try authenticator.confirm(admission, payloadHash: signedHash)
            } catch {
                throw error.serviceError(in: envelope)
            }
            body = plan.stream(request.body, signing: authenticator.chunkSigning(admission))
        } else {
            // Only the hash of the body itself can confirm the signature.
            let document = try await document(of: request).body
            caller = try confirm(admission, document: document, envelope: envelope)
            body = PayloadStream(document)
        }
        let verified = VerifiedCall(
            head: plan.head,
            path: (bucket.map { "/\($0)" } ?? "") + request.path,
            query: try QueryItem.parse(request.query),
            caller: caller,
            body: body
        )
        if let name = raw.operationName(of: verified) { series = .init(service: service, operation: name) }
        var response = try await raw.respond(to: verified)
        envelope.stamp(&response.headers, requestID: requestID)
        return response
    }

    // MARK: Tables

    private func service(target: String) -> TypedService? {
        typed.first { service in
            if case .awsJSON(_, target) = service.wire { true } else { false }
        }
    }

    private func service(queryNamed name: String?) -> TypedService? {
        typed.first { service in
            if case .query = service.wire { service.name == name } else { false }
        }
    }

    /// What a request counts as before more than its head is known.
    private func series(of route: ServiceRoute) -> RequestTally.Series {
        switch route {
        case .json(let target, let operation):
            guard let service = service(target: target) else { return Self.others }
            return series(of: service, operation)
        case .query(let name):
            guard let service = service(queryNamed: name) else { return Self.others }
            return .init(service: service.name, operation: "other")
        case .s3: return .init(service: "s3", operation: "other")
        case .runtime: return .init(service: "sagemaker-runtime", operation: "other")
        case .jsonWithoutTarget, .cbor, .unoffered, .platform, .frontDoor, .imageRegistry: return Self.others
        }
    }

    private func series(of service: TypedService, _ operation: String) -> RequestTally.Series {
        .init(service: service.name, operation: service.offers(operation) ? operation : "other")
    }

    private static let others = RequestTally.Series(service: "other", operation: "other")

    private func envelope(of route: ServiceRoute, _ head: HTTPRequest) -> Envelope {
        switch route {
        case .json(let target, _):
            if case .awsJSON(let version, _)? = service(target: target)?.wire { return .json(version) }
            return .ofUnoffered("", head)
        case .jsonWithoutTarget, .platform, .frontDoor, .imageRegistry: return .json(.v11)
        case .cbor: return .cbor
        case .unoffered(_, let envelope): return envelope
        case .query(let name):
            if case .query(let namespace, _)? = service(queryNamed: name)?.wire {
                return .query(namespace: namespace)
            }
            return .query(namespace: nil)
        case .runtime: return .restJSON
        case .s3: return .s3
        }
    }
}
