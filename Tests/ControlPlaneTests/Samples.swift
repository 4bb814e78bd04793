import AgentProtocol
import ControlPlane
import Engines
import Resources

/// Values that a test needs and does not look at.
extension Assignment {
    static func sample(_ instance: String, type: String = "ml.m5.large") -> Assignment {
        Assignment(
            instance: InstanceID(instance),
            role: .training,
            hosts: ["algo-1"],
            host: "algo-1",
            instanceType: type,
            container: ContainerSpec(command: [], environment: [:]),
            channels: [],
            files: [:],
            modelArchive: nil,
            checkpoint: nil,
            artifacts: nil,
            limits: InstanceLimits(cpus: 1, memory: 1),
            network: .open,
            stopGraceSeconds: 1,
            maxRuntimeSeconds: nil,
            metricDefinitions: [],
            credentials: SessionCredentials(
                accessKeyID: "a",
                secretAccessKey: "s",
                sessionToken: "t",
                expiration: 0
            ),
            region: .standard,
            notices: []
        )
    }
}

extension InstanceHandle {
    static func sample(_ instance: InstanceID) -> InstanceHandle {
        InstanceHandle(
            instance: instance,
            instanceType: "ml.m5.large",
            processID: 1,
            processStart: 1,
            directory: "/data/instances/\(instance)",
            owner: "training job sample"
        )
    }
}

extension InstanceRecord {
    /// An instance of the resource with the ARN `owner`.
    static func sample(
        _ id: String,
        of owner: String,
        in scope: Scope,
        index: Int = 0,
        isPlaced: Bool = true
    ) -> InstanceRecord {
        var record = InstanceRecord(
            id: InstanceID(id),
            owner: owner,
            scope: scope,
            index: index,
            assignment: .sample(id),
            role: "",
            log: LogTarget(group: "g", stream: "s", metricsOf: "m")
        )
        if isPlaced { record.handle = .sample(record.id) }
        return record
    }
}

extension VariantFleet {
    static func sample(count: Int, instances: [InstanceID] = []) -> VariantFleet {
        var fleet = VariantFleet(
            variant: "A",
            modelName: "m",
            image: "i",
            instanceType: "ml.m5.large",
            desiredCount: count,
            weight: 0.5,
            routing: .random,
            startupTimeoutSeconds: 1,
            resolved: 0
        )
        fleet.instances = instances
        return fleet
    }
}
