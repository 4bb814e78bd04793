import Glibc
import HTTPServing
import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct StreamingTests {
    private static let piece = ByteBuffer(repeating: 1, count: 1 << 18)

    private static let total = 256 << 20
    /// What may be on its way: socket buffers of both sides, which the kernel sizes as it likes, and the buffers of
    /// server and client.
    ///
    /// Without back pressure it would be nearly everything.
    private static let most = 96 << 20

    @Test func `a producer is never far ahead of its reader`() async throws {
        let produced = Atomic(0)
        let producing = Answering { _ in
            ServerResponse(
                status: .ok,
                body: .stream(length: Self.total) { writer in
                    for _ in 0..<(Self.total / Self.piece.readableBytes) {
                        try await writer.write(Self.piece)
                        produced.add(Self.piece.readableBytes, ordering: .relaxed)
                    }
                }
            )
        }
        try await serving(producing) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("GET / HTTP/1.1\r\n\r\n")
                _ = try await client.reply(toHead: true)
                var (received, lead) = (0, 0)
                while received < Self.total, let piece = try await client.piece() {
                    lead = max(lead, produced.load(ordering: .relaxed) - received)
                    received += piece.readableBytes
                }
                #expect(received == Self.total)
                #expect(lead < Self.most)
            }
        }
    }

    /// A file that is closed when nobody needs it any more.
    private final class OpenFile: Sendable {
        let number: Int32
        init(_ content: [UInt8]) throws {
            let file = try #require(tmpfile())
            number = dup(fileno(file))
            fclose(file)
            #expect(Glibc.write(number, content, content.count) == content.count)
        }

        deinit { close(number) }
    }

    @Test func `parts of files and buffers are sent in their order`() async throws {
        let content = (0..<(5 << 20)).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 11)) }
        let file = try OpenFile(content)
        let mixed = Answering { _ in
            ServerResponse(
                status: .ok,
                body: .stream(length: content.count + 4) { writer in
                    let files = try #require(writer.files)
                    try await writer.write(ByteBuffer(string: "<<"))
                    for range in [0..<1, 1..<1, 1..<(3 << 20), (3 << 20)..<content.count] {
                        try await files.write(FilePart(descriptor: file.number, range: range, owner: file))
                    }
                    try await writer.write(ByteBuffer(string: ">>"))
                }
            )
        }
        try await serving(mixed) { address in
            try await RawClient.connect(to: address) { client in
                for _ in 0..<2 {
                    try await client.send("GET / HTTP/1.1\r\n\r\n")
                    let reply = try #require(try await client.reply(toHead: true))
                    #expect(reply.headers["content-length"] == "\(content.count + 4)")
                    var received: [UInt8] = []
                    while received.count < content.count + 4, let piece = try await client.piece() {
                        received += piece.readableBytesView
                    }
                    #expect(received == Array("<<".utf8) + content + Array(">>".utf8))
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `the end of a last reply does not overtake a part of a file`(onEventLoop: Bool) async throws {
        let content = (0..<(5 << 20)).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 11)) }
        let file = try OpenFile(content)
        let filed = Answering(onEventLoop: onEventLoop) { _ in
            ServerResponse(
                status: .ok,
                body: .stream(length: content.count) { writer in
                    let files = try #require(writer.files)
                    let all = 0..<content.count
                    try await files.write(FilePart(descriptor: file.number, range: all, owner: file))
                }
            )
        }
        try await serving(filed) { address in
            for _ in 0..<10 {
                try await RawClient.connect(to: address) { client in
                    try await client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
                    _ = try #require(try await client.reply(toHead: true))
                    var received: [UInt8] = []
                    while let piece = try await client.piece() { received += piece.readableBytesView }
                    #expect(received == content)
                }
            }
        }
    }

    @Test func `a responder begins where it asked to, and may leave`() async throws {
        @Sendable func isOnEventLoop() -> String { "\(MultiThreadedEventLoopGroup.currentEventLoop != nil)" }
        for onEventLoop in [true, false] {
            let telling = Answering(onEventLoop: onEventLoop) { request in
                let first = isOnEventLoop()
                _ = try await request.body.collect(upTo: 100)
                let elsewhere = await withTaskExecutorPreference(globalConcurrentExecutor) {
                    await Task.yield()
                    return isOnEventLoop()
                }
                return .text("\(first) \(elsewhere) \(isOnEventLoop())")
            }
            try await serving(telling) { address in
                try await RawClient.connect(to: address) { client in
                    for _ in 0..<3 {
                        try await client.send("GET / HTTP/1.1\r\n\r\n")
                        let reply = try #require(try await client.reply())
                        #expect(reply.body == "\(onEventLoop) false \(onEventLoop)")
                    }
                }
            }
        }
    }

    @Test func `a sender is never far ahead of the handler`() async throws {
        let sent = Atomic(0)
        let lead = Atomic(0)
        let consuming = Answering { request in
            var count = 0
            for try await chunk in request.body {
                lead.max(sent.load(ordering: .relaxed) - count, ordering: .relaxed)
                count += chunk.readableBytes
            }
            return .text("\(count)")
        }
        try await serving(consuming) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("PUT / HTTP/1.1\r\nContent-Length: \(Self.total)\r\n\r\n")
                for _ in 0..<(Self.total / Self.piece.readableBytes) {
                    try await client.send(Self.piece)
                    sent.add(Self.piece.readableBytes, ordering: .relaxed)
                }
                #expect(try await client.reply()?.body == "\(Self.total)")
                #expect(lead.load(ordering: .relaxed) < Self.most)
            }
        }
    }

    @Test func `a body shorter than announced ends the connection`() async throws {
        let lying = Answering { _ in
            ServerResponse(
                status: .ok,
                body: .stream(length: 10) { writer in try await writer.write(ByteBuffer(string: "abc")) }
            )
        }
        try await serving(lying) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("GET / HTTP/1.1\r\n\r\n")
                let reply = try #require(try await client.reply())
                #expect(reply.headers["content-length"] == "10")
                #expect(reply.body == "(cut short)")
            }
        }
    }

    @Test func `a stream without a length is chunked`() async throws {
        let streaming = Answering { _ in
            ServerResponse(
                status: .ok,
                body: .stream(length: nil) { writer in
                    for text in ["a", "", "bc"] { try await writer.write(ByteBuffer(string: text)) }
                }
            )
        }
        try await serving(streaming) { address in
            try await RawClient.connect(to: address) { client in
                try await client.send("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
                for _ in 0..<2 {
                    let reply = try #require(try await client.reply())
                    #expect(reply.headers["transfer-encoding"] == "chunked")
                    #expect(reply.body == "abc")
                }
            }
        }
    }
}
