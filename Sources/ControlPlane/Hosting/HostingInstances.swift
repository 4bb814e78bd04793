import AgentProtocol
import Engines
import Environments
import Resources
import SageMakerAPI
import Store

/// Makes new instances of a production variant: names, assignments, logs, credentials.
struct HostingInstances {
    let parts: SupervisorParts

    /// Instances with their logs open; none of them is started.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - fleet: The variant.
    ///   - record: The endpoint.
    /// - Returns: Instances that are on no books yet, and what keeps what they share until their agents do.
    /// - Throws: `EngineError.impossible` if the type can never run here, `UnusableChannel` if the model is gone, or
    ///   what the state or the log database says.
    func make(
        _ count: Int,
        of fleet: VariantFleet,
        for record: EndpointRecord
    ) async throws -> (instances: [InstanceRecord], leases: [EnvironmentLease]) {
        guard
            let model = try parts.database.read({
                try $0.resource(ModelRecord.self, named: fleet.modelName, in: record.scope)
            })
        else { throw UnusableChannel(message: "the model \(fleet.modelName) was deleted") }
        let (limits, clamped) = try parts.engine.limits(of: fleet.instanceType)
        var images: [PreparedImage] = []
        for container in model.containers {
            images.append(
                try await parts.images.prepare(
                    try await parts.images.image(of: container),
                    user: "endpoint \(record.name)"
                ) { _ in }
            )
        }
        let credentials = try await parts.issuer.issueSession(
            role: model.request.executionRoleArn ?? "",
            sessionName: "SageMaker",
            scope: record.scope,
            seconds: SessionCredentials.lifetime
        )
        let assignment = HostingAssignment(
            endpoint: record,
            fleet: fleet,
            model: model,
            platform: parts.platform,
            images: images,
            data: parts.data,
            credentials: credentials,
            limits: limits,
            notices: [clamped].compactMap(\.self) + images.flatMap(\.notices)
        )
        var instances: [InstanceRecord] = []
        for index in 0..<count {
            let suffix = String(UInt64.random(in: 0 ... .max), radix: 36)
            let id = InstanceID("e-\(record.name.lowercased())-\(suffix)")
            let log = LogTarget(
                group: "/aws/sagemaker/Endpoints/\(record.name)",
                stream: "\(fleet.variant)/i-\(suffix)",
                metricsOf: record.name
            )
            try await parts.telemetry.open(log, in: record.scope)
            instances.append(
                InstanceRecord(
                    id: id,
                    owner: record.arn,
                    scope: record.scope,
                    index: index,
                    assignment: try await assignment.make(instance: id),
                    role: model.request.executionRoleArn ?? "",
                    log: log
                )
            )
        }
        return (instances, images.compactMap(\.lease))
    }
}
