import Foundation
import NIOCore
import NIOPosix

/// The way to hosts that Clary does not stand in for: directly, or through the proxy that was there before.
struct Upstream: Sendable {
    let context: ProxyContext

    /// A connection on which the target's bytes follow.
    struct Connection: Sendable {
        /// Does not read yet.
        let channel: any Channel
        /// Bytes of the target that came along with an upstream proxy's answer.
        let first: ByteBuffer
    }

    /// Opens a connection to a target that is not Clary's.
    func connect(to request: ConnectRequest) async throws(Refusal) -> Connection {
        let proxy: UpstreamProxy?
        do { proxy = try UpstreamProxy.recorded(context.configuration) } catch {
            throw Refusal(status: 502, reason: "\(error)")
        }
        if let proxy { return try await connect(to: request, through: proxy) }
        let address = try await resolve(request.host, port: request.port)
        // What a name resolves to is checked, and that very address is used: a name cannot change in between.
        guard NetworkAddress(address)?.isPublic == true else { throw .privateAddress }
        do { return Connection(channel: try await connect(to: address), first: ByteBuffer()) } catch {
            throw Refusal(status: 502, reason: "\(request.host) does not answer")
        }
    }

    /// Connects to an address; ten seconds at most.
    func connect(to address: SocketAddress) async throws -> any Channel {
        var bootstrap = ClientBootstrap(group: context.eventLoopGroup)
            .connectTimeout(.seconds(10))
            .channelOption(.autoRead, value: false)
        if address.port != nil {
            bootstrap = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
        }
        return try await bootstrap.connect(to: address) { $0.eventLoop.makeSucceededFuture($0) }
    }

    private func resolve(_ host: String, port: Int) async throws(Refusal) -> SocketAddress {
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(host, port: port)
            }
        } catch { throw Refusal(status: 502, reason: "The name \(host) does not resolve") }
    }

    private func connect(
        to request: ConnectRequest,
        through proxy: UpstreamProxy
    ) async throws(Refusal) -> Connection {
        let failed = Refusal(
            status: 502,
            reason: "The upstream proxy \(proxy.host):\(proxy.port) does not answer"
        )
        let address = try await resolve(proxy.host, port: proxy.port)
        let answer = context.eventLoopGroup.next().makePromise(of: ConnectExchange.Answer.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: context.eventLoopGroup)
                .connectTimeout(.seconds(10))
                .channelOption(.autoRead, value: false)
                .connect(to: address) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            ConnectExchange(request: proxy.connectHead(for: request), answer: answer)
                        )
                        return channel
                    }
                }
        } catch {
            answer.fail(error)
            throw failed
        }
        let said: ConnectExchange.Answer
        do { said = try await answer.futureResult.get() } catch { throw failed }
        guard said.statusLine.wholeMatch(of: /HTTP\/1\.[01] 2\d\d.*/) != nil else {
            channel.close(promise: nil)
            throw Refusal(status: 502, reason: "The upstream proxy answers \(said.statusLine.prefix(100))")
        }
        return Connection(channel: channel, first: said.rest)
    }
}

/// A proxy of the user's network.
struct UpstreamProxy: Equatable, Sendable {
    let host: String
    let port: Int
    /// Value of `Proxy-Authorization`.
    let authorization: String?

    /// Reads `http://[user[:password]@]host[:port]`.
    ///
    /// - Throws: `UnusableUpstream` for anything else.
    init(parsing url: String) throws(UnusableUpstream) {
        guard let parts = URLComponents(string: url.contains("://") ? url : "http://" + url),
            parts.scheme == "http", let host = parts.host, !host.isEmpty
        else { throw UnusableUpstream() }
        self.host = host
        port = parts.port ?? 80
        authorization = parts.user.map { user in
            "Basic " + Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
        }
    }

    /// The proxy that `clary env` recorded when it last ran, or else the one that the server was given.
    static func recorded(_ configuration: ProxyServer.Configuration) throws -> UpstreamProxy? {
        let path = ClientEnvironment.upstreamFile(dataDirectory: configuration.dataDirectory)
        let recorded = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        let url = (recorded ?? configuration.upstream ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        // A tunnel through this proxy itself would never open.
        return url.isEmpty || ClientEnvironment.leadsToClary(url) ? nil : try UpstreamProxy(parsing: url)
    }

    /// The request that opens a tunnel through this proxy.
    func connectHead(for request: ConnectRequest) -> String {
        let target = (request.host.contains(":") ? "[\(request.host)]" : request.host) + ":\(request.port)"
        let credentials = authorization.map { "Proxy-Authorization: \($0)\r\n" } ?? ""
        return "CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\n\(credentials)\r\n"
    }
}

/// The setting of the network's proxy is not one that this proxy can use.
struct UnusableUpstream: Error, CustomStringConvertible {
    var description: String { "The upstream proxy must be an http:// URL" }
}

/// Asks an upstream proxy for a tunnel and reads no further than its answer.
private final class ConnectExchange: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct Answer: Sendable {
        let statusLine: String
        /// What followed the answer's head in the same bytes.
        let rest: ByteBuffer
    }

    private let request: String
    private let answer: EventLoopPromise<Answer>
    private var received = ByteBuffer()
    private var isAnswered = false
    private var timeout: Scheduled<Void>?

    init(request: String, answer: EventLoopPromise<Answer>) {
        self.request = request
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
        let channel = context.channel
        timeout = context.eventLoop.scheduleTask(in: .seconds(10)) { channel.close(promise: nil) }
        context.fireChannelActive()
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else {
            context.fireChannelRead(data)
            return
        }
        var chunk = unwrapInboundIn(data)
        received.writeBuffer(&chunk)
        let view = received.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else {
            if received.readableBytes > ConnectRequest.longestHead { context.close(promise: nil) }
            return
        }
        isAnswered = true
        timeout?.cancel()
        let head = String(decoding: view[..<end.lowerBound], as: UTF8.self)
        received.moveReaderIndex(to: end.upperBound)
        answer.succeed(Answer(statusLine: String(head.prefix { $0 != "\r\n" }), rest: received))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isAnswered { context.fireChannelReadComplete() } else { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        if !isAnswered { answer.fail(ChannelError.eof) }
        context.fireChannelInactive()
    }
}
