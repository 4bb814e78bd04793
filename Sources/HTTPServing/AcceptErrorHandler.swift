import Logging
import NIOCore

/// Keeps a listening socket alive when a connection cannot be accepted: the next one may succeed.
///
/// Out of descriptors, the system would report the same waiting connection at once and for ever, so accepting pauses.
final class AcceptErrorHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let logger: Logger
    private let pause = TimeAmount.milliseconds(100)
    private var isPaused = false

    init(logger: Logger) { self.logger = logger }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isPaused else { return }
        logger.error("A connection could not be accepted", metadata: ["error": "\(error)"])
        isPaused = true
        let channel = context.channel
        setAccepting(false, channel)
        context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
            self.isPaused = false
            self.setAccepting(true, channel)
        }
    }

    private func setAccepting(_ isAccepting: Bool, _ channel: any Channel) {
        channel.setOption(.autoRead, value: isAccepting).whenFailure { [logger] error in
            logger.debug("Accepting goes on as it was", metadata: ["error": "\(error)"])
        }
    }
}
