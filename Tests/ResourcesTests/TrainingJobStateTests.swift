import Resources
import Testing

@Suite struct TrainingJobStateTests {
    /// A state after `events`, none of which may be illegal.
    private func state(after events: TrainingJobEvent...) throws -> TrainingJobState {
        var state = TrainingJobState.accepted
        for event in events { _ = try state.handle(event) }
        return state
    }

    @Test func `a lone instance goes through every stage in order`() throws {
        var state = try state(after: .placed(hostCount: 1))
        #expect(try state.handle(.host(0, .downloading)) == [.enter(.downloading)])
        #expect(try state.handle(.host(0, .started)) == [.enter(.training)])
        #expect(try state.handle(.host(0, .exited(.succeeded))) == [])
        #expect(try state.handle(.host(0, .uploading)) == [.enter(.uploading)])
        #expect(try state.handle(.host(0, .finished)) == [.enter(.completed), .end(.completed)])
        #expect(state == .finished(.completed))
    }

    @Test func `training begins when the last instance has started`() throws {
        var state = try state(after: .placed(hostCount: 2), .host(0, .downloading), .host(1, .downloading))
        #expect(try state.handle(.host(0, .started)) == [])
        #expect(try state.handle(.host(1, .started)) == [.enter(.training)])
    }

    @Test func `the first instance packs for all and then lets its peers go`() throws {
        var state = try state(after: .placed(hostCount: 2), .host(0, .started), .host(1, .started))
        #expect(try state.handle(.host(0, .exited(.succeeded))) == [])
        #expect(try state.handle(.host(1, .exited(.succeeded))) == [.collect])
        #expect(try state.handle(.host(0, .uploading)) == [.enter(.uploading)])
        #expect(try state.handle(.host(0, .finished)) == [.release(hosts: [1])])
        #expect(try state.handle(.host(1, .finished)) == [.enter(.completed), .end(.completed)])
    }

    @Test func `an agent that goes after its last event is no loss`() throws {
        var state = try state(
            after: .placed(hostCount: 2),
            .host(0, .started),
            .host(1, .started),
            .host(0, .exited(.succeeded)),
            .host(1, .exited(.succeeded)),
            .host(0, .finished)
        )
        #expect(state.isDone(with: 0))
        #expect(!state.isDone(with: 1))
        #expect(try state.handle(.host(0, .failed("InternalServerError: lost"))) == [])
        #expect(try state.handle(.host(1, .finished)) == [.enter(.completed), .end(.completed)])
    }

    @Test func `a failed instance stops its peers and gives the job its reason`() throws {
        var state = try state(after: .placed(hostCount: 2), .host(0, .started), .host(1, .started))
        let verdict = HostVerdict.failed("AlgorithmError: no")
        #expect(try state.handle(.host(1, .exited(verdict))) == [.stop(hosts: [0], .peerFailed)])
        #expect(try state.handle(.host(0, .exited(.stopped))) == [.collect])
        #expect(try state.handle(.host(0, .finished)) == [.release(hosts: [1])])
        let outcome = TrainingOutcome.failed("AlgorithmError: no")
        #expect(try state.handle(.host(1, .finished)) == [.enter(.failed), .end(outcome)])
    }

    @Test func `peers of a lost first instance are let go without artifacts`() throws {
        var state = try state(after: .placed(hostCount: 2), .host(0, .started), .host(1, .started))
        #expect(try state.handle(.host(0, .failed("lost"))) == [.stop(hosts: [1], .peerFailed)])
        #expect(try state.handle(.host(1, .exited(.stopped))) == [.release(hosts: [1])])
        #expect(try state.handle(.host(1, .finished)) == [.enter(.failed), .end(.failed("lost"))])
    }

    @Test(arguments: [
        (HostVerdict.stopped, TrainingOutcome.stopped, SecondaryStatus.stopped),
        (.maxRuntimeExceeded, .maxRuntimeExceeded, .maxRuntimeExceeded),
        (.failed("AlgorithmError: x"), .failed("AlgorithmError: x"), .failed),
    ])
    func `the container's end decides the job's`(
        verdict: HostVerdict,
        outcome: TrainingOutcome,
        last: SecondaryStatus
    ) throws {
        var state = try state(after: .placed(hostCount: 1), .host(0, .started), .host(0, .exited(verdict)))
        #expect(try state.handle(.host(0, .finished)) == [.enter(last), .end(outcome)])
    }

    @Test func `a job without instances stops at once`() throws {
        var state = TrainingJobState.accepted
        #expect(try state.handle(.stopRequested) == [.enter(.stopped), .end(.stopped)])
    }

    @Test func `a running job is stopped once, however often one asks`() throws {
        var state = try state(after: .placed(hostCount: 1), .host(0, .started))
        #expect(try state.handle(.stopRequested) == [.enter(.stopping), .stop(hosts: [0], .requested)])
        #expect(try state.handle(.stopRequested) == [])
    }

    @Test func `a stopping job enters no stage of a running one`() throws {
        var state = try state(after: .placed(hostCount: 1), .stopRequested)
        #expect(try state.handle(.host(0, .downloading)) == [])
        #expect(try state.handle(.host(0, .started)) == [])
    }

    @Test func `a job that can never run fails with the reason`() throws {
        var state = TrainingJobState.accepted
        #expect(try state.handle(.impossible("no GPU")) == [.enter(.failed), .end(.failed("no GPU"))])
    }

    @Test func `only a failed job is tried again`() throws {
        var failed = try state(after: .placed(hostCount: 1), .host(0, .failed("InternalServerError: lost")))
        #expect(try failed.handle(.retried) == [.enter(.restarting)])
        #expect(failed == .waiting)
        var completed = TrainingJobState.finished(.completed)
        #expect(throws: IllegalTransition.self) { try completed.handle(.retried) }
    }

    @Test(arguments: [TrainingJobEvent.host(0, .started), .retried])
    func `an event that cannot happen changes nothing`(event: TrainingJobEvent) {
        var state = TrainingJobState.accepted
        #expect(throws: IllegalTransition.self) { try state.handle(event) }
        #expect(state == .waiting)
    }

    @Test(arguments: [TrainingJobEvent.stopRequested, .host(0, .finished), .impossible("late")])
    func `nothing that comes late changes a finished job`(event: TrainingJobEvent) throws {
        var state = TrainingJobState.finished(.stopped)
        #expect(try state.handle(event) == [])
        #expect(state == .finished(.stopped))
    }
}
