package import HTTPTypes
package import NIOCore

/// A request as a server hands it on: the head at once, the body as it arrives.
package struct ServerRequest: Sendable {
    package var head: HTTPRequest
    /// The body; reading it slowly slows the sender down.
    package var body: BodyStream
    /// The peer's address, for logs only.
    package var peer: String
    /// Whether the peer is a process of this machine that came over its loopback; not so over a unix socket.
    package var isFromLoopback: Bool

    package init(head: HTTPRequest, body: BodyStream, peer: String = "", isFromLoopback: Bool = false) {
        self.head = head
        self.body = body
        self.peer = peer
        self.isFromLoopback = isFromLoopback
    }

    /// The request target as sent: percent-encoded path and query.
    package var target: String { head.path ?? "/" }

    /// The percent-encoded path of the target, as sent.
    package var path: Substring { target.prefix { $0 != "?" } }

    /// The query of the target as sent, without `?`; empty if there is none.
    package var query: Substring { target.dropFirst(path.count).dropFirst() }
}

/// A request body: chunks in the order they arrive, each read once.
package struct BodyStream: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    private let next: @Sendable () -> Iterator

    /// Wraps any sequence of buffers.
    package init<Chunks: AsyncSequence & Sendable>(_ chunks: Chunks) where Chunks.Element == ByteBuffer {
        next = {
            var iterator = chunks.makeAsyncIterator()
            return Iterator { try await iterator.next(isolation: #isolation) }
        }
    }

    /// A body that is already there.
    package init(_ buffer: ByteBuffer) {
        next = {
            var rest: ByteBuffer? = buffer.readableBytes > 0 ? buffer : nil
            return Iterator {
                defer { rest = nil }
                return rest
            }
        }
    }

    package func makeAsyncIterator() -> Iterator { next() }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let step: () async throws -> ByteBuffer?

        package mutating func next() async throws -> ByteBuffer? { try await step() }
    }

    /// The whole body.
    ///
    /// - Throws: `BodyTooLarge` as soon as more than `limit` bytes have arrived.
    package func collect(upTo limit: Int) async throws -> ByteBuffer {
        var whole = ByteBuffer()
        for try await var chunk in self {
            guard whole.readableBytes + chunk.readableBytes <= limit else { throw BodyTooLarge(limit: limit) }
            whole.writeBuffer(&chunk)
        }
        return whole
    }
}

/// A body longer than the receiver accepts.
package struct BodyTooLarge: Error, Equatable {
    /// Bytes accepted at most.
    package let limit: Int

    package init(limit: Int) { self.limit = limit }
}

/// A reply: head and body.
package struct ServerResponse: Sendable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: ResponseContent

    package init(
        status: HTTPResponse.Status,
        headers: HTTPFields = [:],
        body: ResponseContent = .bytes(ByteBuffer())
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What a reply carries.
package enum ResponseContent: Sendable {
    case bytes(ByteBuffer)
    /// Written piece by piece; `length` becomes `Content-Length`, without it the body is chunked.
    /// The writer returns when the bytes left this process's buffers, so a slow reader slows the producer.
    case stream(length: Int?, @Sendable (any BodyWriter) async throws -> Void)
    /// No body at all, but a `Content-Length` of what GET would have sent (replies to HEAD).
    case head(length: Int)
}

/// Where a streamed reply body goes.
package protocol BodyWriter {
    func write(_ buffer: ByteBuffer) async throws
    /// Takes parts of files, which then need not come into this process; `nil` where the connection needs the bytes.
    var files: (any FilePartWriter)? { get }
}

extension BodyWriter {
    package var files: (any FilePartWriter)? { nil }
}

/// Where parts of files go as they are.
package protocol FilePartWriter {
    /// Sends a part of a file, which should be in memory already: reading it holds up all connections of the event loop.
    func write(_ part: FilePart) async throws
}

/// A range of an open file.
package struct FilePart: Sendable {
    package let descriptor: Int32
    package let range: Range<Int>
    /// Keeps the descriptor open until the bytes are sent.
    package let owner: any AnyObject & Sendable

    package init(descriptor: Int32, range: Range<Int>, owner: any AnyObject & Sendable) {
        self.descriptor = descriptor
        self.range = range
        self.owner = owner
    }
}

/// Whatever answers requests.
package protocol Responder: Sendable {
    /// Whether it begins on the event loop of the connection, and leaves that itself for whatever takes time.
    var beginsOnEventLoop: Bool { get }
    func respond(to request: ServerRequest) async throws -> ServerResponse
}

extension Responder {
    /// Requests are answered on the tasks' own threads.
    package var beginsOnEventLoop: Bool { false }
}
