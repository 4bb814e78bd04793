import HTTPServing
import HTTPTypes
import Logging
import NIOCore
import Testing

/// A responder made of a closure.
struct Answering: Responder {
    let answer: @Sendable (ServerRequest) async throws -> ServerResponse

    init(_ answer: @escaping @Sendable (ServerRequest) async throws -> ServerResponse) { self.answer = answer }

    func respond(to request: ServerRequest) async throws -> ServerResponse { try await answer(request) }
}

extension ServerResponse {
    static func text(_ text: String) -> ServerResponse {
        ServerResponse(status: .ok, body: .bytes(ByteBuffer(string: text)))
    }
}

/// Runs a server on a free port for the time of `body`.
func serving<Result>(
    _ responder: some Responder, limits: ServerLimits = ServerLimits(),
    channelHandlers: @escaping @Sendable () -> [any ChannelHandler] = { [] },
    body: (BoundAddress) async throws -> Result
) async throws -> Result {
    let (ready, readiness) = AsyncStream.makeStream(of: BoundAddress.self)
    let server = HTTPServer(
        address: .tcp(host: "127.0.0.1", port: 0), responder: responder, channelHandlers: channelHandlers,
        limits: limits, onReady: { readiness.yield($0) }, logger: .silent)
    return try await withThrowingTaskGroup { group in
        group.addTask {
            defer { readiness.finish() }
            try await server.run()
        }
        var readyOnes = ready.makeAsyncIterator()
        let address = try #require(await readyOnes.next())
        let result = try await body(address)
        group.cancelAll()
        return result
    }
}

extension Logger {
    /// For tests in which errors are expected.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Lets one side of a test wait for the other.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func send() { continuation.yield() }

    func wait() async {
        for await _ in stream { return }
    }
}
