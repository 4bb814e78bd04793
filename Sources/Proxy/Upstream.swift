import Foundation
import NIOCore
import NIOPosix

/// The way to hosts that Clary does not stand in for: directly, or through the proxy that was there before.
struct Upstream: Sendable {
    let context: ProxyContext

    /// Opens a connection on which the target's bytes follow.
    func connect(to request: ConnectRequest) async throws(Refusal) -> any Channel {
        let proxy: UpstreamProxy?
        do { proxy = try UpstreamProxy.recorded(context.configuration) } catch {
            throw Refusal(status: 502, reason: "\(error)")
        }
        if let proxy { return try await connect(to: request, through: proxy) }
        let address = try await resolve(request.host, port: request.port)
        // What a name resolves to is checked, and that very address is used: a name cannot change in between.
        guard NetworkAddress(address)?.isPublic == true else { throw .privateAddress }
        do { return try await connect(to: address) } catch {
            throw Refusal(status: 502, reason: "\(request.host) does not answer")
        }
    }

    /// Connects to an address; ten seconds at most.
    func connect(to address: SocketAddress) async throws -> any Channel {
        try await ClientBootstrap(group: context.eventLoopGroup)
            .connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.autoRead, value: false)
            .connect(to: address) { $0.eventLoop.makeSucceededFuture($0) }
    }

    private func resolve(_ host: String, port: Int) async throws(Refusal) -> SocketAddress {
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(host, port: port)
            }
        } catch { throw Refusal(status: 502, reason: "The name \(host) does not resolve") }
    }

    private func connect(
        to request: ConnectRequest, through proxy: UpstreamProxy
    ) async throws(Refusal) -> any Channel {
        let failed = Refusal(status: 502, reason: "The upstream proxy \(proxy.host):\(proxy.port) does not answer")
        let address = try await resolve(proxy.host, port: proxy.port)
        let answer = context.eventLoopGroup.next().makePromise(of: String.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: context.eventLoopGroup)
                .connectTimeout(.seconds(10))
                .channelOption(.autoRead, value: false)
                .connect(to: address) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            ConnectExchange(request: proxy.connectHead(for: request), answer: answer))
                        return channel
                    }
                }
        } catch {
            answer.fail(error)
            throw failed
        }
        let statusLine: String
        do { statusLine = try await answer.futureResult.get() } catch { throw failed }
        guard statusLine.wholeMatch(of: /HTTP\/1\.[01] 2\d\d.*/) != nil else {
            channel.close(promise: nil)
            throw Refusal(status: 502, reason: "The upstream proxy answers \(statusLine.prefix(100))")
        }
        return channel
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
        return url.isEmpty ? nil : try UpstreamProxy(parsing: url)
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

/// Asks an upstream proxy for a tunnel and reads no further than its answer; what came with it follows when the
/// connection is read again.
private final class ConnectExchange: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: String
    private let answer: EventLoopPromise<String>
    private var received = ByteBuffer()
    private var isAnswered = false
    private var timeout: Scheduled<Void>?

    init(request: String, answer: EventLoopPromise<String>) {
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
        answer.succeed(String(head.prefix { $0 != "\r\n" }))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isAnswered { context.fireChannelReadComplete() } else { context.read() }
    }

    func read(context: ChannelHandlerContext) {
        if isAnswered, received.readableBytes > 0 {
            let rest = received
            received.clear()
            context.fireChannelRead(wrapInboundOut(rest))
            context.fireChannelReadComplete()
        }
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        if !isAnswered { answer.fail(ChannelError.eof) }
        context.fireChannelInactive()
    }
}
