import AgentProtocol
import Foundation
import Logging
import NIOCore
import Synchronization

/// What the instance has been told so far.
///
/// Each phase of its life reads it from the beginning, so that an order
/// that came early is not lost.
final class Orders: Sendable {
    /// One order.
    enum Order: Sendable {
        case command(Command.Action)
        /// The control plane does not know this instance any more, or has been away for too long.
        case abandoned(String)
    }

    private struct State {
        var given: [Order] = []
        var readers: [AsyncStream<Order>.Continuation] = []
    }

    private let state = Mutex(State())

    /// All orders, those already given first.
    ///
    /// Ends with the task that reads it.
    func stream() -> AsyncStream<Order> {
        let (stream, continuation) = AsyncStream.makeStream(of: Order.self)
        state.withLock { state in
            for order in state.given { continuation.yield(order) }
            state.readers.append(continuation)
        }
        return stream
    }

    func give(_ order: Order) {
        state.withLock { state in
            state.given.append(order)
            for reader in state.readers { reader.yield(order) }
        }
    }

    /// The first order to stop, if there was one.
    var stopCause: ContainerExit.Cause? {
        state.withLock { state in
            for order in state.given {
                if case .command(.stop(let cause, _)) = order { return cause }
            }
            return nil
        }
    }

    /// Whether nobody wants this instance any more.
    var isAbandoned: Bool {
        state.withLock { state in
            state.given.contains { if case .abandoned = $0 { true } else { false } }
        }
    }

    /// Keeps one long poll open until cancelled.
    func poll(_ client: ControlPlaneClient, logger: Logger) async {
        var seen = 0
        var backoff = Backoff()
        while !Task.isCancelled {
            switch await client.get(.commands, query: "?after=\(seen)", deadline: .seconds(60)) {
            case .document(let data):
                do {
                    for command in try JSONDecoder().decode(CommandList.self, from: data).commands
                    where command.sequence > seen {
                        seen = command.sequence
                        give(.command(command.action))
                    }
                    backoff.reset()
                } catch {
                    logger.error("unreadable commands", metadata: ["error": "\(error)"])
                    await backoff.wait()
                }
            case .unknown:
                give(.abandoned("The control plane does not know this instance."))
                return
            case .conflict, .away:
                if client.silence > client.orphanTimeout {
                    give(.abandoned("No control plane for \(client.orphanTimeout)."))
                    return
                }
                await backoff.wait()
            }
        }
    }
}
