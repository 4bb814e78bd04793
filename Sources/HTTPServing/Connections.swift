import NIOCore
import NIOHTTP1
import Synchronization

/// The open connections of one server, so that a shutdown reaches each of them.
final class Connections: Sendable {
    private enum Phase { case open, quiescing, closed }

    private struct State {
        var phase = Phase.open
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    private let state = Mutex(State())

    /// Books a connection until it closes; one that comes during a shutdown closes at once.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let phase = state.withLock { state in
            if state.phase == .open { state.channels[id] = channel }
            return state.phase
        }
        guard phase == .open else { return channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { state in _ = state.channels.removeValue(forKey: id) }
        }
    }

    /// Closes idle connections now and the others after the reply to the request in flight.
    func quiesce() {
        for channel in enter(.quiescing) {
            channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    /// Closes all connections at once.
    func close() {
        for channel in enter(.closed) { channel.close(promise: nil) }
    }

    private func enter(_ phase: Phase) -> [any Channel] {
        state.withLock { state in
            state.phase = phase
            return Array(state.channels.values)
        }
    }
}
