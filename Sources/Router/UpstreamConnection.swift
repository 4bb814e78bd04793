import NIOCore
import NIOHTTP1
import NIOPosix

/// What a container answered.
struct UpstreamAnswer {
    let head: HTTPResponseHead
    let body: ByteBuffer
}

/// How an exchange with a container went wrong.
enum UpstreamFailure: Error, Equatable {
    /// The connection ended or spoke no HTTP; `answerHadBegun` tells whether anything had come back.
    case broken(reason: String, answerHadBegun: Bool)
    /// The answer has more bytes than may be passed on.
    case answerTooLarge
}

/// One kept connection to a container.
///
/// Lives on one event loop; carries one request at a time.
final class UpstreamConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// Told once per request.
    typealias Completion = (Result<UpstreamAnswer, UpstreamFailure>) -> Void

    let target: TargetEntry
    private let maximumAnswer: Int
    /// Told once, when the connection is gone.
    private var onClose: ((UpstreamConnection) -> Void)?
    private var context: ChannelHandlerContext?
    private var completion: Completion?
    private var answerHead: HTTPResponseHead?
    private var answerBody = ByteBuffer()
    private var requestIsWritten = false
    private(set) var hasServed = false
    /// Until when it may stay unused.
    var idleDeadline = NIODeadline.distantFuture

    init(target: TargetEntry, maximumAnswer: Int, onClose: @escaping (UpstreamConnection) -> Void) {
        self.target = target
        self.maximumAnswer = maximumAnswer
        self.onClose = onClose
    }

    /// Takes over a connected socket.
    func adopt(socket: CInt, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return ClientBootstrap(group: eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // Header values were checked when they were parsed.
                    try pipeline.addHTTPClientHandlers(
                        leftOverBytesStrategy: .dropBytes,
                        enableOutboundHeaderValidation: false
                    )
                    try pipeline.addHandler(bound.value)
                }
            }
            .withConnectedSocket(socket)
            .map { _ in }
    }

    /// Whether another request can be sent.
    var isUsable: Bool { completion == nil && context?.channel.isActive == true }

    /// Sends a request; `completion` is called once, unless `abandon` comes first.
    func send(_ head: HTTPRequestHead, body: ByteBuffer, completion: @escaping Completion) {
        guard let context, isUsable else {
            completion(.failure(.broken(reason: "The connection was closed", answerHadBegun: false)))
            return
        }
        self.completion = completion
        answerHead = nil
        answerBody = ByteBuffer()
        requestIsWritten = false
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { self.requestIsWritten = true }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    /// Gives the request up, if there is one, and closes.
    func abandon() {
        completion = nil
        context?.close(promise: nil)
    }

    // MARK: Events

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        closed(because: "The connection was closed")
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answerHead = head
            let length = head.headers.first(name: "content-length").flatMap { Int($0) }
            if let length, length > maximumAnswer { fail(.answerTooLarge) }
        case .body(var chunk):
            guard completion != nil else { return }
            if answerBody.readableBytes + chunk.readableBytes > maximumAnswer { return fail(.answerTooLarge) }
            if answerBody.readableBytes == 0 { answerBody = chunk } else { answerBody.writeBuffer(&chunk) }
        case .end:
            finish(context: context)
        }
    }

    private func finish(context: ChannelHandlerContext) {
        guard let head = answerHead, let completion else {
            // An answer nobody asked for: the two sides no longer agree on where they are.
            context.close(promise: nil)
            return
        }
        self.completion = nil
        answerHead = nil
        hasServed = true
        if !head.isKeepAlive || !requestIsWritten { context.close(promise: nil) }
        let body = answerBody
        answerBody = ByteBuffer()
        completion(.success(UpstreamAnswer(head: head, body: body)))
    }

    private func fail(_ failure: UpstreamFailure) {
        let completion = completion
        self.completion = nil
        context?.close(promise: nil)
        completion?(.failure(failure))
    }

    func channelInactive(context: ChannelHandlerContext) {
        closed(because: "The container closed the connection before its answer was complete")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let reason =
            error is HTTPParserError
            ? "The container's answer is not valid HTTP: \(error)"
            : "The connection to the container broke: \(error)"
        fail(.broken(reason: reason, answerHadBegun: answerHead != nil || error is HTTPParserError))
    }

    private func closed(because reason: String) {
        if let completion {
            self.completion = nil
            completion(.failure(.broken(reason: reason, answerHadBegun: answerHead != nil)))
        }
        onClose?(self)
        onClose = nil
    }
}
