import AgentProtocol
import Engines
import Environments
import Resources
import SageMakerAPI
import Store

/// Makes the instances of a job's next attempt: names, assignments, logs, credentials.
struct TrainingInstances {
    let parts: SupervisorParts

    /// The instances in the order of their hosts, with their logs open; none of them is started.
    ///
    /// - Parameters:
    ///   - record: The job.
    ///   - now: Seconds since the epoch; part of the logs' names.
    ///   - note: Hears what takes a while.
    /// - Returns: As many instances as the request wants, and what keeps what they share until their agents do.
    /// - Throws: `EngineError.impossible` if the type can never run here, `UnusableChannel` if data are gone, or what
    ///   the state or the log database says.
    func make(
        for record: TrainingJobRecord,
        now: Double,
        note: @escaping @Sendable (String) async -> Void
    ) async throws -> (instances: [InstanceRecord], leases: [EnvironmentLease]) {
        let request = record.request
        var (limits, clamped): ([String: InstanceLimits], [String]) = ([:], [])
        for (type, _) in record.hosts.countOfTypes {
            let (limit, notice) = try parts.engine.limits(of: type)
            limits[type] = limit
            if let notice { clamped.append(notice) }
        }
        let image = try await parts.images.prepare(
            try await parts.images.image(of: request),
            user: "training job \(record.name)",
            note: note
        )
        let credentials = try await parts.issuer.issueSession(
            role: request.roleArn ?? "",
            sessionName: "SageMaker",
            scope: record.scope,
            seconds: SessionCredentials.lifetime
        )
        let assignment = TrainingAssignment(
            record: record,
            platform: parts.platform,
            image: image,
            data: parts.data,
            listings: parts.listings,
            openDirectories: parts.openDirectories,
            credentials: credentials,
            limits: limits,
            notices: clamped + image.notices
        )
        let suffix = String(UInt32.random(in: 0 ... .max), radix: 36)
        let ids = (1...record.hosts.count).map {
            InstanceID("t-\(record.name.lowercased())-\(suffix)-\(record.attempt)-\($0)")
        }
        let assignments = try await assignment.make(instances: ids)
        let instances = zip(ids, assignments).enumerated().map { index, pair in
            InstanceRecord(
                id: pair.0,
                owner: record.arn,
                scope: record.scope,
                index: index,
                assignment: pair.1,
                role: request.roleArn ?? "",
                log: LogTarget(
                    group: "/aws/sagemaker/TrainingJobs",
                    stream: "\(record.name)/\(pair.1.host)-\(Int(now))",
                    metricsOf: record.name
                )
            )
        }
        if record.attempt == 1 { try await parts.telemetry.forgetSamples(of: record.name, in: record.scope) }
        for instance in instances { try await parts.telemetry.open(instance.log, in: record.scope) }
        return (instances, [image.lease].compactMap(\.self))
    }
}
