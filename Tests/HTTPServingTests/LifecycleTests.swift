import HTTPServing
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct LifecycleTests {
    @Test func `a graceful shutdown finishes the request in flight and closes idle connections`() async throws
    {
        let (entered, mayAnswer) = (Signal(), Signal())
        let slow = Answering { request in
            if request.path == "/slow" {
                entered.send()
                await mayAnswer.wait()
            }
            return .text("done")
        }
        let (ready, readiness) = AsyncStream.makeStream(of: BoundAddress.self)
        let server = HTTPServer(
            address: .tcp(host: "127.0.0.1", port: 0),
            responder: slow,
            onReady: { readiness.yield($0) },
            logger: .silent
        )
        let services = ServiceGroup(services: [server], logger: .silent)
        try await withThrowingTaskGroup { group in
            group.addTask { try await services.run() }
            var readyOnes = ready.makeAsyncIterator()
            let address = try #require(await readyOnes.next())
            try await RawClient.connect(to: address) { idle in
                try await idle.send("GET /quick HTTP/1.1\r\n\r\n")
                #expect(try await idle.reply()?.body == "done")
                try await RawClient.connect(to: address) { busy in
                    try await busy.send("GET /slow HTTP/1.1\r\n\r\n")
                    await entered.wait()
                    await services.triggerGracefulShutdown()
                    #expect(try await idle.isAtEnd())
                    mayAnswer.send()
                    let reply = try #require(try await busy.reply())
                    #expect(reply.body == "done")
                    #expect(reply.headers["connection"] == "close")
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `what still runs after the grace is cut off`() async throws {
        let entered = Signal()
        let endless = Answering { _ in
            entered.send()
            try await Task.sleep(for: .seconds(3600))
            return .text("never")
        }
        var limits = ServerLimits()
        limits.shutdownGrace = .milliseconds(50)
        let (ready, readiness) = AsyncStream.makeStream(of: BoundAddress.self)
        let server = HTTPServer(
            address: .tcp(host: "127.0.0.1", port: 0),
            responder: endless,
            limits: limits,
            onReady: { readiness.yield($0) },
            logger: .silent
        )
        let services = ServiceGroup(services: [server], logger: .silent)
        try await withThrowingTaskGroup { group in
            group.addTask { try await services.run() }
            var readyOnes = ready.makeAsyncIterator()
            let address = try #require(await readyOnes.next())
            try await RawClient.connect(to: address) { client in
                try await client.send("GET / HTTP/1.1\r\n\r\n")
                await entered.wait()
                await services.triggerGracefulShutdown()
                #expect(try await client.reply()?.status == nil)
            }
            try await group.waitForAll()
        }
    }

    @Test func `a port in use is a clear error`() async throws {
        try await serving(Answering { _ in .text("") }) { address in
            let second = HTTPServer(
                address: address,
                responder: Answering { _ in .text("") },
                logger: .silent
            )
            let error = await #expect(throws: ServerStartError.self) { try await second.run() }
            #expect(error == .addressInUse(address))
            #expect(error?.description.contains("another process listens on \(address)") == true)
        }
    }

    @Test func `a client that keeps the server waiting is closed`() async throws {
        var limits = ServerLimits()
        limits.idleTimeout = .milliseconds(100)
        try await serving(Answering { _ in .text("") }, limits: limits) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("GET / HTTP/1.1\r\nHost:")
                #expect(try await client.isAtEnd())
            }
        }
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (1_704_164_645, "Tue, 02 Jan 2024 03:04:05 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
    func `dates are written as HTTP wants them`(second: Int, text: String) {
        #expect(HTTPDate.format(second) == text)
    }
}
