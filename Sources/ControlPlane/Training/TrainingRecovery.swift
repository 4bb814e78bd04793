package import AgentProtocol
import Resources
import Store

/// What a job needs that a former control plane left unfinished.
package enum TrainingRecovery {
    /// Nothing of it runs. What was written for a launch that never came to its end is of no use to the next one.
    case launch(leftovers: [InstanceRecord])
    /// Its instances run without us: they are taken up, and told again what they may not have heard.
    case adopt([InstanceRecord], orders: [Order])
    /// It should run, and which instances it has is not known any more.
    case fail([InstanceRecord], hostCount: Int, reason: String)

    /// A command for one instance.
    package struct Order {
        package let instance: InstanceID
        package let action: Command.Action
    }

    /// - Parameters:
    ///   - record: The job as it was last written.
    ///   - instances: Every instance on the books, other jobs' too.
    package init(of record: TrainingJobRecord, instances: [InstanceRecord]) {
        let own = instances.filter { $0.owner == record.arn }
        guard case .active(let stop, let hosts) = record.state else {
            self = .launch(leftovers: own)
            return
        }
        let placed = own.filter { $0.handle != nil }.sorted { $0.index < $1.index }
        guard placed.count == hosts.count else {
            let reason = "InternalServerError: The records of the job's instances are lost."
            self = .fail(placed, hostCount: hosts.count, reason: reason)
            return
        }
        var orders: [Order] = []
        if let stop {
            for (instance, host) in zip(placed, hosts)
            where host == .launching || host == .downloading || host == .training {
                orders.append(Order(instance: instance.id, action: .endTraining(stop)))
            }
        }
        let allExited = hosts.allSatisfy { if case .exited = $0 { true } else { false } }
        if hosts.count > 1, allExited, let leader = placed.first {
            let job = LiveTrainingJob(record: record, instances: placed)
            orders.append(Order(instance: leader.id, action: job.collection))
        }
        self = .adopt(placed, orders: orders)
    }
}
