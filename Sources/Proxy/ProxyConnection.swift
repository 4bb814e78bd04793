import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// One client's connection, from the request head to the end of the tunnel.
struct ProxyConnection: Sendable {
    /// The accepted connection; it does not read yet.
    let channel: any Channel
    let context: ProxyContext
    let admission: Admission

    /// Who gets a tunnel.
    enum Admission {
        /// Whoever gives the token.
        case token
        /// Everyone who can reach the listener.
        case everyone
    }

    /// Serves the connection and closes it; what goes wrong ends this connection only.
    func serve() async {
        do {
            try await Tunnel.open(channel).executeThenClose { inbound, outbound in
                var bytes = inbound.makeAsyncIterator()
                do throws(Refusal) {
                    let request = try await readRequest(&bytes)
                    try await serve(request, bytes: &bytes, outbound: outbound)
                } catch {
                    context.logger.debug("Refused a proxy request", metadata: ["reason": "\(error.reason)"])
                    try await outbound.write(ByteBuffer(string: error.head))
                    await closeAfterWrites(channel)
                }
            }
        } catch {
            // Either side going away is how connections end.
            context.logger.trace("A proxy connection ended", metadata: ["error": "\(error)"])
        }
    }

    private func readRequest(
        _ bytes: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) async throws(Refusal) -> ConnectRequest {
        let late = Refusal(status: 408, reason: "The request head did not arrive in time")
        let deadline = channel.eventLoop.scheduleTask(in: .seconds(10)) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        var head: [UInt8] = []
        while true {
            let next: ByteBuffer?
            do { next = try await bytes.next(isolation: #isolation) } catch { throw late }
            guard let chunk = next else { throw late }
            head += chunk.readableBytesView
            if let end = head.firstRange(of: Array("\r\n\r\n".utf8)) {
                guard end.upperBound <= ConnectRequest.longestHead else { throw .headTooLong }
                guard end.upperBound == head.endIndex else {
                    throw Refusal(status: 400, reason: "Bytes arrived before the tunnel was there")
                }
                break
            }
            guard head.count < ConnectRequest.longestHead else { throw .headTooLong }
        }
        let request = try ConnectRequest(parsing: head)
        guard admission == .everyone || context.settings.accepts(request.authorization) else {
            throw Refusal(status: 407, reason: "Clary's proxy needs its token (evaluate clary env again)")
        }
        return request
    }

    private func serve(
        _ request: ConnectRequest,
        bytes: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws(Refusal) {
        let destination = try Destination(host: request.host, port: request.port)
        context.logger.debug("Proxy", metadata: ["host": "\(request.host)", "to": "\(destination)"])
        switch destination {
        case .clary:
            let clary = try await connectToClary()
            try await endTLS(for: request.host)
            await relay(&bytes, outbound, clary)
        case .nowhere:
            try await endTLS(for: request.host)
            await answerNotFound(&bytes, outbound)
        case .elsewhere:
            let far = try await Upstream(context: context).connect(to: request)
            await write(ByteBuffer(string: ConnectRequest.established), to: outbound)
            if far.first.readableBytes > 0 { await write(far.first, to: outbound) }
            // Clary ends its own connections when it stops; other hosts know nothing of that.
            await withGracefulShutdownHandler {
                await relay(&bytes, outbound, far.channel)
            } onGracefulShutdown: {
                far.channel.close(promise: nil)
            }
        }
    }

    private func connectToClary() async throws(Refusal) -> any Channel {
        let configuration = context.configuration
        do {
            let address =
                try configuration.clarySocket.map { try SocketAddress(unixDomainSocketPath: $0) }
                ?? SocketAddress(ipAddress: "127.0.0.1", port: configuration.claryPort)
            return try await Upstream(context: context).connect(to: address)
        } catch { throw Refusal(status: 502, reason: "Clary does not answer on its port") }
    }

    /// Accepts the tunnel and puts TLS on it: in one turn of the event loop, so that no byte of the client's
    /// hello can come between.
    private func endTLS(for host: String) async throws(Refusal) {
        do {
            let tls = try context.authority.serverContext(for: [host])
            try await channel.eventLoop.submit {
                channel.writeAndFlush(ByteBuffer(string: ConnectRequest.established), promise: nil)
                try channel.pipeline.syncOperations.addHandler(
                    NIOSSLServerHandler(context: tls),
                    position: .first
                )
            }.get()
        } catch {
            context.logger.error(
                "No certificate for a host",
                metadata: ["host": "\(host)", "error": "\(error)"]
            )
            throw Refusal(status: 502, reason: "Clary's proxy could not make a certificate")
        }
    }

    /// Carries bytes both ways until one side ends.
    private func relay(
        _ bytes: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        _ far: any Channel
    ) async {
        do {
            try await Tunnel.open(far).executeThenClose { farInbound, farOutbound in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        do {
                            for try await chunk in farInbound { try await outbound.write(chunk) }
                        } catch {
                            context.logger.trace("A side broke off", metadata: ["error": "\(error)"])
                        }
                        await closeAfterWrites(channel)
                    }
                    while let chunk = try await bytes.next(isolation: #isolation) {
                        try await farOutbound.write(chunk)
                    }
                    await closeAfterWrites(far)
                }
            }
        } catch {
            context.logger.trace("A tunnel ended", metadata: ["error": "\(error)"])
        }
    }

    private func answerNotFound(
        _ bytes: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async {
        var head: [UInt8] = []
        while head.count < 65_536, head.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            // A client that goes away wants no answer.
            guard let chunk = try? await bytes.next(isolation: #isolation) else { return }
            head += chunk.readableBytesView
        }
        let answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        await write(ByteBuffer(string: answer), to: outbound)
        await closeAfterWrites(channel)
    }

    private func write(_ bytes: ByteBuffer, to outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async {
        do { try await outbound.write(bytes) } catch {
            context.logger.trace("A client went away", metadata: ["error": "\(error)"])
        }
    }

    /// Closes a side once all that was written to it is on its way: an empty write waits for those before it.
    private func closeAfterWrites(_ side: any Channel) async {
        do { try await side.writeAndFlush(ByteBuffer()).get() } catch {
            context.logger.trace("A side was gone already", metadata: ["error": "\(error)"])
        }
        side.close(promise: nil)
    }
}

extension ConnectRequest {
    /// The answer that opens a tunnel.
    static let established = "HTTP/1.1 200 Connection established\r\n\r\n"
}

extension Refusal {
    static let headTooLong = Refusal(status: 431, reason: "The request head is too long")

    /// The whole answer.
    var head: String {
        let challenge = status == 407 ? "Proxy-Authenticate: Basic realm=\"clary\"\r\n" : ""
        return "HTTP/1.1 \(status) \(reason)\r\n\(challenge)Content-Length: 0\r\nConnection: close\r\n\r\n"
    }
}
