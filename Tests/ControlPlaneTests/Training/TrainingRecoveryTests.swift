import AgentProtocol
import ControlPlane
import Resources
import SageMakerAPI
import Store
import Testing

@Suite struct TrainingRecoveryTests {
    private let scope = Scope(account: .standard, region: .standard)

    private func record(_ state: TrainingJobState) -> TrainingJobRecord {
        var record = TrainingJobRecord(
            scope: scope,
            name: "demo",
            created: 1,
            request: .init(trainingJobName: "demo")
        )
        record.state = state
        return record
    }

    @Test func `a job that was not placed is launched anew, and only its own leftovers go`() {
        let record = record(.waiting)
        let recovery = TrainingRecovery(
            of: record,
            instances: [
                .sample("mine", of: record.arn, in: scope, isPlaced: false),
                .sample("other", of: "arn:other", in: scope),
            ]
        )
        guard case .launch(let leftovers) = recovery else {
            Issue.record("\(recovery)")
            return
        }
        #expect(leftovers.map(\.id.description) == ["mine"])
    }

    @Test func `running instances are adopted in the order of their hosts`() {
        let record = record(.active(stop: nil, hosts: [.training, .launching]))
        let recovery = TrainingRecovery(
            of: record,
            instances: [
                .sample("b", of: record.arn, in: scope, index: 1),
                .sample("a", of: record.arn, in: scope, index: 0),
            ]
        )
        guard case .adopt(let instances, let orders) = recovery else {
            Issue.record("\(recovery)")
            return
        }
        #expect(instances.map(\.id.description) == ["a", "b"])
        #expect(orders.isEmpty)
    }

    @Test func `a stop is said again to those who have not ended`() {
        let hosts: [HostProgress] = [.training, .exited(.stopped), .launching]
        let record = record(.active(stop: .requested, hosts: hosts))
        let recovery = TrainingRecovery(
            of: record,
            instances: (0..<3).map { .sample("i-\($0)", of: record.arn, in: scope, index: $0) }
        )
        guard case .adopt(_, let orders) = recovery else {
            Issue.record("\(recovery)")
            return
        }
        #expect(orders.map(\.instance.description) == ["i-0", "i-2"])
        for order in orders {
            guard case .stop(cause: .stopRequested, graceSeconds: 120) = order.action else {
                Issue.record("\(order)")
                return
            }
        }
    }

    @Test func `where every container has ended the first is asked again to collect`() {
        let record = record(.active(stop: nil, hosts: [.exited(.succeeded), .exited(.succeeded)]))
        let recovery = TrainingRecovery(
            of: record,
            instances: (0..<2).map { .sample("i-\($0)", of: record.arn, in: scope, index: $0) }
        )
        guard case .adopt(_, let orders) = recovery,
            case .collect(peerDirectories: let peers)? = orders.first?.action
        else {
            Issue.record("\(recovery)")
            return
        }
        #expect(orders.map(\.instance.description) == ["i-0"])
        #expect(peers.count == 1)
        #expect(peers.first?.hasPrefix("/data/instances/i-1/") == true)
    }

    @Test func `a job whose instances are not on the books any more fails`() {
        let record = record(.active(stop: nil, hosts: [.training, .training]))
        let recovery = TrainingRecovery(
            of: record,
            instances: [
                .sample("a", of: record.arn, in: scope, index: 0),
                .sample("b", of: record.arn, in: scope, index: 1, isPlaced: false),
            ]
        )
        guard case .fail(let found, hostCount: 2, let reason) = recovery else {
            Issue.record("\(recovery)")
            return
        }
        #expect(found.map(\.id.description) == ["a"])
        #expect(reason.hasPrefix("InternalServerError: "))
    }
}
