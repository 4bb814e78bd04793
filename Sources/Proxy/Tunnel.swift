import NIOCore

/// One side of a connection through the proxy: bytes both ways, with back-pressure.
typealias Tunnel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

extension Tunnel {
    /// Takes over a channel that does not read yet and lets it read; one on which nothing moves for 15 minutes is
    /// closed.
    ///
    /// A tunnel must be run with `executeThenClose`; that is why channels become tunnels as late as possible.
    static func open(_ channel: any Channel) async throws -> Tunnel {
        try await channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandlers(IdleStateHandler(allTimeout: .minutes(15)), CloseWhenIdle())
            let tunnel = try Tunnel(
                wrappingChannelSynchronously: channel,
                configuration: .init(inboundType: ByteBuffer.self, outboundType: ByteBuffer.self)
            )
            channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
            return tunnel
        }.get()
    }
}

/// Closes a connection on which nothing moves.
private final class CloseWhenIdle: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
