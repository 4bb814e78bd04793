import AgentProtocol
import Gateway
import Resources
import SageMakerAPI

/// Makes the assignment of one instance of a production variant.
struct HostingAssignment {
    let endpoint: EndpointRecord
    let fleet: VariantFleet
    let model: ModelRecord
    let platform: PlatformFacts
    /// Of each container of the model.
    let images: [PreparedImage]
    let data: DataCatalogue
    let credentials: SessionCredentials
    let limits: InstanceLimits
    /// Sentences that open the log.
    let notices: [String]

    /// What the instance has to do.
    ///
    /// - Throws: `UnusableChannel` if a model's archive is gone, `UnknownImage`.
    func make(instance: InstanceID) async throws -> Assignment {
        let definitions = model.containers
        let hosts = definitions.enumerated().map { $1.containerHostname ?? "container-\($0 + 1)" }
        let isAlone = definitions.count < 2
        var containers: [Companion] = []
        for ((host, definition), image) in zip(zip(hosts, definitions), images) {
            containers.append(
                Companion(
                    hostname: host,
                    container: try container(definition, image, hosts: isAlone ? [] : hosts),
                    modelArchive: try await archive(of: definition)
                )
            )
        }
        guard let first = containers.first else {
            throw UnusableChannel(message: "the model has no container")
        }
        return Assignment(
            instance: instance,
            role: .hosting,
            hosts: isAlone ? ["algo-1"] : hosts,
            host: isAlone ? "algo-1" : first.hostname,
            instanceType: fleet.instanceType,
            container: first.container,
            channels: [],
            files: [:],
            modelArchive: first.modelArchive,
            checkpoint: nil,
            artifacts: nil,
            hosting: HostingSpec(
                startupTimeoutSeconds: fleet.startupTimeoutSeconds,
                mode: isAlone
                    ? nil : model.request.inferenceExecutionConfig?.mode == "Direct" ? .direct : .serial
            ),
            companions: isAlone ? nil : Array(containers.dropFirst()),
            limits: InstanceLimits(
                cpus: limits.cpus,
                memory: limits.memory,
                volume: fleet.volumeSizeInGB.map { $0 << 30 }
            ),
            network: network,
            stopGraceSeconds: 30,
            maxRuntimeSeconds: nil,
            metricDefinitions: [],
            credentials: credentials,
            region: endpoint.scope.region,
            notices: notices + IneffectiveFields.notices(model.request)
        )
    }

    private var network: NetworkAccess { model.request.enableNetworkIsolation == true ? .isolated : .open }

    /// Where the container's server listens: each has an address of its own, so all of them listen at the same port, and
    /// what else they open is theirs.
    private var ports: [String: String] {
        let own = ["SAGEMAKER_BIND_TO_PORT": "\(HostingSpec().port)"]
        guard model.containers.count > 1 else { return own }
        return own.merging(["SAGEMAKER_SAFE_PORT_RANGE": "9000-9999"]) { own, _ in own }
    }

    private func container(
        _ definition: SageMaker.ContainerDefinition,
        _ image: PreparedImage,
        hosts: [String]
    ) throws -> ContainerSpec {
        var spec = platform.container(for: image, verb: "serve", entrypoint: nil, arguments: nil)
        if network == .open { try platform.scripts?.addPackages(of: model.creator, to: &spec) }
        spec.environment.merge(ports) { _, ours in ours }
        spec.add(requested: definition.environment)
        platform.addAccess(
            to: &spec,
            region: endpoint.scope.region,
            network: network,
            hosts: hosts
        )
        return spec
    }

    private func archive(of definition: SageMaker.ContainerDefinition) async throws -> DataObject? {
        guard let url = definition.dataURL, let location = S3Location(uri: url) else { return nil }
        let principal = data.principal(actingAs: model.request.executionRoleArn, scope: endpoint.scope)
        guard let entry = try await data.entry(at: location, as: principal) else {
            throw UnusableChannel(message: "the model data at \(url) is gone")
        }
        return DataObject(
            location: location,
            relativePath: "model.tar.gz",
            size: entry.size,
            nearPath: entry.file,
            eTag: entry.eTag
        )
    }
}
