package import HTTPServing
import HTTPTypes
package import Logging
package import NIOCore

/// A responder made of a closure.
package struct Answering: Responder {
    package let beginsOnEventLoop: Bool
    private let answer: @Sendable (ServerRequest) async throws -> ServerResponse

    package init(
        onEventLoop beginsOnEventLoop: Bool = false,
        _ answer: @escaping @Sendable (ServerRequest) async throws -> ServerResponse
    ) {
        self.beginsOnEventLoop = beginsOnEventLoop
        self.answer = answer
    }

    package func respond(to request: ServerRequest) async throws -> ServerResponse {
        try await answer(request)
    }
}

extension ServerResponse {
    /// A 200 with a text.
    package static func text(_ text: String) -> ServerResponse {
        ServerResponse(status: .ok, body: .bytes(ByteBuffer(string: text)))
    }
}

/// The server of a test ended before it was ready.
package struct ServerEnded: Error {}

/// Runs a server on a free port for the time of `body`.
package func serving<Result>(
    _ responder: some Responder,
    limits: ServerLimits = ServerLimits(),
    channelHandlers: @escaping @Sendable () -> [any ChannelHandler] = { [] },
    body: (BoundAddress) async throws -> Result
) async throws -> Result {
    let (ready, readiness) = AsyncStream.makeStream(of: BoundAddress.self)
    let server = HTTPServer(
        address: .tcp(host: "127.0.0.1", port: 0),
        responder: responder,
        channelHandlers: channelHandlers,
        limits: limits,
        onReady: { readiness.yield($0) },
        logger: .silent
    )
    return try await withThrowingTaskGroup { group in
        group.addTask {
            defer { readiness.finish() }
            try await server.run()
        }
        var readyOnes = ready.makeAsyncIterator()
        guard let address = await readyOnes.next() else {
            try await group.waitForAll()
            throw ServerEnded()
        }
        let result = try await body(address)
        group.cancelAll()
        return result
    }
}

extension Logger {
    /// For tests in which errors are expected.
    package static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Lets one side of a test wait for the other.
package final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() { (stream, continuation) = AsyncStream.makeStream() }

    /// Lets one waiter through, now or later.
    package func send() { continuation.yield() }

    /// Waits for one signal.
    package func wait() async {
        for await _ in stream { return }
    }
}
