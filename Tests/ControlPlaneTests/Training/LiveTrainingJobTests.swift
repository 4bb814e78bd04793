import AgentProtocol
import ControlPlane
import Resources
import SageMakerAPI
import Store
import Testing

@Suite struct LiveTrainingJobTests {
    private func job(retries: Int) -> LiveTrainingJob {
        var job = LiveTrainingJob(
            record: TrainingJobRecord(
                scope: Scope(account: .standard, region: .standard),
                name: "demo",
                created: 100,
                request: .init(trainingJobName: "demo")
            )
        )
        job.record.retriesLeft = retries
        job.record.state = .active(stop: nil, hosts: [.training])
        return job
    }

    @Test func `a failure of the platform begins another attempt while one is left`() throws {
        var job = job(retries: 1)
        let failure = TrainingJobEvent.host(0, .failed("InternalServerError: lost"))
        #expect(try job.apply(failure, at: 110) == [.enter(.restarting)])
        #expect(job.record.state == .waiting)
        #expect(job.record.attempt == 2)
        #expect(job.record.trainingEnd == nil)

        job.record.state = .active(stop: nil, hosts: [.training])
        #expect(try job.apply(failure, at: 120).last == .end(.failed("InternalServerError: lost")))
        #expect(job.record.trainingEnd == 120)
    }

    @Test func `a failure of the algorithm is final`() throws {
        var job = job(retries: 5)
        let reason = "AlgorithmError: " + String(repeating: "x", count: 2000)
        #expect(try job.apply(.host(0, .failed(reason)), at: 110).last == .end(.failed(reason)))
        #expect(job.record.retriesLeft == 5)
        #expect(job.record.failureReason?.count == 1024)
        #expect(job.record.transitions.last?.message == job.record.failureReason)
    }

    @Test func `hosts are numbered over all groups and types counted once`() {
        let hosts = TrainingHosts(
            .init(instanceGroups: [
                .init(instanceType: "ml.a", instanceCount: 1, instanceGroupName: "x"),
                .init(instanceType: "ml.b", instanceCount: 2, instanceGroupName: "y"),
                .init(instanceType: "ml.a", instanceCount: 1, instanceGroupName: "z"),
            ])
        )
        #expect(hosts.names == ["algo-1", "algo-2", "algo-3", "algo-4"])
        #expect(hosts.all.map(\.group) == ["x", "y", "y", "z"])
        #expect(hosts.all.map(\.instanceType) == ["ml.a", "ml.b", "ml.b", "ml.a"])
        #expect(hosts.countOfTypes.map(\.instanceType) == ["ml.a", "ml.b"])
        #expect(hosts.countOfTypes.map(\.count) == [2, 2])
        let channel = { SageMaker.Channel(dataSource: .init(s3DataSource: .init(instanceGroupNames: $0))) }
        #expect(hosts.receivers(of: channel(["z", "x"])) == [0, 3])
        #expect(hosts.receivers(of: channel([])) == [0, 1, 2, 3])
        let plain = TrainingHosts(.init(instanceType: "ml.a", instanceCount: 2))
        #expect(plain.groups.map(\.name) == ["homogeneousCluster"])
        #expect(plain.names == ["algo-1", "algo-2"])
    }

    /// A job with two instances, of which the second was never placed.
    private func placed() -> LiveTrainingJob {
        var job = job(retries: 1)
        let scope = job.record.scope
        job.instances = [
            .sample("one", of: job.record.arn, in: scope),
            .sample("two", of: job.record.arn, in: scope, index: 1, isPlaced: false),
        ]
        return job
    }

    @Test
    func `what is left of a failed job is kept where that is wanted, and the reason says how to enter it`()
        throws
    {
        var job = placed()
        let reason = "AlgorithmError: why. See the log."
        _ = try job.apply(.host(0, .failed(reason)), at: 110, keeping: 90)
        #expect(job.kept.map(\.id.description) == ["one"])
        #expect(job.kept.map(\.until) == [200])
        #expect(
            job.record.failureReason
                == reason + " Enter what is left until 1970-01-01T00:03:20Z: clary shell demo"
        )
        #expect(job.record.transitions.last?.message == job.record.failureReason)

        var other = placed()
        _ = try other.apply(.host(0, .failed(reason)), at: 110)
        #expect(other.kept.isEmpty)
        #expect(other.record.failureReason == reason)
    }

    @Test func `a reason keeps its beginning, its end and the advice in the room that there is`() throws {
        var job = placed()
        let reason = "AlgorithmError: " + String(repeating: "x", count: 2000) + " See the log."
        _ = try job.apply(.host(0, .failed(reason)), at: 110, keeping: 90)
        let text = try #require(job.record.failureReason)
        #expect(text.count <= 1024)
        #expect(text.hasPrefix("AlgorithmError: x"))
        #expect(text.contains("See the log. Enter what is left"))
        #expect(text.hasSuffix("clary shell demo"))
    }

    @Test func `neither another attempt nor a success keeps anything`() throws {
        var job = placed()
        _ = try job.apply(.host(0, .failed("InternalServerError: lost")), at: 110, keeping: 90)
        #expect(job.kept.isEmpty)
        job.record.state = .active(stop: nil, hosts: [.uploading(.succeeded)])
        _ = try job.apply(.host(0, .finished), at: 120, keeping: 90)
        #expect(job.record.state == .finished(.completed))
        #expect(job.kept.isEmpty)
    }

    @Test func `an illegal event leaves the job as it was`() {
        var job = job(retries: 0)
        #expect(throws: IllegalTransition.self) { try job.apply(.placed(hostCount: 1), at: 110) }
        #expect(job.record.state == .active(stop: nil, hosts: [.training]))
        #expect(job.record.transitions.count == 1)
    }
}
