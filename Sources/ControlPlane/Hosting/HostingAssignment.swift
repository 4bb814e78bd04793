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
    let image: PreparedImage
    let data: DataCatalogue
    let credentials: SessionCredentials
    let limits: InstanceLimits
    /// Sentences that open the log.
    let notices: [String]

    /// What the instance has to do.
    ///
    /// - Throws: `UnusableChannel` if the model's archive is gone.
    func make(instance: InstanceID) async throws -> Assignment {
        let network: NetworkAccess = model.request.enableNetworkIsolation == true ? .isolated : .open
        var spec = platform.container(for: image, verb: "serve", entrypoint: nil, arguments: nil)
        try platform.scripts?.addPackages(of: model.request.executionRoleArn ?? "", to: &spec)
        spec.add(requested: model.container?.environment)
        platform.addAccess(
            to: &spec,
            region: endpoint.scope.region,
            network: network,
            hosts: []
        )
        return Assignment(
            instance: instance,
            role: .hosting,
            hosts: ["algo-1"],
            host: "algo-1",
            instanceType: fleet.instanceType,
            container: spec,
            channels: [],
            files: [:],
            modelArchive: try await archive(),
            checkpoint: nil,
            artifacts: nil,
            hosting: HostingSpec(startupTimeoutSeconds: fleet.startupTimeoutSeconds),
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

    private func archive() async throws -> DataObject? {
        guard let url = model.container?.dataURL, let location = S3Location(uri: url) else { return nil }
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
