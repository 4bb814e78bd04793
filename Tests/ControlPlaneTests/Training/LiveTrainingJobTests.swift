import ControlPlane
import Resources
import SageMakerAPI
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

    @Test func `an illegal event leaves the job as it was`() {
        var job = job(retries: 0)
        #expect(throws: IllegalTransition.self) { try job.apply(.placed(hostCount: 1), at: 110) }
        #expect(job.record.state == .active(stop: nil, hosts: [.training]))
        #expect(job.record.transitions.count == 1)
    }
}
