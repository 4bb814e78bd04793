import HTTPServing
import HTTPTypes
import NIOCore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct HTTPServerTests {
    private static let echo = Answering { request in
        let body = try await request.body.collect(upTo: 1 << 20)
        return .text("\(request.head.method) \(request.target) \(String(buffer: body))")
    }

    @Test func `a connection carries one request after the other`() async throws {
        try await serving(Self.echo) { address in
            try await RawClient.connect(to: address) { client in
                for number in 1...3 {
                    try await client.send("GET /\(number)?a=b HTTP/1.1\r\nHost: x\r\n\r\n")
                    let reply = try #require(try await client.reply())
                    #expect(reply.status == 200)
                    #expect(reply.body == "GET /\(number)?a=b ")
                    let date = try #require(reply.headers["date"])
                    #expect(date.hasSuffix(" GMT") && date.count == 29)
                }
            }
        }
    }

    @Test func `pipelined requests are answered in order`() async throws {
        try await serving(Self.echo) { address in
            try await RawClient.connect(to: address) { client in
                let requests = (1...20).map { "POST /\($0) HTTP/1.1\r\nContent-Length: 2\r\n\r\nab" }
                try await client.send(requests.joined())
                for number in 1...20 {
                    #expect(try await client.reply()?.body == "POST /\(number) ab")
                }
            }
        }
    }

    @Test func `a chunked body arrives whole`() async throws {
        try await serving(Self.echo) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                try await client.send("4;ext=1\r\ndefg\r\n0\r\nx-trailer: 1\r\n\r\n")
                #expect(try await client.reply()?.body == "PUT /c abcdefg")
            }
        }
    }

    @Test func `a waiting client may send once the handler reads`() async throws {
        try await serving(Self.echo) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("PUT /e HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
                #expect(try await client.reply(toHead: true)?.status == 100)
                try await client.send("abc")
                #expect(try await client.reply()?.body == "PUT /e abc")
            }
        }
    }

    @Test func `a waiting client that has nothing to send is told to go on all the same`() async throws {
        try await serving(Self.echo) { address in
            try await RawClient.connect(to: address) { client in
                for body in ["", "abc"] {
                    let length = body.utf8.count
                    try await client.send(
                        "PUT /e HTTP/1.1\r\nContent-Length: \(length)\r\nExpect: 100-continue\r\n\r\n\(body)"
                    )
                    #expect(try await client.reply(toHead: true)?.status == 100)
                    #expect(try await client.reply()?.body == "PUT /e \(body)")
                }
            }
        }
    }

    @Test func `a refusal comes instead of 100 Continue and ends the connection`() async throws {
        let refusing = Answering { _ in ServerResponse(status: .forbidden) }
        try await serving(refusing) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("PUT /e HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
                let reply = try #require(try await client.reply())
                #expect(reply.status == 403)
                #expect(reply.headers["connection"] == "close")
                #expect(try await client.isAtEnd())
            }
        }
    }

    @Test func `a refusal reaches a client that is still sending`() async throws {
        let refusing = Answering { _ in .text("no") }
        try await serving(refusing) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("PUT /e HTTP/1.1\r\nContent-Length: 8000000\r\n\r\n")
                let piece = ByteBuffer(repeating: 7, count: 1_000_000)
                for _ in 0..<8 { try await client.send(piece) }
                #expect(try await client.reply()?.body == "no")
                #expect(try await client.isAtEnd())
            }
        }
    }

    @Test func `HEAD has the length and no body`() async throws {
        let answers = Answering { request in
            request.path == "/head" ? ServerResponse(status: .ok, body: .head(length: 12345)) : .text("hello")
        }
        try await serving(answers) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send(
                    "HEAD /a HTTP/1.1\r\n\r\nHEAD /head HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n"
                )
                #expect(try await client.reply(toHead: true)?.headers["content-length"] == "5")
                #expect(try await client.reply(toHead: true)?.headers["content-length"] == "12345")
                #expect(try await client.reply()?.body == "hello")
            }
        }
    }

    @Test func `a handler's error is a 500 and the connection goes on`() async throws {
        let failing = Answering { request in
            if request.path == "/bad" { throw BodyEndedEarly() }
            if request.path == "/worse" { throw Oops() }
            return .text("fine")
        }
        try await serving(failing) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send(
                    "GET /worse HTTP/1.1\r\n\r\nGET /bad HTTP/1.1\r\n\r\nGET /good HTTP/1.1\r\n\r\n"
                )
                #expect(try await client.reply()?.status == 500)
                #expect(try await client.reply()?.status == 400)
                #expect(try await client.reply()?.body == "fine")
            }
        }
    }

    @Test(arguments: [
        ("nonsense\r\n\r\n", 400), ("GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nx: \(String(repeating: "y", count: 40_000))\r\n\r\n", 431),
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
    ])
    func `what is not HTTP is refused`(request: String, status: Int) async throws {
        try await serving(Self.echo) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send(request)
                let reply = try #require(try await client.reply())
                #expect(reply.status == status)
                #expect(reply.headers["connection"] == "close")
                #expect(try await client.isAtEnd())
            }
        }
    }

    @Test(arguments: ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"])
    func `a client that wants the end gets it`(request: String) async throws {
        try await serving(Self.echo) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send(request)
                #expect(try await client.reply()?.headers["connection"] == "close")
                #expect(try await client.isAtEnd())
            }
        }
    }

    @Test func `a client that leaves cancels its handler`() async throws {
        let (entered, cancelled) = (Signal(), Signal())
        let waiting = Answering { _ in
            entered.send()
            do {
                try await Task.sleep(for: .seconds(60))
            } catch {
                cancelled.send()
            }
            return .text("late")
        }
        try await serving(waiting) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("GET / HTTP/1.1\r\n\r\n")
                await entered.wait()
            }
            await cancelled.wait()
        }
    }

    @Test func `a body that ends early is an error for its handler`() async throws {
        let failed = Signal()
        let reading = Answering { request in
            do {
                _ = try await request.body.collect(upTo: 100)
            } catch is BodyEndedEarly {
                failed.send()
            }
            return .text("")
        }
        try await serving(reading) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")
            }
            await failed.wait()
        }
    }
}

private struct Oops: Error {}
