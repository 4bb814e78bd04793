import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// A handler wrote more or less than the length it had announced: our bug, and the client must notice.
struct WrongBodyLength: Error {
    let announced: Int
    let written: Int
}

/// Writes replies to one connection.
struct ReplyWriter {
    let channel: any Channel
    /// Whether what is written is encrypted on its way.
    let isEncrypted: Bool

    /// Writes a whole reply; returns when its bytes are with the system.
    ///
    /// - Throws: whatever interrupts it; the connection cannot be used any more then.
    func write(_ reply: ServerResponse, to method: HTTPRequest.Method) async throws {
        var head = HTTPResponse(status: reply.status, headerFields: reply.headers)
        switch reply.body {
        case .bytes(let bytes):
            head.headerFields[.contentLength] = String(bytes.readableBytes)
            if method == .head || bytes.readableBytes == 0 {
                try await send(.head(head), .end(nil)).get()
            } else {
                try await send(.head(head), .body(bytes), .end(nil)).get()
            }
        case .head(let length):
            head.headerFields[.contentLength] = String(length)
            try await send(.head(head), .end(nil)).get()
        case .stream(let length, let produce):
            if let length { head.headerFields[.contentLength] = String(length) }
            try await send(.head(head)).get()
            if method != .head {
                let body = Body(writer: self)
                try await produce(body)
                if let length, body.written != length {
                    throw WrongBodyLength(announced: length, written: body.written)
                }
            }
            try await send(.end(nil)).get()
        }
    }

    /// Writes parts in one go; done when they are with the system.
    private func send(_ parts: HTTPResponsePart...) -> EventLoopFuture<Void> {
        let channel = channel
        let write = { @Sendable in
            for part in parts.dropLast() { channel.write(part, promise: nil) }
            return channel.writeAndFlush(parts[parts.count - 1])
        }
        // A turn of the loop would come between if it were asked to.
        return channel.eventLoop.inEventLoop ? write() : channel.eventLoop.flatSubmit(write)
    }

    /// Writes a part of a file past the handlers that only know buffers; done when its bytes are with the system.
    private func send(_ part: FilePart) -> EventLoopFuture<Void> {
        let channel = channel
        let write = { @Sendable in
            let sent = channel.eventLoop.makePromise(of: Void.self)
            do {
                let context = try channel.pipeline.syncOperations.context(handlerType: ConnectionHandler.self)
                let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: part.descriptor)
                let region = FileRegion(
                    fileHandle: handle,
                    readerIndex: part.range.lowerBound,
                    endIndex: part.range.upperBound
                )
                context.writeAndFlush(
                    NIOAny(HTTPServerResponsePart.body(.fileRegion(region))),
                    promise: sent
                )
                return sent.futureResult.always { _ in
                    // It was lent: whoever opened the file closes it.
                    _ = try? handle.takeDescriptorOwnership()
                    withExtendedLifetime(part.owner) {}
                }
            } catch {
                sent.fail(error)
                return sent.futureResult
            }
        }
        // As above; and the end of the reply, which does not wait for a turn either, must not overtake it.
        return channel.eventLoop.inEventLoop ? write() : channel.eventLoop.flatSubmit(write)
    }

    /// Counts what a handler writes and lets it be one piece ahead of the system, not more.
    private final class Body: BodyWriter, FilePartWriter {
        private let writer: ReplyWriter
        private var pending: EventLoopFuture<Void>?
        private(set) var written = 0

        init(writer: ReplyWriter) { self.writer = writer }

        var files: (any FilePartWriter)? { writer.isEncrypted ? nil : self }

        func write(_ part: FilePart) async throws {
            guard !part.range.isEmpty else { return }
            written += part.range.count
            let previous = pending
            pending = writer.send(part)
            try await previous?.get()
        }

        func write(_ buffer: ByteBuffer) async throws {
            guard buffer.readableBytes > 0 else { return }
            written += buffer.readableBytes
            let previous = pending
            pending = writer.send(.body(buffer))
            try await previous?.get()
        }
    }
}
