import HTTPTypes
package import Logging
package import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOPosix
import ServiceLifecycle

/// An HTTP/1.1 server: one event loop per core, one task per connection, one request at a time on each.
///
/// - A client that disconnects cancels the handler of its request. So does one that only ends its sending side:
///   the two look alike until something is written.
/// - An error that a handler throws becomes a 500; the connection and the server go on.
/// - `Expect: 100-continue` is answered when the handler first reads the body, so a refusal comes before the upload.
package struct HTTPServer<Handler: Responder>: Service {
    private let address: ServerAddress
    private let responder: Handler
    private let channelHandlers: @Sendable () -> [any ChannelHandler]
    private let encryption: (@Sendable () throws -> any ChannelHandler)?
    private let limits: ServerLimits
    private let inherited: Int32?
    private let onListening: @Sendable (Int32) -> Void
    private let onReady: @Sendable (BoundAddress) -> Void
    private let logger: Logger

    /// Makes a server that does not listen yet.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - responder: Answers the requests.
    ///   - channelHandlers: Makes handlers for one connection, placed before the responder. They see
    ///     `HTTPRequestPart`s of one request at a time and write `HTTPResponsePart`s.
    ///   - encryption: Makes the handler that decrypts one connection; `nil` for plain HTTP.
    ///   - limits: Sizes and times.
    ///   - inherited: A socket that is bound to the address already.
    ///   - onListening: Called once with the listening socket, before `onReady`.
    ///   - onReady: Called once, when clients can connect.
    ///   - logger: Takes the errors of handlers.
    package init(
        address: ServerAddress,
        responder: Handler,
        channelHandlers: @escaping @Sendable () -> [any ChannelHandler] = { [] },
        encryption: (@Sendable () throws -> any ChannelHandler)? = nil,
        limits: ServerLimits = ServerLimits(),
        inherited: Int32? = nil,
        onListening: @escaping @Sendable (Int32) -> Void = { _ in },
        onReady: @escaping @Sendable (BoundAddress) -> Void = { _ in },
        logger: Logger
    ) {
        self.address = address
        self.responder = responder
        self.channelHandlers = channelHandlers
        self.encryption = encryption
        self.limits = limits
        self.inherited = inherited
        self.onListening = onListening
        self.onReady = onReady
        self.logger = logger
    }

    /// An accepted connection and what comes over it.
    private struct Connection {
        let channel: any Channel
        let requests: AsyncStream<IncomingRequest>
    }

    /// Serves until the service group shuts down or the task is cancelled.
    ///
    /// A graceful shutdown stops accepting, finishes the requests in flight and closes what is left after
    /// `ServerLimits.shutdownGrace`.
    ///
    /// - Throws: `ServerStartError` if the address cannot be listened on.
    package func run() async throws {
        let connections = Connections()
        let (accepted, acceptance) = AsyncStream.makeStream(of: Connection.self)
        let listener = try await listen { channel in
            try accept(channel, connections, acceptance)
        }
        listener.closeFuture.whenComplete { _ in acceptance.finish() }
        let onListening = onListening
        try await listener.eventLoop.submit {
            try listener.pipeline.syncOperations.withUnsafeTransportIfAvailable { onListening($0) }
        }.get()
        onReady(address.resolved(listener.localAddress))
        let grace = TimeAmount(limits.shutdownGrace)
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await withDiscardingTaskGroup { group in
                    for await connection in accepted {
                        group.addTask { await serve(connection) }
                    }
                }
            } onGracefulShutdown: {
                listener.close(promise: nil)
                connections.quiesce()
                listener.eventLoop.scheduleTask(in: grace) { connections.close() }
            }
        } onCancel: {
            listener.close(promise: nil)
            connections.close()
        }
    }

    // MARK: Connections

    private func listen(
        _ accept: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> any Channel {
        let buffers = AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 16384, maximum: 1 << 18)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelInitializer { [logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptErrorHandler(logger: logger))
                }
            }
            .childChannelOption(.recvAllocator, value: buffers)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1 << 16, high: 1 << 18))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try accept(channel) }
            }
        do {
            switch address {
            case .tcp(let host, let port):
                let prompt = bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                if let inherited { return try await prompt.withBoundSocket(inherited).get() }
                return try await prompt.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                    .bind(host: host, port: port).get()
            case .unix(let path):
                if let inherited { return try await bootstrap.withBoundSocket(inherited).get() }
                return try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true)
                    .get()
            }
        } catch {
            throw ServerStartError(error, binding: address)
        }
    }

    /// Sets up a new connection on its event loop and hands it to its task.
    private func accept(
        _ channel: any Channel,
        _ connections: Connections,
        _ acceptance: AsyncStream<Connection>.Continuation
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if let encryption { try pipeline.addHandler(encryption()) }
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = limits.headerFieldBytes
        decoderLimits.maxHeaderListSize = limits.headerListBytes
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: true,
            withErrorHandling: false,
            withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: decoderLimits
        )
        try pipeline.addHandler(ConnectionHandler(idleTimeout: TimeAmount(limits.idleTimeout)))
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: encryption != nil))
        try pipeline.addHandlers(channelHandlers())
        let (requests, arrival) = AsyncStream.makeStream(of: IncomingRequest.self)
        try pipeline.addHandler(RequestAssembler(arrival))
        connections.add(channel)
        if case .terminated = acceptance.yield(Connection(channel: channel, requests: requests)) {
            channel.close(promise: nil)
        }
    }

    private func serve(_ connection: Connection) async {
        let executor =
            responder.beginsOnEventLoop ? EventLoopExecutor(connection.channel.eventLoop) : nil
        await withTaskGroup { group in
            group.addTask(executorPreference: executor) { await answerRequests(of: connection) }
            group.addTask {
                do {
                    try await connection.channel.closeFuture.get()
                } catch {
                    logger.debug("A connection closed badly", metadata: ["error": "\(error)"])
                }
            }
            await group.next()
            group.cancelAll()
            connection.channel.close(promise: nil)
        }
    }

    // MARK: Requests

    private func answerRequests(of connection: Connection) async {
        let peer = connection.channel.remoteAddress
        let writer = ReplyWriter(channel: connection.channel, isEncrypted: encryption != nil)
        do {
            for await request in connection.requests {
                let reply = await answer(request, peer: peer)
                try Task.checkCancellation()
                try await writer.write(reply, to: request.head.method)
                if case .arriving(let body) = request.body { body.discard() }
            }
        } catch is CancellationError {
            // The client went away; there is nobody to tell.
        } catch {
            logger.debug(
                "A connection ended early",
                metadata: ["error": "\(error)", "peer": "\(peer?.description ?? "")"]
            )
        }
    }

    private func answer(_ request: IncomingRequest, peer: SocketAddress?) async -> ServerResponse {
        let body =
            switch request.body {
            case .whole(let bytes): BodyStream(bytes)
            case .arriving(let body): BodyStream(body)
            }
        do {
            return try await responder.respond(
                to: ServerRequest(
                    head: request.head,
                    body: body,
                    peer: peer?.description ?? "",
                    isFromLoopback: peer.map(Self.isLoopback) ?? false
                )
            )
        } catch let error as BodyTooLarge {
            return .text(.contentTooLarge, "The request body is larger than \(error.limit) bytes.\n")
        } catch let error as BodyEndedEarly {
            return .text(.badRequest, "\(error)\n")
        } catch {
            if !Task.isCancelled {
                logger.error(
                    "A request handler failed",
                    metadata: [
                        "error": "\(error)", "method": "\(request.head.method)",
                        "path": "\(request.head.path ?? "")",
                    ]
                )
            }
            return .text(.internalServerError, "Internal error. The server's log says more.\n")
        }
    }
}

extension HTTPServer {
    private static func isLoopback(_ address: SocketAddress) -> Bool {
        switch address {
        case .v4: address.ipAddress?.hasPrefix("127.") == true
        case .v6: address.ipAddress == "::1"
        case .unixDomainSocket: false
        }
    }
}

extension ServerResponse {
    fileprivate static func text(_ status: HTTPResponse.Status, _ text: String) -> ServerResponse {
        ServerResponse(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: .bytes(ByteBuffer(string: text))
        )
    }
}

extension ServerAddress {
    /// This address with the port that the system chose.
    fileprivate func resolved(_ local: SocketAddress?) -> BoundAddress {
        guard case .tcp(let host, _) = self, let port = local?.port else { return self }
        return .tcp(host: host, port: port)
    }
}
