package import AgentProtocol
package import Engines
package import Foundation
import Resources
import SageMakerAPI
package import Store

/// Draws the reports for people from the state and the capacity: what is, in every account and region.
package struct PlatformReporter: Sendable {
    /// What only the process itself knows.
    package struct Facts: Sendable {
        package let version: String
        package let pid: Int32
        package let workerPID: Int32?
        package let account: String
        package let dataDirectory: String
        package let started: Date
        /// `http://HOST:PORT`, once it is known.
        package let url: @Sendable () -> String
        /// See `PlatformOverview.Server`.
        package let authorityFingerprint: String?

        package init(
            version: String,
            pid: Int32,
            workerPID: Int32? = nil,
            account: String,
            dataDirectory: String,
            started: Date,
            url: @escaping @Sendable () -> String,
            authorityFingerprint: String? = nil
        ) {
            self.version = version
            self.pid = pid
            self.workerPID = workerPID
            self.account = account
            self.dataDirectory = dataDirectory
            self.started = started
            self.url = url
            self.authorityFingerprint = authorityFingerprint
        }
    }

    private let facts: Facts
    private let database: StateDatabase
    private let machine: Machine
    private let capacity: Capacity
    private let now: @Sendable () -> Double

    package init(
        facts: Facts,
        database: StateDatabase,
        machine: Machine,
        now: @escaping @Sendable () -> Double = { Date.now.timeIntervalSince1970 }
    ) {
        self.facts = facts
        self.database = database
        self.machine = machine
        capacity = Capacity(machine: machine)
        self.now = now
    }

    // MARK: The whole

    /// The overview.
    ///
    /// - Parameters:
    ///   - disk: What the data directory takes.
    ///   - isShuttingDown: Whether the server is ending everything.
    /// - Returns: What `clary status` shows.
    /// - Throws: What the database says.
    package func overview(
        disk: PlatformOverview.Disk,
        isShuttingDown: Bool
    ) throws -> PlatformOverview {
        try database.read { state in
            let running = try state.instances(InstanceRecord.self).compactMap(instance)
            return PlatformOverview(
                server: .init(
                    version: facts.version,
                    pid: facts.pid,
                    workerPid: facts.workerPID,
                    url: facts.url(),
                    authorityFingerprint: facts.authorityFingerprint,
                    account: facts.account,
                    dataDirectory: facts.dataDirectory,
                    started: facts.started,
                    uptimeSeconds: max(0, now() - facts.started.timeIntervalSince1970),
                    isShuttingDown: isShuttingDown
                ),
                disk: disk,
                machine: .init(
                    cpus: machine.cpus,
                    memoryBytes: machine.memory,
                    gpus: machine.gpus.count,
                    reservedCPUs: running.reduce(0) { $0 + ($1.reservation?.cpus ?? 0) },
                    reservedMemoryBytes: running.reduce(0) { $0 + ($1.reservation?.memoryBytes ?? 0) },
                    reservedGPUs: running.reduce(0) { $0 + $1.gpus.count }
                ),
                resources: .init(
                    trainingJobs: try state.census(TrainingJobRecord.self),
                    endpoints: try state.census(EndpointRecord.self),
                    models: try state.census(ModelRecord.self).values.reduce(0, +),
                    endpointConfigs: try state.census(EndpointConfigRecord.self).values.reduce(0, +)
                ),
                instances: running,
                kept: try state.keptInstances().map { kept in
                    .init(
                        id: kept.id.description,
                        owner: kept.owner,
                        name: kept.name,
                        host: kept.assignment.host,
                        region: kept.scope.region.description,
                        until: Date(timeIntervalSince1970: kept.until)
                    )
                }
            )
        }
    }

    private func instance(_ record: InstanceRecord) -> PlatformOverview.Instance? {
        guard let handle = record.handle else { return nil }
        let (limit, _) = limits(of: handle.instanceType)
        return .init(
            id: record.id.description,
            owner: record.owner,
            region: record.scope.region.description,
            instanceType: handle.instanceType,
            limit: limit,
            reservation: reservation(of: handle.instanceType),
            gpus: handle.gpus
        )
    }

    // MARK: Jobs

    /// Every job that has not ended, and of the others the newest, newest first.
    ///
    /// - Parameters:
    ///   - name: Only jobs of this name; `nil` for all.
    ///   - limit: How many at most, not counting those that have not ended.
    ///   - places: Where instances stand that wait for room.
    /// - Returns: Jobs of every account and region.
    /// - Throws: What the database says.
    package func jobs(
        named name: String? = nil,
        limit: Int,
        places: [InstanceID: QueuePlace]
    ) throws -> [JobReport] {
        try database.read { state in
            let newest = try state.newest(TrainingJobRecord.self, named: name, limit: limit)
            let known = Set(newest.map(\.arn))
            let older = try state.resources(TrainingJobRecord.self, withStatus: ["InProgress", "Stopping"])
                .filter { !known.contains($0.arn) && (name == nil || $0.name == name) }
            let queue = try Self.queue(state, places)
            return (newest + older.reversed()).map { job($0, queue: queue[$0.arn]) }
        }
    }

    private func job(_ record: TrainingJobRecord, queue: QueuePlace?) -> JobReport {
        let types = record.hosts.countOfTypes.map(\.instanceType)
        let (limit, offered) = types.count == 1 ? limits(of: types[0]) : (nil, nil)
        let groups =
            record.request.resourceConfig?.instanceGroups?.isEmpty == false ? record.hosts.groups : nil
        let end = record.trainingEnd
        return JobReport(
            name: record.name,
            account: record.scope.account.description,
            region: record.scope.region.description,
            status: record.status,
            secondaryStatus: record.transitions.last?.status.rawValue ?? "",
            message: record.transitions.last?.message ?? "",
            instanceType: types.joined(separator: ", "),
            instanceCount: record.hosts.count,
            instanceGroups: groups?.map { group in
                let (limit, offered) = limits(of: group.instanceType)
                return .init(
                    name: group.name,
                    instanceType: group.instanceType,
                    instanceCount: group.hosts.count,
                    limit: limit,
                    offered: offered
                )
            },
            limit: limit,
            offered: offered,
            queue: record.state.isFinished ? nil : queue,
            created: Date(timeIntervalSince1970: record.created),
            started: record.trainingStart.map { Date(timeIntervalSince1970: $0) },
            ended: end.map { Date(timeIntervalSince1970: $0) },
            elapsedSeconds: max(0, (end ?? now()) - record.created),
            failureReason: record.failureReason,
            logGroup: "/aws/sagemaker/TrainingJobs"
        )
    }

    // MARK: Endpoints

    /// The endpoints of every account and region, newest first.
    ///
    /// - Parameters:
    ///   - name: Only endpoints of this name; `nil` for all.
    ///   - places: Where instances stand that wait for room.
    /// - Returns: All that there are.
    /// - Throws: What the database says.
    package func endpoints(
        named name: String? = nil,
        places: [InstanceID: QueuePlace]
    ) throws -> [EndpointReport] {
        try database.read { state in
            let ready = Set(
                try state.instances(InstanceRecord.self).filter { $0.isReady && $0.handle != nil }.map(\.id)
            )
            let queue = try Self.queue(state, places)
            return try state.newest(EndpointRecord.self, named: name, limit: .max).map { record in
                let event = try state.events(of: record.arn).last { $0.status == record.status }
                return endpoint(
                    record,
                    since: event?.time ?? record.created,
                    ready: ready,
                    queue: queue[record.arn]
                )
            }
        }
    }

    private func endpoint(
        _ record: EndpointRecord,
        since: Double,
        ready: Set<InstanceID>,
        queue: QueuePlace?
    ) -> EndpointReport {
        let current = record.fleet.map { variant($0, isIncoming: false, ready: ready) }
        let incoming = record.incoming.map { variant($0, isIncoming: true, ready: ready) }
        return EndpointReport(
            name: record.name,
            account: record.scope.account.description,
            region: record.scope.region.description,
            status: record.status,
            configName: record.configName,
            created: Date(timeIntervalSince1970: record.created),
            since: Date(timeIntervalSince1970: since),
            failureReason: record.failureReason,
            queue: queue,
            variants: current + incoming,
            logGroup: "/aws/sagemaker/Endpoints/\(record.name)"
        )
    }

    private func variant(
        _ fleet: VariantFleet,
        isIncoming: Bool,
        ready: Set<InstanceID>
    ) -> EndpointReport.Variant {
        let (limit, offered) = limits(of: fleet.instanceType)
        return .init(
            name: fleet.variant,
            modelName: fleet.modelName,
            instanceType: fleet.instanceType,
            desiredCount: fleet.desiredCount,
            currentCount: fleet.instances.count { ready.contains($0) },
            weight: fleet.weight,
            isIncoming: isIncoming,
            limit: limit,
            offered: offered
        )
    }

    // MARK: Capacity

    /// The places in line by the ARN of whose instances stand there.
    private static func queue(
        _ state: StateTransaction,
        _ places: [InstanceID: QueuePlace]
    ) throws -> [String: QueuePlace] {
        guard !places.isEmpty else { return [:] }
        return try state.instances(InstanceRecord.self).reduce(into: [:]) { queue, record in
            if let place = places[record.id] { queue[record.owner] = place }
        }
    }

    /// What an instance of a type may use here, and what it offers if that is more.
    private func limits(
        of name: String
    ) -> (limit: PlatformOverview.Share?, offered: PlatformOverview.Share?) {
        // A type that cannot run here has no limit.
        guard let type = InstanceCatalogue.type(named: name), let found = try? capacity.limits(of: type)
        else {
            return (nil, nil)
        }
        let limit = PlatformOverview.Share(
            cpus: Double(found.limits.cpus),
            memoryBytes: found.limits.memory
        )
        guard found.notice != nil else { return (limit, nil) }
        let offered = PlatformOverview.Share(
            cpus: Double(type.vCPUs),
            memoryBytes: Int(type.memoryGiB * Double(1 << 30))
        )
        return (limit, offered)
    }

    private func reservation(of name: String) -> PlatformOverview.Share? {
        guard let type = InstanceCatalogue.type(named: name),
            let found = try? capacity.reservation(of: type)
        else { return nil }
        return .init(cpus: found.cpus, memoryBytes: found.memory)
    }
}
