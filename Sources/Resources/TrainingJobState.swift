/// Where a training job is; the only way it changes is `handle(_:)`.
package enum TrainingJobState: Sendable, Equatable, Codable {
    /// Not placed yet: the machine is full.
    case waiting
    /// Instances exist. `stop` is set once somebody or something asked the job to end early.
    case active(stop: StopCause?, hosts: [HostProgress])
    case finished(TrainingOutcome)

    /// The state of a job that was just accepted.
    package static var accepted: TrainingJobState { .waiting }

    package var isFinished: Bool {
        if case .finished = self { true } else { false }
    }

    /// Whether an instance, counted from 0, has reported all that it will: its agent may be gone.
    package func isDone(with instance: Int) -> Bool {
        switch self {
        case .waiting: false
        case .active(_, let hosts): hosts.indices.contains(instance) && hosts[instance].isFinished
        case .finished: true
        }
    }
}

/// Why a job ends before its container does.
package enum StopCause: String, Sendable, Codable {
    /// `StopTrainingJob`.
    case requested
    /// One instance failed; its peers are told to end.
    case peerFailed
}

/// How far one instance of a job is.
package enum HostProgress: Sendable, Equatable, Codable {
    case launching
    case downloading
    case training
    case exited(HostVerdict)
    case uploading(HostVerdict)
    case finished(HostVerdict)

    fileprivate var verdict: HostVerdict? {
        switch self {
        case .launching, .downloading, .training: nil
        case .exited(let verdict), .uploading(let verdict), .finished(let verdict): verdict
        }
    }
}

/// What the end of one instance's container means for the job.
package enum HostVerdict: Sendable, Equatable, Codable {
    case succeeded
    /// It ended because it was told to.
    case stopped
    case maxRuntimeExceeded
    /// The FailureReason: `AlgorithmError: …`, `ClientError: …`, `InternalServerError: …`.
    case failed(String)
}

/// How a job ended.
package enum TrainingOutcome: Sendable, Equatable, Codable {
    case completed
    case stopped
    case maxRuntimeExceeded
    case failed(String)
}

/// What happens to a training job.
package enum TrainingJobEvent: Sendable, Equatable {
    /// The engine started every instance.
    case placed(hostCount: Int)
    /// The job can never run here; the text becomes the FailureReason.
    case impossible(String)
    case stopRequested
    case host(Int, HostReport)
    /// The platform failed it and the job's RetryStrategy allows another attempt.
    case retried
}

/// What one instance, counted from 0, reports.
package enum HostReport: Sendable, Equatable {
    case downloading
    case started
    case exited(HostVerdict)
    case uploading
    case finished
    /// It could not do its work, or it vanished; the text is a FailureReason.
    case failed(String)
}

/// What has to be done after a change of state.
package enum TrainingJobEffect: Sendable, Equatable {
    /// A new entry in `SecondaryStatusTransitions`.
    case enter(SecondaryStatus)
    /// Tell these instances' containers to end.
    case stop(hosts: [Int], StopCause)
    /// Every container ended: the first instance packs everyone's artifacts.
    case collect
    /// These instances are not needed any more.
    case release(hosts: [Int])
    /// The job is over: close the books and free its instances.
    case end(TrainingOutcome)
}

/// The stages that `SecondaryStatus` shows, with the service's customary messages.
package enum SecondaryStatus: String, Sendable, Codable {
    case starting = "Starting"
    case pending = "Pending"
    case downloading = "Downloading"
    case training = "Training"
    case uploading = "Uploading"
    case stopping = "Stopping"
    case stopped = "Stopped"
    case maxRuntimeExceeded = "MaxRuntimeExceeded"
    case completed = "Completed"
    case failed = "Failed"
    case restarting = "Restarting"

    package var message: String {
        switch self {
        case .starting: "Preparing the instances for training"
        case .pending: "Waiting for free instances"
        case .downloading: "Downloading input data"
        case .training: "Training image download completed. Training in progress."
        case .uploading: "Uploading generated training model"
        case .stopping: "Stopping the training job"
        case .stopped: "Training job stopped"
        case .maxRuntimeExceeded: "Training job runtime exceeded MaxRuntimeInSeconds"
        case .completed: "Training job completed"
        case .failed: "Training job failed"
        case .restarting: "Restarting the training job after a failure of the platform"
        }
    }
}

/// An event that cannot happen in a state: a bug of ours or of an agent, never of a user.
package struct IllegalTransition: Error, Equatable {
    package let state: String
    package let event: String
}

extension TrainingJobState {
    /// Applies one event: the table of legal moves.
    ///
    /// - Returns: What to do now, in order.
    /// - Throws: `IllegalTransition`, leaving the state as it was.
    package mutating func handle(_ event: TrainingJobEvent) throws(IllegalTransition) -> [TrainingJobEffect] {
        switch (self, event) {
        case (.waiting, .placed(let count)):
            self = .active(stop: nil, hosts: Array(repeating: .launching, count: count))
            return []
        case (.waiting, .impossible(let reason)):
            return finish(.failed(reason))
        case (.waiting, .stopRequested):
            return finish(.stopped)
        case (.active(nil, let hosts), .stopRequested):
            self = .active(stop: .requested, hosts: hosts)
            return [.enter(.stopping), .stop(hosts: running(hosts), .requested)]
        case (.active(let stop, let hosts), .host(let index, let report)) where hosts.indices.contains(index):
            return apply(report, from: index, stop: stop, hosts: hosts)
        case (.finished(.failed), .retried):
            self = .waiting
            return [.enter(.restarting)]
        case (.active, .stopRequested), (.finished, .stopRequested), (.finished, .host),
            (.finished, .impossible):
            return []
        case (.waiting, .host), (.active, .placed), (.active, .impossible), (.active, .host),
            (.finished, .placed), (.waiting, .retried), (.active, .retried), (.finished, .retried):
            throw IllegalTransition(state: "\(self)", event: "\(event)")
        }
    }

    private mutating func apply(
        _ report: HostReport,
        from index: Int,
        stop: StopCause?,
        hosts: [HostProgress]
    ) -> [TrainingJobEffect] {
        // An agent goes when its last event has arrived: that is no loss.
        guard !hosts[index].isFinished else { return [] }
        var (stop, hosts) = (stop, hosts)
        var effects: [TrainingJobEffect] = []
        switch report {
        case .downloading:
            if stop == nil, hosts.allSatisfy({ $0 == .launching }) { effects = [.enter(.downloading)] }
            hosts[index] = .downloading
        case .started:
            hosts[index] = .training
            if stop == nil, hosts.allSatisfy({ $0 == .training }) { effects = [.enter(.training)] }
        case .exited(let verdict):
            hosts[index] = .exited(verdict)
            effects = afterExit(of: index, verdict, stop: &stop, hosts: hosts)
        case .uploading:
            let entered = hosts.contains { if case .uploading = $0 { true } else { false } }
            hosts[index] = .uploading(hosts[index].verdict ?? .succeeded)
            if !entered { effects = [.enter(.uploading)] }
        case .finished:
            hosts[index] = .finished(hosts[index].verdict ?? .succeeded)
            if index == 0 { effects = release(hosts) }
        case .failed(let reason):
            hosts[index] = .finished(.failed(reason))
            effects = afterExit(of: index, .failed(reason), stop: &stop, hosts: hosts)
        }
        self = .active(stop: stop, hosts: hosts)
        if hosts.allSatisfy({ if case .finished = $0 { true } else { false } }) {
            effects += finish(outcome(of: hosts))
        }
        return effects
    }

    /// One container ended: peers of a failed one are stopped; when all have ended, artifacts are collected.
    private func afterExit(
        of index: Int,
        _ verdict: HostVerdict,
        stop: inout StopCause?,
        hosts: [HostProgress]
    ) -> [TrainingJobEffect] {
        guard hosts.count > 1 else { return [] }  // A lone instance packs its artifacts unasked.
        if case .failed = verdict, stop == nil, !running(hosts).isEmpty {
            stop = .peerFailed
            return [.stop(hosts: running(hosts), .peerFailed)]
        }
        guard running(hosts).isEmpty else { return [] }
        // The leader packs for everyone; where it is gone there is nobody to do it.
        return hosts[0].isFinished ? release(hosts) : [.collect]
    }

    /// The leader is done with what its peers left, or gone: they may go too.
    private func release(_ hosts: [HostProgress]) -> [TrainingJobEffect] {
        let rest = hosts.indices.filter { $0 > 0 && !hosts[$0].isFinished }
        return rest.isEmpty ? [] : [.release(hosts: rest)]
    }

    private func running(_ hosts: [HostProgress]) -> [Int] {
        hosts.indices.filter { hosts[$0].verdict == nil }
    }

    private func outcome(of hosts: [HostProgress]) -> TrainingOutcome {
        let verdicts = hosts.compactMap(\.verdict)
        for case .failed(let reason) in verdicts { return .failed(reason) }
        if verdicts.contains(.maxRuntimeExceeded) { return .maxRuntimeExceeded }
        return verdicts.contains(.stopped) ? .stopped : .completed
    }

    private mutating func finish(_ outcome: TrainingOutcome) -> [TrainingJobEffect] {
        self = .finished(outcome)
        let last: SecondaryStatus =
            switch outcome {
            case .completed: .completed
            case .stopped: .stopped
            case .maxRuntimeExceeded: .maxRuntimeExceeded
            case .failed: .failed
            }
        return [.enter(last), .end(outcome)]
    }
}

extension HostProgress {
    fileprivate var isFinished: Bool {
        if case .finished = self { true } else { false }
    }
}
