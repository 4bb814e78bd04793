import Crypto
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers invocations on the event loop of the client's connection and passes every other request on untouched.
///
/// Stands behind a handler that lets one request at a time through.
final class InvocationHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum Phase {
        /// The request is not ours.
        case passing
        case collecting(RuntimeRequest)
        case invoking(Invocation)
        /// Answered; what may still come of the request is dropped.
        case answered
    }

    private let router: InferenceRouter
    private let pool: UpstreamPool
    private var phase = Phase.passing
    private var body = ByteBuffer()
    private var hash = SHA256()
    private var begun = NIODeadline.now()

    init(router: InferenceRouter, pool: UpstreamPool) {
        self.router = router
        self.pool = pool
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), phase) {
        case (.head(let head), _):
            if let request = RuntimeRequest(head) {
                begin(request, context: context)
            } else {
                phase = .passing
                context.fireChannelRead(data)
            }
        case (_, .passing):
            context.fireChannelRead(data)
        case (.body(let chunk), .collecting):
            collect(chunk, context: context)
        case (.end, .collecting(let request)):
            invoke(request, context: context)
        case (_, .collecting), (_, .invoking), (_, .answered):
            break
        }
    }

    // MARK: The request

    private func begin(_ request: RuntimeRequest, context: ChannelHandlerContext) {
        phase = .collecting(request)
        begun = .now()
        body = ByteBuffer()
        hash = SHA256()
        let length = request.head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        guard length <= router.limits.bodyBytes else { return refuseSize(context: context) }
        if request.head.headerFields[.expect]?.lowercased() == "100-continue" {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
    }

    private func collect(_ chunk: ByteBuffer, context: ChannelHandlerContext) {
        guard body.readableBytes + chunk.readableBytes <= router.limits.bodyBytes else {
            return refuseSize(context: context)
        }
        chunk.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        if body.readableBytes == 0 {
            body = chunk
        } else {
            body.writeImmutableBuffer(chunk)
        }
    }

    private func refuseSize(context: ChannelHandlerContext) {
        reply(
            Invocation.Reply(.bodyTooLarge(limit: router.limits.bodyBytes)),
            requestID: pool.random.requestID(),
            context: context
        )
    }

    private func invoke(_ request: RuntimeRequest, context: ChannelHandlerContext) {
        let received = NIODeadline.now()
        let requestID = pool.random.requestID()
        do throws(RuntimeFailure) {
            let (endpoint, variant) = try admit(
                request,
                requestID: requestID,
                peer: context.remoteAddress?.description ?? ""
            )
            let invocation = Invocation(
                request,
                body: body,
                endpoint: endpoint,
                variant: variant,
                requestID: requestID,
                received: received,
                pool: pool,
                limits: router.limits,
                eventLoop: context.eventLoop
            ) { [self] answer in
                reply(answer, requestID: requestID, context: context)
            }
            body = ByteBuffer()
            phase = .invoking(invocation)
            invocation.start()
        } catch {
            reply(Invocation.Reply(error), requestID: requestID, context: context)
        }
    }

    /// Signature, rights, constraints, endpoint, variant: in the order in which the service complains.
    private func admit(
        _ request: RuntimeRequest,
        requestID: String,
        peer: String
    ) throws(RuntimeFailure) -> (EndpointEntry, VariantEntry) {
        let verdict = router.authorizer.authorize(
            request.head,
            payload: hash.finalize(),
            endpoint: request.endpoint,
            requestID: requestID,
            peer: peer
        )
        let scope =
            switch verdict {
            case .allowed(let scope): scope
            case .refused(let failure): throw failure
            }
        guard request.operation == .invoke else { throw .unsupported(request.operation) }
        let violations = request.violations
        guard violations.isEmpty else { throw .violations(violations) }
        guard let endpoint = router.directory.entry(scope: scope, name: request.endpoint) else {
            throw .unknownEndpoint(request.endpoint, in: scope)
        }
        for name in Self.partNames where request.head.headerFields[name] != nil {
            throw .noSuchPart(name.rawName, of: endpoint)
        }
        let variant = try variant(of: endpoint, for: request)
        try checkContainer(request, of: variant, endpoint)
        return (endpoint, variant)
    }

    /// Headers that choose among parts of an endpoint which no endpoint has here.
    private static let partNames: [HTTPField.Name] = [.targetModel, .inferenceComponent]

    /// Only whose containers are called one by one may and must name one.
    private func checkContainer(
        _ request: RuntimeRequest,
        of variant: VariantEntry,
        _ endpoint: EndpointEntry
    ) throws(RuntimeFailure) {
        let wanted = request.head.headerFields[.targetContainerHostname]
        switch (variant.flow, wanted) {
        case (.single, nil), (.serial, nil): return
        case (.direct(let names), let name?) where names.contains(name): return
        case (.direct(let names), _): throw .namesNoContainer(wanted, among: names, of: endpoint)
        case (.single, _?), (.serial, _?):
            throw .noSuchPart(HTTPField.Name.targetContainerHostname.rawName, of: endpoint)
        }
    }

    private func variant(
        of endpoint: EndpointEntry,
        for request: RuntimeRequest
    ) throws(RuntimeFailure) -> VariantEntry {
        if let name = request.head.headerFields[.targetVariant] {
            guard let variant = endpoint.variants.first(where: { $0.name == name }) else {
                throw .unknownVariant(name, of: endpoint)
            }
            return variant
        }
        let index =
            endpoint.variants.count == 1
            ? 0 : Balancing.variant(weights: endpoint.variants.lazy.map(\.weight), random: pool.random.unit())
        guard let index else { throw .unknownEndpoint(endpoint.name, in: endpoint.scope) }
        return endpoint.variants[index]
    }

    // MARK: The reply

    private func reply(_ reply: Invocation.Reply, requestID: String, context: ChannelHandlerContext) {
        phase = .answered
        router.onReply(reply.status.code, .nanoseconds((NIODeadline.now() - begun).nanoseconds))
        guard context.channel.isActive else { return }
        var head = HTTPResponse(status: reply.status, headerFields: reply.headers)
        head.headerFields[.contentLength] = String(reply.body.readableBytes)
        head.headerFields[.requestID] = requestID
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if reply.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(reply.body)), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    // MARK: The client's end

    func channelInactive(context: ChannelHandlerContext) {
        abandon()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { abandon() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .collecting = phase { phase = .answered }
        context.fireErrorCaught(error)
    }

    private func abandon() {
        if case .invoking(let invocation) = phase { invocation.cancel() }
        phase = .answered
        body = ByteBuffer()
    }
}
