import AgentProtocol
import Foundation
import Logging
import Synchronization

/// Events on their way to the control plane: in order, each until it is acknowledged.
final class EventOutbox: Sendable {
    private struct State {
        var sequence = 0
        var waiting: [InstanceEvent] = []
        var drained: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let signal: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let client: ControlPlaneClient
    private let logger: Logger

    init(client: ControlPlaneClient, logger: Logger) {
        self.client = client
        self.logger = logger
        (signal, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Puts an event behind the others; it carries this moment.
    func tell(_ change: InstanceEvent.Change) {
        state.withLock { state in
            state.sequence += 1
            state.waiting.append(
                InstanceEvent(sequence: state.sequence, time: Date().timeIntervalSince1970, change: change)
            )
        }
        continuation.yield()
    }

    /// Returns once everything told so far has been acknowledged.
    func drain() async {
        await withCheckedContinuation { done in
            let empty = state.withLock { state in
                if !state.waiting.isEmpty { state.drained.append(done) }
                return state.waiting.isEmpty
            }
            if empty { done.resume() }
        }
    }

    /// Forgets what has not been sent: nobody wants it.
    func giveUp() {
        let drained = state.withLock { state in
            defer { (state.waiting, state.drained) = ([], []) }
            return state.drained
        }
        for done in drained { done.resume() }
    }

    /// Sends until cancelled.
    func run() async {
        for await _ in signal {
            var backoff = Backoff()
            while case let batch = state.withLock({ $0.waiting }), let last = batch.last {
                guard await send(batch) else {
                    if Task.isCancelled { return }
                    await backoff.wait()
                    continue
                }
                let drained = state.withLock { state in
                    state.waiting.removeAll { $0.sequence <= last.sequence }
                    defer { if state.waiting.isEmpty { state.drained = [] } }
                    return state.waiting.isEmpty ? state.drained : []
                }
                for done in drained { done.resume() }
            }
        }
    }

    /// Whether the events are settled, one way or the other.
    private func send(_ batch: [InstanceEvent]) async -> Bool {
        do {
            switch await client.post(.events, try JSONEncoder().encode(batch)) {
            case .document: return true
            case .conflict:
                // One by one, so that a single event that has been overtaken does not take the others with it.
                if let only = batch.first, batch.count == 1 {
                    logger.warning("event refused", metadata: ["event": "\(only.change)"])
                    return true
                }
                for event in batch where !(await send([event])) { return false }
                return true
            case .unknown:
                logger.warning("instance unknown: events dropped")
                return true
            case .away: return false
            }
        } catch {
            logger.error("event cannot be encoded", metadata: ["error": "\(error)"])
            return true
        }
    }
}
