import NIOCore
import NIOHTTP1

/// The rules of one server connection, for every handler behind it.
///
/// Adds `Date`, answers what cannot be parsed, closes after a reply where the client, the reply or an unread body
/// demands it, and closes connections on which a client keeps the server waiting.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Told to the handlers behind: the connection was answered with an error and is closing.
    struct Refused: Error {
        let cause: HTTPParserError
    }

    private let idleTimeout: TimeAmount
    /// How long a client has for reading the last reply before the connection goes.
    private let lingerTime = TimeAmount.seconds(5)

    private var requestIsArriving = false
    private var replyIsDue = false
    private var replyHasBegun = false
    private var closesAfterReply = false
    /// The client waits for `100 Continue` and has not got it.
    private var continueIsDue = false
    private var isClosing = false
    /// When the client last completed something: a part of a request, or the reading of a reply.
    private var lastProgress = NIODeadline.now()
    /// Whether the connection is being read; not so while a handler holds the client back.
    private var isReading = false
    private var timer: Scheduled<Void>?

    init(idleTimeout: TimeAmount) { self.idleTimeout = idleTimeout }

    func handlerAdded(context: ChannelHandlerContext) {
        checkLater(context: context, at: .now() + idleTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastProgress = .now()
        switch unwrapInboundIn(data) {
        case .head(let head):
            requestIsArriving = true
            replyIsDue = true
            replyHasBegun = false
            closesAfterReply = !head.isKeepAlive
            continueIsDue =
                head.version == .http1_1
                && head.headers["expect"].contains { $0.lowercased() == "100-continue" }
        case .body: break
        case .end: requestIsArriving = false
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        isReading = true
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let cause = error as? HTTPParserError else {
            context.fireErrorCaught(error)
            return
        }
        if context.channel.isActive, !isClosing {
            if replyHasBegun {
                context.close(promise: nil)
            } else {
                refuse(cause, context: context)
            }
        }
        context.fireErrorCaught(Refused(cause: cause))
    }

    private func refuse(_ cause: HTTPParserError, context: ChannelHandlerContext) {
        replyIsDue = true
        closesAfterReply = true
        let status: HTTPResponseStatus = cause == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest
        let text = ByteBuffer(string: "The request is not valid HTTP/1.1: \(cause).\n")
        let headers: HTTPHeaders = [
            "content-type": "text/plain; charset=utf-8", "content-length": "\(text.readableBytes)",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        write(context: context, data: wrapOutboundOut(.head(head)), promise: nil)
        write(context: context, data: wrapOutboundOut(.body(.byteBuffer(text))), promise: nil)
        write(context: context, data: wrapOutboundOut(.end(nil)), promise: nil)
        context.flush()
    }

    // MARK: Replies

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where (100..<200).contains(head.status.code):
            continueIsDue = false
            context.write(data, promise: promise)
        case .head(var head):
            replyHasBegun = true
            // Botocore takes a reply without it for a refusal and gives that reply's status to the next one on the
            // connection. A body that is whole, if only because it is empty, was accepted.
            if continueIsDue, !requestIsArriving {
                let go = HTTPResponseHead(version: .http1_1, status: .continue)
                context.write(wrapOutboundOut(.head(go)), promise: nil)
            }
            // The client may still send what nobody will read; what follows could not be told from a new request.
            if requestIsArriving || !head.isKeepAlive { closesAfterReply = true }
            if closesAfterReply { head.headers.replaceOrAdd(name: "connection", value: "close") }
            if !head.headers.contains(name: "date") { head.headers.add(name: "date", value: HTTPDate.now) }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            replyIsDue = false
            lastProgress = .now()
            guard closesAfterReply else { return context.write(data, promise: promise) }
            isClosing = true
            let written = promise ?? context.eventLoop.makePromise()
            written.futureResult.assumeIsolated().whenComplete { _ in self.closeGently(context: context) }
            context.write(data, promise: written)
        }
    }

    /// Ends our side and gives the client time to read: closing at once with unread bytes would reset the
    /// connection, and the client could lose the reply.
    private func closeGently(context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        context.close(mode: .output, promise: nil)
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: lingerTime) {
            context.close(promise: nil)
        }
    }

    // MARK: Time

    private func checkLater(context: ChannelHandlerContext, at deadline: NIODeadline) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.checkIdleness(context: context)
        }
    }

    private func checkIdleness(context: ChannelHandlerContext) {
        guard !isClosing, context.channel.isActive else { return }
        let isOurTurn = replyIsDue && !requestIsArriving
        if isOurTurn || !isReading { lastProgress = .now() }
        if NIODeadline.now() - lastProgress >= idleTimeout {
            context.close(promise: nil)
        } else {
            checkLater(context: context, at: lastProgress + idleTimeout)
        }
    }
}
