import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// A request as the connection's task receives it.
struct IncomingRequest: Sendable {
    let head: HTTPRequest
    let body: Body

    enum Body: Sendable {
        /// It arrived together with the head.
        case whole(ByteBuffer)
        case arriving(RequestBody)
    }
}

/// Makes requests of parts: a small request becomes one message, a large body is streamed with back-pressure.
final class RequestAssembler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = Never
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        case awaitingHead
        /// The head and what came with it in the same read.
        case gathering(HTTPRequest, ByteBuffer)
        case streaming(RequestBody, awaitsContinue: Bool)
        /// What is left of a request that was refused.
        case ignoring
    }

    private let requests: AsyncStream<IncomingRequest>.Continuation
    private var state = State.awaitingHead
    /// A read of the connection that waits until the body's reader has caught up.
    private var heldRead = false

    /// - Parameter requests: Takes the requests, at most one of which is unanswered; ends with the connection.
    init(_ requests: AsyncStream<IncomingRequest>.Continuation) { self.requests = requests }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), _):
            state = .gathering(head, ByteBuffer())
        case (.body(var chunk), .gathering(let head, var gathered)):
            // Released first so that the bytes are appended in place.
            state = .awaitingHead
            if gathered.readableBytes == 0 { gathered = chunk } else { gathered.writeBuffer(&chunk) }
            state = .gathering(head, gathered)
        case (.body(let chunk), .streaming(let body, _)):
            body.push(chunk)
        case (.end, .gathering(let head, let gathered)):
            state = .awaitingHead
            requests.yield(IncomingRequest(head: head, body: .whole(gathered)))
        case (.end, .streaming(let body, _)):
            state = .awaitingHead
            body.finish()
        case (.end, .ignoring):
            state = .awaitingHead
        case (.body, .ignoring), (.body, .awaitingHead), (.end, .awaitingHead):
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .gathering(let head, let gathered) = state {
            let body = makeBody(context: context)
            body.push(gathered)
            let awaitsContinue = head.headerFields[.expect]?.lowercased() == "100-continue"
            state = .streaming(body, awaitsContinue: awaitsContinue && gathered.readableBytes == 0)
            requests.yield(IncomingRequest(head: head, body: .arriving(body)))
        }
        context.fireChannelReadComplete()
    }

    private func makeBody(context: ChannelHandlerContext) -> RequestBody {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        return RequestBody {
            eventLoop.execute {
                let (assembler, context) = bound.value
                assembler.readerAsked(context: context)
            }
        }
    }

    /// The handler wants the body: let a waiting client send it, go on reading if the reader was behind.
    private func readerAsked(context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        if case .streaming(let body, awaitsContinue: true) = state {
            state = .streaming(body, awaitsContinue: false)
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        if heldRead {
            heldRead = false
            context.read()
        }
    }

    func read(context: ChannelHandlerContext) {
        if case .streaming(let body, _) = state, body.mustHold() {
            heldRead = true
        } else {
            context.read()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        abandon(BodyEndedEarly())
        requests.finish()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        abandon(BodyEndedEarly())
        requests.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        abandon(BodyEndedEarly())
        if !(error is ConnectionHandler.Refused) { context.close(promise: nil) }
    }

    private func abandon(_ error: any Error) {
        if case .streaming(let body, _) = state { body.fail(error) }
        state = .ignoring
    }
}
