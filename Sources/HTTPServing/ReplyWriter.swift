import HTTPTypes
import Logging
import NIOCore
import NIOHTTPTypes

/// A handler wrote more or less than the length it had announced: our bug, and the client must notice.
struct WrongBodyLength: Error {
    let announced: Int
    let written: Int
}

/// Writes replies to one connection.
struct ReplyWriter {
    let outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>

    /// Writes a whole reply.
    ///
    /// - Throws: whatever interrupts it; the connection cannot be used any more then.
    func write(_ reply: ServerResponse, to method: HTTPRequest.Method) async throws {
        var head = HTTPResponse(status: reply.status, headerFields: reply.headers)
        switch reply.body {
        case .bytes(let bytes):
            head.headerFields[.contentLength] = String(bytes.readableBytes)
            if method == .head || bytes.readableBytes == 0 {
                try await outbound.write(contentsOf: [.head(head), .end(nil)])
            } else {
                try await outbound.write(contentsOf: [.head(head), .body(bytes), .end(nil)])
            }
        case .head(let length):
            head.headerFields[.contentLength] = String(length)
            try await outbound.write(contentsOf: [.head(head), .end(nil)])
        case .stream(let length, let produce):
            if let length { head.headerFields[.contentLength] = String(length) }
            try await outbound.write(.head(head))
            if method != .head {
                let body = Body(outbound: outbound)
                try await produce(body)
                if let length, body.written != length {
                    throw WrongBodyLength(announced: length, written: body.written)
                }
            }
            try await outbound.write(.end(nil))
        }
    }

    /// Counts what a handler writes.
    private final class Body: BodyWriter {
        private let outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>
        private(set) var written = 0

        init(outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>) { self.outbound = outbound }

        func write(_ buffer: ByteBuffer) async throws {
            guard buffer.readableBytes > 0 else { return }
            written += buffer.readableBytes
            try await outbound.write(.body(buffer))
        }
    }
}
