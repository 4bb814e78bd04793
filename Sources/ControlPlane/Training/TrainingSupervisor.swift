package import AgentProtocol
package import Engines
import Foundation
package import Logging
import Resources
import SageMakerAPI
package import Store

/// Drives training jobs from their acceptance to their end.
///
/// Every change goes through the job's state machine, is made durable, and only then acted upon.
package actor TrainingSupervisor: InstanceOwner {
    /// What the supervisor works with.
    package struct Parts: Sendable {
        let database: StateDatabase
        let data: DataCatalogue
        let engine: any Engine
        let placement: PlacementQueue
        let registry: InstanceRegistry
        let telemetry: any TelemetrySink
        let issuer: any CredentialIssuer
        let platform: PlatformFacts
        let work: BackgroundWork
        let logger: Logger

        package init(
            database: StateDatabase,
            data: DataCatalogue,
            engine: any Engine,
            placement: PlacementQueue,
            registry: InstanceRegistry,
            telemetry: any TelemetrySink,
            issuer: any CredentialIssuer,
            platform: PlatformFacts,
            work: BackgroundWork,
            logger: Logger
        ) {
            self.database = database
            self.data = data
            self.engine = engine
            self.placement = placement
            self.registry = registry
            self.telemetry = telemetry
            self.issuer = issuer
            self.platform = platform
            self.work = work
            self.logger = logger
        }
    }

    /// A job of one account and region.
    package struct Key: Hashable, Sendable {
        let scope: Scope
        let name: String
    }

    private struct LiveJob {
        var record: TrainingJobRecord
        var instances: [InstanceRecord] = []
    }

    private let parts: Parts
    private let now: @Sendable () -> Double
    private var jobs: [Key: LiveJob] = [:]
    private var jobOfInstance: [InstanceID: Key] = [:]
    private let endings = Broadcast<Key>()

    package init(parts: Parts, now: @escaping @Sendable () -> Double = WallClock.now) {
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
        jobs[key] = LiveJob(record: record)
        parts.work.submit { await self.launch(key) }
    }

    /// Asks a job to end; one that has ended already is left alone.
    package func stop(_ key: Key) async throws {
        guard let job = jobs[key] else { return }
        try transition(key, .stopRequested)
        if case .waiting = job.record.state { await parts.placement.withdraw(owner: owner(of: job.record)) }
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
            let instances = try await prepare(record)
            let fleet = FleetSpec(
                owner: owner(of: record),
                instanceType: record.request.resourceConfig?.instanceType ?? "",
                instances: instances.map { InstanceSeat(id: $0.id, token: $0.token) },
                network: record.request.enableNetworkIsolation == true ? .isolated : .open
            )
            try seat(instances, of: key)
            let handles = try await parts.placement.place(fleet) { position, holders in
                await self.tellWait(key, position: position, holders: holders)
            }
            try await placed(key, handles: handles)
        } catch is CancellationError {
            // It was stopped while it waited, or the server ends: then the next start launches it again.
            await forgetInstances(of: key)
        } catch {
            fail(key, reason: Self.reason(for: error))
        }
    }

    /// Makes the job's instances: names, assignments, logs, credentials.
    private func prepare(_ record: TrainingJobRecord) async throws -> [InstanceRecord] {
        let request = record.request
        let (limits, clamped) = try parts.engine.limits(of: request.resourceConfig?.instanceType ?? "")
        let credentials = try await parts.issuer.issueSession(
            role: request.roleArn ?? "",
            sessionName: "SageMaker",
            scope: record.scope,
            seconds: (request.stoppingCondition?.maxRuntimeInSeconds ?? 86_400) + 3600
        )
        let assignment = TrainingAssignment(
            record: record,
            platform: parts.platform,
            data: parts.data,
            credentials: credentials,
            limits: limits,
            notices: [clamped].compactMap(\.self)
        )
        let suffix = String(UInt32.random(in: 0 ... .max), radix: 36)
        let count = request.resourceConfig?.instanceCount ?? 1
        let ids = (1...count).map {
            InstanceID("t-\(record.name.lowercased())-\(suffix)-\(record.attempt)-\($0)")
        }
        let assignments = try await assignment.make(instances: ids)
        let time = Int(now())
        let instances = zip(ids, assignments).enumerated().map { index, pair in
            InstanceRecord(
                id: pair.0,
                owner: record.arn,
                scope: record.scope,
                index: index,
                assignment: pair.1,
                log: LogTarget(
                    group: Self.logGroup,
                    stream: "\(record.name)/\(pair.1.host)-\(time)",
                    metricsOf: record.name
                )
            )
        }
        for instance in instances { try await parts.telemetry.open(instance.log, in: record.scope) }
        return instances
    }

    /// Writes the instances down and lets their agents call, before the first of them starts.
    private func seat(_ instances: [InstanceRecord], of key: Key) throws {
        guard var job = jobs[key] else { throw CancellationError() }
        job.instances = instances
        job.record.bytesIn = instances.reduce(0) { sum, instance in
            sum + instance.assignment.channels.flatMap(\.objects).reduce(0) { $0 + $1.size }
        }
        try save(job)
        jobs[key] = job
        for instance in instances {
            jobOfInstance[instance.id] = key
            parts.registry.add(instance, owner: self)
        }
    }

    private func placed(_ key: Key, handles: [InstanceHandle]) async throws {
        guard var job = jobs[key] else {
            for handle in handles { await discard(handle) }
            return
        }
        for (index, handle) in handles.enumerated() { job.instances[index].handle = handle }
        if job.record.transitions.last?.status == .pending { job.record.enter(.starting, at: now()) }
        jobs[key] = job
        try transition(key, .placed(hostCount: handles.count))
    }

    private func tellWait(_ key: Key, position: Int, holders: [String]) {
        guard var job = jobs[key] else { return }
        let places = Set(holders).sorted().prefix(5).joined(separator: ", ")
        job.record.enter(
            .pending,
            message: "Waiting for free instances: number \(position) in line. The room is held by \(places).",
            at: now()
        )
        jobs[key] = job
        do { try save(job) } catch { parts.logger.error("The wait of \(key.name) was not written: \(error)") }
    }

    // MARK: Reported by agents

    package func apply(_ events: [InstanceEvent], from instance: InstanceID) async throws {
        guard let key = jobOfInstance[instance] else { throw UnknownInstance() }
        for event in events {
            guard let job = jobs[key],
                let position = job.instances.firstIndex(where: { $0.id == instance }),
                event.sequence > job.instances[position].lastEvent
            else { continue }
            jobs[key]?.instances[position].lastEvent = event.sequence
            if case .finished(let bytes) = event.change { jobs[key]?.record.bytesOut += bytes }
            if case .finished = event.change, isLast(job, position) {
                jobs[key]?.record.finalMetrics = await finalMetrics(of: key)
            }
            try transition(
                key,
                .host(position, report(event.change, of: job.instances[position], in: job.record))
            )
        }
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

    private func isLast(_ job: LiveJob, _ position: Int) -> Bool {
        guard case .active(_, let hosts) = job.record.state else { return false }
        return hosts.indices.allSatisfy { index in
            if index == position { return true }
            if case .finished = hosts[index] { return true }
            return false
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

    private func report(
        _ change: InstanceEvent.Change,
        of instance: InstanceRecord,
        in record: TrainingJobRecord
    ) -> HostReport {
        switch change {
        case .downloading: return .downloading
        case .started, .ready: return .started
        case .uploading: return .uploading
        case .finished: return .finished
        case .failed(let failure): return .failed("\(failure.blame.rawValue): \(failure.message)")
        case .exited(let exit):
            let isAlone = record.request.resourceConfig?.instanceCount == 1
            return .exited(
                FailureReason.verdict(
                    of: exit,
                    host: isAlone ? nil : instance.assignment.host,
                    isBuiltIn: record.request.algorithmSpecification?.containerEntrypoint == nil,
                    log: instance.log
                )
            )
        }
    }

    // MARK: The one way a job changes

    private func transition(_ key: Key, _ event: TrainingJobEvent) throws {
        guard var job = jobs[key] else { return }
        let effects = try step(&job.record, event)
        jobs[key] = job
        try save(job)
        for effect in effects { perform(effect, on: key, job) }
    }

    /// Applies the event to the record; a failure of the platform begins another attempt where one is left.
    private func step(
        _ record: inout TrainingJobRecord,
        _ event: TrainingJobEvent
    ) throws -> [TrainingJobEffect] {
        let time = now()
        var effects = try record.state.handle(event)
        if case .end(.failed(let reason))? = effects.last, reason.hasPrefix("InternalServerError"),
            record.retriesLeft > 0
        {
            effects = try record.state.handle(.retried)
            record.retriesLeft -= 1
            record.attempt += 1
        }
        for case .enter(let stage) in effects {
            if case .finished(.failed(let reason)) = record.state, stage == .failed {
                record.enter(stage, message: String(reason.prefix(1024)), at: time)
            } else {
                record.enter(stage, at: time)
            }
        }
        if case .end(let outcome)? = effects.last { record.close(outcome, at: time) }
        return effects
    }

    private func save(_ job: LiveJob) throws {
        try parts.database.commit { transaction in
            let record = job.record
            let before = try transaction.resource(
                TrainingJobRecord.self,
                named: record.name,
                in: record.scope
            )
            try transaction.update(record)
            if before?.transitions.count != record.transitions.count {
                try transaction.record(record.latestEvent)
            }
            if let start = record.trainingStart, before?.trainingStart == nil {
                try transaction.beginUsage(
                    UsageRecord(
                        arn: record.arn,
                        component: "training",
                        instanceType: record.request.resourceConfig?.instanceType ?? "",
                        instanceCount: record.request.resourceConfig?.instanceCount ?? 1,
                        start: start,
                        end: nil
                    )
                )
            }
            if let end = record.trainingEnd {
                try transaction.endUsage(
                    of: record.arn,
                    at: end,
                    bytesIn: record.bytesIn,
                    bytesOut: record.bytesOut
                )
            }
            for instance in job.instances {
                if record.state.isFinished
                    || record.state == .waiting && record.attempt > 1 && instance.handle != nil
                {
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
    }

    private func perform(_ effect: TrainingJobEffect, on key: Key, _ job: LiveJob) {
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
                parts.registry.send(
                    .stop(cause: cause == .requested ? .stopRequested : .peerFailed, graceSeconds: 120),
                    to: job.instances[host].id
                )
            }
        case .collect:
            let peers = job.instances.dropFirst().compactMap { $0.handle?.containerDirectory }
            if let leader = job.instances.first {
                parts.registry.send(.collect(peerDirectories: Array(peers)), to: leader.id)
            }
        case .release(let hosts):
            for host in hosts { parts.registry.send(.release, to: job.instances[host].id) }
        case .end:
            jobs[key] = nil
            endings.notify(key)
            let instances = job.instances
            parts.work.submit { await self.clear(instances) }
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

    private static func reason(for error: any Error) -> String {
        switch error {
        case EngineError.impossible(let text):
            "CapacityError: Unable to provision requested ML compute capacity. \(text)"
        case EngineError.failed(let text): "InternalServerError: The instances could not be started. \(text)"
        case let error as UnusableChannel: "ClientError: Data download failed: \(error.message)."
        default: "InternalServerError: The job could not be started: \(error)"
        }
    }

    // MARK: Clearing up

    /// Ends agents that are still there, frees what they held, and lets the next in line try.
    private func clear(_ instances: [InstanceRecord]) async {
        for instance in instances {
            parts.registry.remove(instance.id)
            jobOfInstance[instance.id] = nil
            if let handle = instance.handle { await discard(handle) }
        }
        await parts.placement.roomMayBeFree()
    }

    private func discard(_ handle: InstanceHandle) async {
        do {
            try await parts.engine.kill(handle)
            try await parts.engine.release(handle)
        } catch {
            parts.logger.warning("The instance \(handle.instance) was not cleared: \(error)")
        }
    }

    private func forgetInstances(of key: Key) async {
        guard let instances = jobs[key]?.instances else { return }
        jobs[key]?.instances = []
        await clear(instances)
    }

    private func owner(of record: TrainingJobRecord) -> String { "training job \(record.name)" }

    private static let logGroup = "/aws/sagemaker/TrainingJobs"
}

extension TrainingSupervisor {
    /// Takes up what a former control plane left: running instances are adopted, waiting jobs launched.
    ///
    /// `records`: Every instance on the books.
    package func recover(_ records: [InstanceRecord]) throws {
        let unfinished = try parts.database.read {
            try $0.resources(TrainingJobRecord.self, withStatus: ["InProgress", "Stopping"])
        }
        for record in unfinished {
            let key = Key(scope: record.scope, name: record.name)
            let mine = records.filter { $0.owner == record.arn && $0.handle != nil }.sorted {
                $0.index < $1.index
            }
            guard case .active(let stop, let hosts) = record.state else {
                // What was written for a launch that never came to its end is of no use to the next one.
                try parts.database.commit { transaction in
                    for left in records where left.owner == record.arn {
                        try transaction.removeInstance(left.id.description)
                    }
                }
                jobs[key] = LiveJob(record: record)
                parts.work.submit { await self.launch(key) }
                continue
            }
            guard mine.count == hosts.count else {
                jobs[key] = LiveJob(record: record, instances: mine)
                let reason = "InternalServerError: The records of the job's instances are lost."
                for host in hosts.indices { try transition(key, .host(host, .failed(reason))) }
                continue
            }
            jobs[key] = LiveJob(record: record, instances: mine)
            for instance in mine {
                jobOfInstance[instance.id] = key
                parts.registry.add(instance, owner: self)
            }
            resend(to: mine, stop: stop, hosts: hosts)
        }
    }

    /// Says again what the former control plane may not have been able to say.
    private func resend(to instances: [InstanceRecord], stop: StopCause?, hosts: [HostProgress]) {
        if let stop {
            for (instance, host) in zip(instances, hosts)
            where host == .launching || host == .downloading || host == .training {
                parts.registry.send(
                    .stop(cause: stop == .requested ? .stopRequested : .peerFailed, graceSeconds: 120),
                    to: instance.id
                )
            }
        }
        let allExited = hosts.allSatisfy { if case .exited = $0 { true } else { false } }
        if hosts.count > 1, allExited, let leader = instances.first {
            let peers = instances.dropFirst().compactMap { $0.handle?.containerDirectory }
            parts.registry.send(.collect(peerDirectories: Array(peers)), to: leader.id)
        }
    }
}

extension TrainingJobRecord {
    /// The newest entry of the history.
    var latestEvent: StatusEvent {
        StatusEvent(
            arn: arn,
            time: transitions.last?.start ?? created,
            status: transitions.last?.status.rawValue ?? status,
            message: transitions.last?.message ?? ""
        )
    }
}
