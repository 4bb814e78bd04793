import AsyncHTTPClient
import ContainerEngine
import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A container engine that says what a test wants, byte for byte, at a socket in a temporary directory.
struct FakeEngine: Sendable {
    let engine: ContainerEngine
    let http: HTTPClient
    let directory: String
    private let heard: Heard

    /// What a connection gets for its request.
    struct Answer: Sendable {
        var text: String
        var ending = Ending.open

        /// What the connection does after the text.
        enum Ending: Sendable { case open, closed }

        /// A whole answer.
        static func whole(_ status: String, _ body: String, headers: String = "") -> Answer {
            Answer(text: "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
        }

        /// Lines of a stream, which goes on unless it is `ended`.
        static func stream(_ lines: [String], isEnded: Bool = false, _ ending: Ending = .open) -> Answer {
            let chunks = lines.map { "\(String($0.utf8.count + 1, radix: 16))\r\n\($0)\n\r\n" }.joined()
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            return Answer(text: head + chunks + (isEnded ? "0\r\n\r\n" : ""), ending: ending)
        }
    }

    /// What it says to the head of a request.
    struct Answers: Sendable {
        let answer: @Sendable (String) -> Answer

        init(_ answer: @escaping @Sendable (String) -> Answer) { self.answer = answer }
    }

    private final class Heard: Sendable {
        let requests = Mutex<[String]>([])
    }

    /// Heads of the requests so far.
    var requests: [String] { heard.requests.withLock { $0 } }

    /// Runs one for the time of `body`; `answers` is given the head of each request.
    static func run(
        _ answers: Answers,
        body: (FakeEngine) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "engine-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let heard = Heard()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Conversation { head in
                            heard.requests.withLock { $0.append(head) }
                            return answers.answer(head)
                        }
                    )
                }
            }
            .bind(unixDomainSocketPath: "\(directory)/engine.sock").get()
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let fake = FakeEngine(
            engine: ContainerEngine(socket: "\(directory)/engine.sock", http: http),
            http: http,
            directory: directory,
            heard: heard
        )
        let result: Result<Void, any Error>
        do { result = .success(try await body(fake)) } catch { result = .failure(error) }
        try await server.close()
        try await http.shutdown()
        try FileManager.default.removeItem(atPath: directory)
        try result.get()
    }

    /// One connection, whose requests have no bodies that matter.
    private final class Conversation: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: (String) -> Answer
        private var text = ""

        init(_ answer: @escaping (String) -> Answer) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            while let end = text.firstRange(of: "\r\n\r\n") {
                let head = String(text[..<end.lowerBound])
                text = String(text[end.upperBound...])
                let answer = answer(head)
                let written = context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer.text)))
                if answer.ending == .closed {
                    let channel = context.channel
                    written.whenComplete { _ in channel.close(promise: nil) }
                }
            }
        }
    }
}
