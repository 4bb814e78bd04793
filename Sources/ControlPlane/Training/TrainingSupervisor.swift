package import AgentProtocol
package import Engines
import Environments
import Gateway
import Images
import Logging
import Resources
import SageMakerAPI
package import Store

/// Drives training jobs from their acceptance to their end.
///
/// Every change goes through the job's state machine, is made durable, and only then acted upon.
package actor TrainingSupervisor: InstanceOwner {
    /// A job of one account and region.
    package struct Key: Hashable, Sendable {
        let scope: Scope
        let name: String
    }

    private let parts: SupervisorParts
    private let now: @Sendable () -> Double
    private var jobs: [Key: LiveTrainingJob] = [:]
    private var jobOfInstance: [InstanceID: Key] = [:]
    private let endings = Broadcast<Key>()
    private let placements = Broadcast<Key>()

    package init(parts: SupervisorParts, now: @escaping @Sendable () -> Double = WallClock.now) {
        self.parts = parts
        self.now = now
    }

    // MARK: Asked by users

    /// Takes a new job on.
    ///
    /// - Throws: `ResourceExists` if the name is taken.
    package func accept(_ record: TrainingJobRecord, tags: [ResourceTag]) throws {
        try parts.database.commit { transaction in
            try transaction.insert(record)
            try transaction.setTags(tags, on: record.arn)
            try transaction.record(record.latestEvent)
        }
        let key = Key(scope: record.scope, name: record.name)
        jobs[key] = LiveTrainingJob(record: record)
        parts.work.submit { await self.launch(key) }
    }

    /// Asks a job to end; one that has ended already is left alone.
    package func stop(_ key: Key) async throws {
        guard let job = jobs[key] else { return }
        try transition(key, .stopRequested)
        guard case .waiting = job.record.state else { return }
        await parts.placement.roomMayBeFree()
        let words = "The job was stopped by request before there was room for it."
        await parts.note(words, in: job.instances, at: now())
    }

    /// Returns when the job has ended, or after `limit`.
    package func waitForEnd(of key: Key, atMost limit: Duration) async {
        await endings.wait(for: key, atMost: limit) { await !self.isLive(key) }
    }

    private func isLive(_ key: Key) -> Bool { jobs[key] != nil }

    /// The instances that should be running.
    package var handles: [InstanceHandle] {
        jobs.values.flatMap { job in
            job.instances.indices.filter { !job.record.state.isDone(with: $0) }
                .compactMap { job.instances[$0].handle }
        }
    }

    // MARK: Launching

    private func launch(_ key: Key) async {
        guard let record = jobs[key]?.record else { return }
        do {
            var (instances, leases) = try await makeInstances(of: key, record)
            let seats = instances.indices.map { instances[$0].takeSeat() }
            let fleet = FleetSpec(
                owner: owner(of: record),
                instances: seats,
                network: record.request.enableNetworkIsolation == true ? .isolated : .open,
                runtime: instances.allSatisfy(\.assignment.isOfEngineAlone)
                    ? .containerEngine : .sandbox
            )
            try seat(instances, keeping: leases, of: key, record)
            let handles = try await parts.placement.place(fleet) {
                await self.find(seats[0].id, of: key) != nil
            } onWait: { place in
                await self.tell(key, "Waiting for free instances: \(place.words).")
            }
            try await placed(key, handles: handles)
        } catch  where !isSame(record, key) {
            // It has ended, and another job may have its name by now.
        } catch  where error is CancellationError || error.endsPreparation {
            // It was stopped while it waited, or the server ends: then the next start launches it again.
            await forgetInstances(of: key)
        } catch {
            fail(key, reason: TrainingFailure.reason(for: error))
        }
    }

    /// Whether this attempt of this job is still what has its name.
    private func isSame(_ record: TrainingJobRecord, _ key: Key) -> Bool {
        jobs[key].map { $0.record.created == record.created && $0.record.attempt == record.attempt } ?? false
    }

    /// The instances of the next attempt; a job that ends meanwhile waits for nothing more.
    ///
    /// - Throws: `PreparationEnded` for a job that has ended, what `TrainingInstances.make` throws.
    private func makeInstances(
        of key: Key,
        _ record: TrainingJobRecord
    ) async throws -> (instances: [InstanceRecord], leases: [EnvironmentLease]) {
        let (making, time) = (TrainingInstances(parts: parts), now())
        return try await endings.prepare(until: key, atMost: .seconds(24 * 3600)) {
            await !self.isSame(record, key)
        } _: {
            try await making.make(for: record, now: time) { await self.tell(key, $0) }
        }
    }

    /// Writes the instances down and lets their agents call, before the first of them starts.
    private func seat(
        _ instances: [InstanceRecord],
        keeping leases: [EnvironmentLease],
        of key: Key,
        _ record: TrainingJobRecord
    ) throws {
        guard isSame(record, key), var job = jobs[key] else { throw CancellationError() }
        job.instances = instances
        job.record.bytesIn = instances.reduce(0) { sum, instance in
            sum + instance.assignment.channels.reduce(0) { $0 + $1.bytes }
        }
        try save(job)
        jobs[key] = job
        register(instances, keeping: leases, of: key)
    }

    /// Lets the instances' agents call.
    private func register(_ instances: [InstanceRecord], keeping leases: [EnvironmentLease] = [], of key: Key)
    {
        for instance in instances {
            jobOfInstance[instance.id] = key
            parts.registry.add(instance, owner: self, keeping: leases)
        }
    }

    private func placed(_ key: Key, handles: [InstanceHandle]) async throws {
        guard jobs[key]?.instances.count == handles.count else {
            for handle in handles { await parts.discard(handle) }
            return
        }
        let time = now()
        do {
            try transition(key, .placed(hostCount: handles.count)) { job in
                for (index, handle) in handles.enumerated() { job.instances[index].handle = handle }
                if job.record.transitions.last?.status == .pending {
                    job.record.enter(.starting, at: job.timeline.stamp(time))
                }
            }
        } catch {
            for handle in handles { await parts.discard(handle) }
            throw error
        }
        placements.notify(key)
    }

    /// Shows what keeps a job from starting.
    private func tell(_ key: Key, _ words: String) {
        guard var job = jobs[key] else { return }
        job.record.enter(.pending, message: words, at: job.timeline.stamp(now()))
        do {
            try save(job)
            jobs[key] = job
        } catch {
            parts.logger.error("The wait of \(key.name) was not written: \(error)")
        }
    }

    // MARK: Reported by agents

    package func amend(
        _ instance: InstanceID,
        _ change: @Sendable (inout InstanceRecord) throws -> Void
    ) throws {
        guard let key = jobOfInstance[instance], var job = jobs[key],
            let position = job.instances.firstIndex(where: { $0.id == instance })
        else { throw UnknownInstance() }
        try change(&job.instances[position])
        try save(job)
        jobs[key] = job
    }

    package func apply(_ events: [InstanceEvent], from instance: InstanceID) async throws {
        guard let key = jobOfInstance[instance] else { throw UnknownInstance() }
        // An agent may be quicker than the engine's word that it is there.
        await placements.wait(for: key, atMost: .seconds(5)) { await !self.isWaiting(key) }
        for event in events {
            guard let (job, position) = find(instance, of: key),
                event.sequence > job.instances[position].lastEvent
            else { continue }
            if case .waiting = job.record.state { throw InstanceNotPlaced() }
            var metrics: [TrainingJobRecord.FinalMetric]?
            var artifactBytes = 0
            if case .finished(let bytes) = event.change {
                artifactBytes = bytes
                if job.isLast(position) { metrics = await finalMetrics(of: key) }
            }
            guard let report = job.report(event.change, of: job.instances[position]) else {
                try noteProgress(event, of: position, key)
                continue
            }
            try transition(key, .host(position, report)) { job in
                guard job.instances.indices.contains(position) else { return }
                job.instances[position].lastEvent = event.sequence
                job.record.bytesOut += artifactBytes
                if let metrics { job.record.finalMetrics = metrics }
            }
        }
    }

    /// Shows how far the download is.
    private func noteProgress(_ event: InstanceEvent, of position: Int, _ key: Key) throws {
        guard var job = jobs[key] else { return }
        job.instances[position].lastEvent = event.sequence
        switch event.change {
        case .progress(let progress):
            job.show(progress, of: position, at: job.timeline.stamp(now()))
        case .pulling(let reference, let bytes, let total):
            job.showPull(of: reference, bytes: bytes, totalBytes: total, at: job.timeline.stamp(now()))
        default: break
        }
        try save(job)
        jobs[key] = job
    }

    private func isWaiting(_ key: Key) -> Bool { jobs[key]?.record.state == .waiting }

    private func find(_ instance: InstanceID, of key: Key) -> (LiveTrainingJob, position: Int)? {
        guard let job = jobs[key] else { return nil }
        return job.instances.firstIndex { $0.id == instance }.map { (job, $0) }
    }

    package func instanceWasLost(_ instance: InstanceID) async {
        guard let key = jobOfInstance[instance], let job = jobs[key],
            let position = job.instances.firstIndex(where: { $0.id == instance })
        else { return }
        let reason = """
            InternalServerError: The instance \(job.instances[position].assignment.host) was lost: its agent ended \
            without a word. Its container ended with it. Run the job again, or set RetryStrategy.
            """
        do {
            try transition(key, .host(position, .failed(reason)))
        } catch {
            parts.logger.error("The loss of \(instance) was not written: \(error)")
        }
    }

    private func finalMetrics(of key: Key) async -> [TrainingJobRecord.FinalMetric] {
        do {
            return try await parts.telemetry.finalSamples(of: key.name, in: key.scope)
                .map { .init(name: $0.name, value: $0.value, time: $0.time) }
        } catch {
            parts.logger.error("The metrics of \(key.name) could not be read: \(error)")
            return []
        }
    }

    // MARK: The one way a job changes

    /// Applies an event, with what else it brings, makes both durable and performs the effects.
    ///
    /// - Throws: `IllegalTransition`, or what the database says; then nothing has changed.
    private func transition(
        _ key: Key,
        _ event: TrainingJobEvent,
        noting note: (inout LiveTrainingJob) -> Void = { _ in }
    ) throws {
        guard var job = jobs[key] else { return }
        note(&job)
        let effects = try job.apply(event, at: job.timeline.stamp(now()), keeping: parts.keepsFailedFor)
        try save(job)
        jobs[key] = job
        for effect in effects { perform(effect, on: key, job) }
    }

    private func save(_ job: LiveTrainingJob) throws {
        try parts.database.commit { try job.save(in: $0) }
    }

    private func perform(_ effect: TrainingJobEffect, on key: Key, _ job: LiveTrainingJob) {
        switch effect {
        case .enter(.restarting):
            let instances = job.instances
            jobs[key]?.instances = []
            parts.work.submit {
                await self.clear(instances)
                await self.launch(key)
            }
        case .enter: break
        case .stop(let hosts, let cause):
            for host in hosts where job.instances.indices.contains(host) {
                parts.registry.send(.endTraining(cause), to: job.instances[host].id)
            }
        case .collect:
            if let leader = job.instances.first { parts.registry.send(job.collection, to: leader.id) }
        case .release(let hosts):
            for host in hosts where job.instances.indices.contains(host) {
                parts.registry.send(.release, to: job.instances[host].id)
            }
        case .end:
            jobs[key] = nil
            endings.notify(key)
            let (instances, kept) = (job.instances, Set(job.kept.map(\.id)))
            parts.work.submit { await self.clear(instances, keeping: kept) }
        }
    }

    private func fail(_ key: Key, reason: String) {
        do {
            let event: TrainingJobEvent =
                if case .waiting? = jobs[key]?.record.state { .impossible(reason) } else {
                    .host(0, .failed(reason))
                }
            try transition(key, event)
        } catch {
            parts.logger.error("The failure of \(key.name) was not written: \(error). It was: \(reason)")
        }
    }

    // MARK: Clearing up

    /// Ends agents that are still there, frees what they held, and lets the next in line try.
    private func clear(_ instances: [InstanceRecord], keeping kept: Set<InstanceID> = []) async {
        for instance in instances where kept.contains(instance.id) {
            // An agent that hears that nobody knows it would clear up after itself.
            if let handle = instance.handle { await parts.keep(handle) }
        }
        for instance in instances {
            parts.registry.remove(instance.id)
            jobOfInstance[instance.id] = nil
            if let handle = instance.handle, !kept.contains(instance.id) { await parts.discard(handle) }
            parts.listings.remove(of: instance.assignment)
        }
        await parts.placement.roomMayBeFree()
    }

    private func forgetInstances(of key: Key) async {
        guard let instances = jobs[key]?.instances else { return }
        jobs[key]?.instances = []
        await clear(instances)
    }

    private func owner(of record: TrainingJobRecord) -> String { "training job \(record.name)" }

    // MARK: After a restart

    /// Takes up what a former control plane left: running instances are adopted, waiting jobs launched.
    ///
    /// - Parameter instances: Every instance on the books.
    /// - Throws: What the database says.
    package func recover(_ instances: [InstanceRecord]) throws {
        let unfinished = try parts.database.read {
            try $0.resources(TrainingJobRecord.self, withStatus: ["InProgress", "Stopping"])
        }
        parts.listings.keepOnly(of: instances.map(\.assignment))
        for record in unfinished {
            let key = Key(scope: record.scope, name: record.name)
            switch TrainingRecovery(of: record, instances: instances) {
            case .launch(let leftovers):
                try parts.database.commit { transaction in
                    for left in leftovers { try transaction.removeInstance(left.id.description) }
                }
                jobs[key] = LiveTrainingJob(record: record)
                parts.work.submit { await self.launch(key) }
            case .fail(let found, let hostCount, let reason):
                jobs[key] = LiveTrainingJob(record: record, instances: found)
                for host in 0..<hostCount { try transition(key, .host(host, .failed(reason))) }
            case .adopt(let found, let orders):
                jobs[key] = LiveTrainingJob(record: record, instances: found)
                register(found, of: key)
                for order in orders { parts.registry.send(order.action, to: order.instance) }
            }
        }
    }
}
