import Estimators
import Glibc

/// A training that the hosts of a job do together, each with the rows that it was given.
struct HostedBoosting: Sendable {
    let job: BoostingJob
    let group: HostGroup
    /// Ends this process with a fault of another host.
    let abandon: @Sendable (TrainingFault) -> Void

    /// - Throws: `TrainingFault`, this host's or another one's.
    func run() async throws(TrainingFault) {
        let holdings = try await group.exchange(job.channels.holding)
        let plan = HostPlan(holdings, hosts: group.hosts)
        guard !plan.members.isEmpty else { throw job.channels.fault(of: holdings) }
        let place = plan.place(of: group.current)
        if place == nil {
            explain(job.channels.holding)
            guard group.isCoordinator else { return try group.leave() }
        }
        var tracker: WorkerTracker?
        if group.isCoordinator, plan.members.count > 1 {
            do throws(XGBoostError) {
                tracker = try WorkerTracker(host: group.current, workerCount: plan.members.count)
            } catch { throw .platform("The tracker of the workers does not start: \(error)") }
        }
        var port: Int?
        switch tracker {
        case .some(let tracker): port = tracker.port
        case .none: break
        }
        let trackerPort = try await group.exchange(port)[group.hosts[0]]
        if let place {
            try await train(place, of: plan, trackerPort: trackerPort)
        } else {
            // Takes part in what the others agree upon, with nothing to add.
            _ = try await group.exchange(ChannelShape?.none)
            if job.channels.validation != nil { _ = try await group.exchange(ChannelShape?.none) }
        }
        try group.leave()
        if group.isCoordinator { try await group.waitForOthers() }
        if let tracker = tracker.take() {
            do throws(XGBoostError) { try tracker.waitUntilLeft() } catch {
                job.log.warning("The tracker of the workers did not end well: \(error)")
            }
        }
    }

    private func train(_ place: Int, of plan: HostPlan, trackerPort: Int?) async throws(TrainingFault) {
        let data = try await job.load { shape, channel async throws(TrainingFault) in
            try ChannelShape.merged(try await group.exchange(shape), channel: channel)
        }
        if plan.members.count == 1 {
            job.log.info(
                "Only 1 host with training data, starting single node training job from: \(group.current)"
            )
        }
        try group.watched(abandon: abandon) { () throws(TrainingFault) in
            guard plan.members.count > 1 else { return try job.boost(data, workers: .alone) }
            do throws(TrainingFault) {
                try boost(data, place, trackerPort)
            } catch {
                // The library loses a worker before the hosts hear who it was, which ends this process.
                if error.party == .algorithm { usleep(2_000_000) }
                throw error
            }
        }
    }

    private func boost(
        _ data: borrowing BoostingJob.LoadedData,
        _ place: Int,
        _ trackerPort: Int?
    ) throws(TrainingFault) {
        guard let trackerPort else { throw .platform("\(group.hosts[0]) started no tracker.") }
        let workers = try library { () throws(XGBoostError) in
            try WorkerGroup.join(host: group.hosts[0], port: trackerPort, place: place)
        }
        try job.boost(data, workers: workers)
        try library { () throws(XGBoostError) in try workers.leave() }
    }

    private func library<Result>(_ body: () throws(XGBoostError) -> Result) throws(TrainingFault) -> Result {
        do { return try body() } catch { throw BoostingFault.fault(error) }
    }

    /// Says why this host takes no part.
    private func explain(_ holding: HostPlan.Holding) {
        let missing = holding.hasTrain ? "validation data" : "training data"
        job.log.warning(
            "Host \(group.current) does not have \(missing). Please divide the data across instances properly."
        )
        job.log.warning("Host \(group.current) not being used for distributed training.")
    }
}
