import AgentProtocol
import Engines
package import Resources
import SageMakerAPI
package import Store

/// A job that has not ended, with the instances of its present attempt.
///
/// What an event does to it and what of it is written down; the supervisor performs the effects.
package struct LiveTrainingJob {
    package var record: TrainingJobRecord
    package var instances: [InstanceRecord]
    /// Where its stamps come from.
    var timeline: Timeline
    /// How far the downloads of its instances are, by their position.
    private var downloads: [Int: DownloadProgress] = [:]
    /// What is kept of its instances because it failed.
    package private(set) var kept: [KeptInstance] = []

    package init(record: TrainingJobRecord, instances: [InstanceRecord] = []) {
        self.record = record
        self.instances = instances
        timeline = Timeline(after: record.modified)
    }

    /// Applies an event; a failure of the platform begins another attempt where one is left.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - time: When, in seconds since the epoch.
    ///   - keeping: Seconds that what is left of its instances is kept if it fails; `nil` for not at all.
    /// - Returns: What to do now, in order.
    /// - Throws: `IllegalTransition`, leaving the job as it was.
    package mutating func apply(
        _ event: TrainingJobEvent,
        at time: Double,
        keeping: Double? = nil
    ) throws(IllegalTransition) -> [TrainingJobEffect] {
        var effects = try record.state.handle(event)
        if case .end(.failed(let reason))? = effects.last, reason.hasPrefix("InternalServerError"),
            record.retriesLeft > 0
        {
            effects = try record.state.handle(.retried)
            record.retriesLeft -= 1
            record.attempt += 1
        }
        guard case .end(.failed(let reason))? = effects.last else {
            for case .enter(let stage) in effects { record.enter(stage, at: time) }
            if case .end(let outcome)? = effects.last { record.close(outcome, at: time) }
            return effects
        }
        if let keeping { kept = instances.compactMap { KeptInstance(of: $0, until: time + keeping) } }
        let text = FailureReason.complete(reason, with: KeptInstance.advice(kept))
        for case .enter(let stage) in effects {
            record.enter(stage, message: stage == .failed ? text : nil, at: time)
        }
        record.close(.failed(text), at: time)
        return effects
    }

    /// Says in the message of the Downloading stage how much of all instances' data is there.
    mutating func show(_ progress: DownloadProgress, of position: Int, at time: Double) {
        downloads[position] = progress
        guard record.transitions.last?.status == .downloading else { return }
        let sum = downloads.values.reduce(DownloadProgress(), +)
        record.enter(.downloading, message: sum.description, at: time)
    }

    /// Says in the message of the Downloading stage how much of the image is there.
    mutating func showPull(of reference: String, bytes: Int, totalBytes: Int, at time: Double) {
        guard record.transitions.last?.status == .downloading else { return }
        let volume = totalBytes > 0 ? ": \(bytes / 1_000_000) of \(totalBytes / 1_000_000) MB" : ""
        record.enter(.downloading, message: "Pulling the image \(reference)\(volume)", at: time)
    }

    /// Writes the job, what is new in its history, its use of instances, and the instances themselves.
    package func save(in transaction: StateTransaction) throws {
        let before = try transaction.resource(TrainingJobRecord.self, named: record.name, in: record.scope)
        try transaction.update(record)
        if before?.transitions.count != record.transitions.count {
            try transaction.record(record.latestEvent)
        }
        if let start = record.trainingStart, before?.trainingStart == nil {
            // A price is one of a type.
            for (type, count) in record.hosts.countOfTypes {
                try transaction.beginUsage(
                    UsageRecord(
                        arn: record.arn,
                        component: "training",
                        instanceType: type,
                        instanceCount: count,
                        start: start,
                        end: nil
                    )
                )
            }
        }
        if let end = record.trainingEnd {
            try transaction.endUsage(
                of: record.arn,
                at: end,
                bytesIn: record.bytesIn,
                bytesOut: record.bytesOut
            )
        }
        if !kept.isEmpty { try transaction.keep(kept) }
        for instance in instances {
            if isDone(with: instance) {
                try transaction.removeInstance(instance.id.description)
            } else {
                try transaction.setInstance(
                    instance.id.description,
                    owner: record.arn,
                    scope: record.scope,
                    document: instance
                )
            }
        }
    }

    /// The job is over, or this instance was one of an attempt before.
    private func isDone(with instance: InstanceRecord) -> Bool {
        record.state.isFinished || record.state == .waiting && record.attempt > 1 && instance.handle != nil
    }

    /// Whether every other instance has reported all that it will.
    func isLast(_ position: Int) -> Bool {
        guard case .active(_, let hosts) = record.state else { return false }
        return hosts.indices.allSatisfy { $0 == position || record.state.isDone(with: $0) }
    }

    /// What an agent's words mean to the job.
    ///
    /// - Returns: `nil` for words that do not change its state.
    func report(_ change: InstanceEvent.Change, of instance: InstanceRecord) -> HostReport? {
        switch change {
        case .progress, .pulling, .image: return nil
        case .downloading: return .downloading
        case .started, .ready: return .started
        case .uploading: return .uploading
        case .finished: return .finished
        case .failed(let failure): return .failed("\(failure.blame.rawValue): \(failure.message.asSentence)")
        case .exited(let exit):
            let isAlone = record.hosts.count == 1
            return .exited(
                FailureReason.verdict(
                    of: exit,
                    host: isAlone ? nil : instance.assignment.host,
                    isIsolated: record.request.enableNetworkIsolation == true,
                    isBuiltIn: instance.assignment.container.isBuiltInAlgorithm,
                    log: instance.log
                )
            )
        }
    }

    /// Asks the first instance to pack what its peers left.
    var collection: Command.Action {
        .collect(peerDirectories: instances.dropFirst().compactMap { $0.handle?.containerDirectory })
    }
}

extension Command.Action {
    /// Tells a training container to end.
    static func endTraining(_ cause: StopCause) -> Command.Action {
        .stop(
            cause: cause == .requested ? .stopRequested : .peerFailed,
            graceSeconds: TrainingAssignment.stopGraceSeconds
        )
    }
}
