import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Proxy
import Testing

@Suite struct ProxyServerTests {
    @Test func `an AWS host is answered by Clary, over TLS that the authority vouches for`() async throws {
        try await withProxy { proxy in
            let answer = try await proxy.exchange(with: "sts.us-east-1.amazonaws.com:443", tls: true)
            #expect(answer.statusLine == "HTTP/1.1 200 Connection established")
            #expect(answer.rest.hasPrefix("HTTP/1.1 200 OK"))
            #expect(answer.rest.contains("Host: sts.us-east-1.amazonaws.com"))
        }
    }

    @Test func `a name with a bucket gets a certificate of its own`() async throws {
        try await withProxy { proxy in
            let answer = try await proxy.exchange(with: "a.b.s3.amazonaws.com:443", tls: true)
            #expect(answer.rest.contains("Host: a.b.s3.amazonaws.com"))
        }
    }

    @Test func `telemetry is answered with 404 and reaches nobody`() async throws {
        try await withProxy { proxy in
            let answer = try await proxy.exchange(
                with: "sm-pysdk-t-us-east-1.s3.us-east-1.amazonaws.com:443",
                tls: true
            )
            #expect(answer.rest.hasPrefix("HTTP/1.1 404"))
        }
    }

    @Test(arguments: [
        ("127.0.0.1:22", "403"), ("169.254.169.254:80", "403"), ("localhost:443", "403"),
        ("[::1]:443", "403"),
        ("127.1:80", "400"), ("no-port", "400"), ("name.invalid:443", "502"),
    ])
    func `targets that must not be opened are refused`(target: String, status: String) async throws {
        try await withProxy { proxy in
            let answer = try await proxy.exchange(with: target)
            #expect(answer.statusLine.hasPrefix("HTTP/1.1 \(status) "))
        }
    }

    @Test func `without the token nothing is opened`() async throws {
        try await withProxy { proxy in
            for token in [nil, "wrong"] {
                let answer = try await proxy.exchange(with: "sts.us-east-1.amazonaws.com:443", token: token)
                #expect(answer.statusLine.hasPrefix("HTTP/1.1 407 "))
            }
        }
    }

    @Test func `a head without an end is cut off`() async throws {
        try await withProxy { proxy in
            let answer = try await proxy.exchange(sending: String(repeating: "x", count: 20_000))
            #expect(answer.statusLine.hasPrefix("HTTP/1.1 431 "))
        }
    }

    @Test func `other hosts go through the proxy that the shell used before`() async throws {
        try await withProxy(upstream: .answering("HTTP/1.1 200 fine\r\n\r\nhello from afar")) { proxy in
            let answer = try await proxy.exchange(with: "pypi.org:443")
            #expect(answer.statusLine == "HTTP/1.1 200 Connection established")
            #expect(answer.rest == "hello from afar")
        }
    }

    @Test func `a proxy of Clary's own is no upstream`() async throws {
        try await withTemporaryFolder { folder in
            let recorded = ClientEnvironment.upstreamFile(dataDirectory: folder)
            try PrivateFile.write(Data("http://clary:0123@127.0.0.1:1".utf8), to: recorded)
            try await withProxy(folder: folder) { proxy in
                let answer = try await proxy.exchange(with: "name.invalid:443")
                #expect(answer.statusLine.contains("The name name.invalid does not resolve"))
            }
        }
    }

    @Test func `what the upstream proxy refuses is said`() async throws {
        try await withProxy(upstream: .answering("HTTP/1.1 403 Forbidden by corp\r\n\r\n")) { proxy in
            let answer = try await proxy.exchange(with: "pypi.org:443")
            #expect(answer.statusLine.hasPrefix("HTTP/1.1 502 "))
            #expect(answer.statusLine.contains("403 Forbidden by corp"))
        }
    }

    @Test func `the port and the token survive a restart`() async throws {
        try await withTemporaryFolder { folder in
            let first = try await settingsAfterStart(folder)
            let second = try await settingsAfterStart(folder)
            #expect(first == second)
            #expect(first.port != 0)
        }
    }

    private func settingsAfterStart(_ folder: String) async throws -> ProxySettings {
        try await withProxy(folder: folder) { _ in
            try #require(try ProxySettings.load(dataDirectory: folder))
        }
    }
}

/// A network's own proxy in a test.
private enum UpstreamStub {
    case none
    /// Answers every request head with this text and closes.
    case answering(String)
}

/// A running proxy as a client sees it.
private struct RunningProxy: Sendable {
    let port: Int
    let token: String
    let authorityFile: String

    struct Answer: Sendable {
        let statusLine: String
        let rest: String
    }

    /// Asks for a tunnel with the right token, and if `tls` for a page through it.
    func exchange(with target: String, tls: Bool = false) async throws -> Answer {
        try await exchange(with: target, token: token, tls: tls)
    }

    func exchange(with target: String, token: String?, tls: Bool = false) async throws -> Answer {
        let credentials = token.map {
            "Proxy-Authorization: Basic \(Data("clary:\($0)".utf8).base64EncodedString())\r\n"
        }
        let host = String(target.prefix { $0 != ":" })
        return try await exchange(
            sending: "CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\n\(credentials ?? "")\r\n",
            tlsHost: tls ? host : nil
        )
    }

    func exchange(sending head: String, tlsHost: String? = nil) async throws -> Answer {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(authorityFile)
        let tls = try NIOSSLContext(configuration: configuration)
        let group = MultiThreadedEventLoopGroup.singleton
        let text = group.any().makePromise(of: String.self)
        _ = try await ClientBootstrap(group: group).connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    Conversation(head: head, tlsHost: tlsHost, tls: tls, text: text)
                )
            }
        }
        let whole = try await text.futureResult.get()
        let lines = whole.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        return Answer(
            statusLine: String(lines[0].prefix { $0 != "\r\n" }),
            rest: lines.count > 1 ? String(lines[1]) : ""
        )
    }
}

/// Sends a request head, puts TLS on the tunnel if it opens, asks for a page, and collects all that arrives.
private final class Conversation: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let head: String
    private let tlsHost: String?
    private let tls: NIOSSLContext
    private let text: EventLoopPromise<String>
    private var received = ""
    private var isAsked = false

    init(head: String, tlsHost: String?, tls: NIOSSLContext, text: EventLoopPromise<String>) {
        self.head = head
        self.tlsHost = tlsHost
        self.tls = tls
        self.text = text
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard let tlsHost, !isAsked, received.hasPrefix("HTTP/1.1 200"), received.hasSuffix("\r\n\r\n") else {
            return
        }
        isAsked = true
        do {
            let handler = try NIOSSLClientHandler(context: tls, serverHostname: tlsHost)
            try context.pipeline.syncOperations.addHandler(handler, position: .first)
        } catch { text.fail(error) }
        context.writeAndFlush(
            wrapOutboundOut(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: \(tlsHost)\r\n\r\n")),
            promise: nil
        )
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOSSLError, case .uncleanShutdown = error { return }
        text.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        text.succeed(received)
    }
}

/// Runs a proxy in front of a server that shows each request's head in its answer.
private func withProxy<Result: Sendable>(
    folder: String? = nil,
    upstream: UpstreamStub = .none,
    _ body: @Sendable (RunningProxy) async throws -> Result
) async throws -> Result {
    guard let folder else {
        return try await withTemporaryFolder { try await withProxy(folder: $0, upstream: upstream, body) }
    }
    let clary = try await listen { head in
        "HTTP/1.1 200 OK\r\nContent-Length: \(head.utf8.count)\r\nConnection: close\r\n\r\n\(head)"
    }
    var upstreamURL: String?
    var stub: (any Channel)?
    if case .answering(let text) = upstream {
        let channel = try await listen { _ in text }
        upstreamURL = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
        stub = channel
    }
    let proxy = try await ProxyServer.bind(
        ProxyServer.Configuration(
            dataDirectory: folder,
            claryPort: clary.localAddress?.port ?? 0,
            upstream: upstreamURL
        ),
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    let settings = try #require(try ProxySettings.load(dataDirectory: folder))
    let running = RunningProxy(
        port: proxy.port,
        token: settings.token,
        authorityFile: ProxySettings.folder(dataDirectory: folder) + "/ca.pem"
    )
    let result = try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await proxy.run() }
        let result = try await body(running)
        group.cancelAll()
        return result
    }
    try await clary.close()
    try await stub?.close()
    return result
}

/// Listens on a free port; answers each request head and closes.
private func listen(_ answer: @escaping @Sendable (String) -> String) async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(AnswerOnce(answer: answer))
            }
        }
        .bind(host: "127.0.0.1", port: 0).get()
}

private final class AnswerOnce: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: @Sendable (String) -> String
    private var received = ""

    init(answer: @escaping @Sendable (String) -> String) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard received.hasSuffix("\r\n\r\n") else { return }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer(received))))
            .whenComplete { _ in channel.close(promise: nil) }
    }
}
