import AgentProtocol
import Synchronization

/// The containers of a model of several as one instance: it is ready when all of them are, and ends when one of them
/// cannot come into service.
struct HostingGroup: Sendable {
    let instance: InstanceContext
    /// One for each container; what they tell goes through `Gate`.
    let lives: [HostingRun]

    /// How many of the containers have said what.
    private final class Gate: Sendable {
        private let counts = Mutex((started: 0, ready: 0, exited: 0))
        private let containers: Int
        private let events: EventOutbox

        init(containers: Int, events: EventOutbox) { (self.containers, self.events) = (containers, events) }

        func tell(_ change: InstanceEvent.Change) {
            let passes = counts.withLock { counts in
                switch change {
                case .started:
                    counts.started += 1
                    return counts.started == 1
                case .ready:
                    counts.ready += 1
                    return counts.ready == containers
                case .exited:
                    counts.exited += 1
                    return counts.exited == containers
                default: return true
                }
            }
            if passes { events.tell(change) }
        }
    }

    /// Returns when all containers have been stopped.
    ///
    /// - Throws: `InstanceFailure` of the first container that never came into service.
    func untilStopped() async throws {
        let gate = Gate(containers: lives.count, events: instance.events)
        // What ends one container for another's sake is no order of the control plane's.
        let orders = Orders()
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                for await order in instance.orders.stream() { orders.give(order) }
                return nil
            }
            let runs = lives.map { $0.told(through: gate.tell, orders: orders) }
            for run in runs {
                group.addTask {
                    do {
                        try await run.untilStopped()
                        return nil
                    } catch {
                        orders.give(.command(.stop(cause: .peerFailed, graceSeconds: 0)))
                        return error
                    }
                }
            }
            var first: (any Error)?
            // The task that passes orders on ends with its cancellation alone.
            for _ in runs { if let error = await group.next() ?? nil, first == nil { first = error } }
            group.cancelAll()
            return first
        }
        if let failure { throw failure }
    }
}
