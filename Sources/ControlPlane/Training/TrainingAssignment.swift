import AgentProtocol
import Gateway
import Resources
import SageMakerAPI
import Store

/// Makes the assignments of a job's instances from its record.
package struct TrainingAssignment {
    let record: TrainingJobRecord
    let platform: PlatformFacts
    let image: PreparedImage
    let data: DataCatalogue
    let listings: ChannelListings
    let openDirectories: OpenDirectories
    let credentials: SessionCredentials
    /// Of each instance type that the job has.
    let limits: [String: InstanceLimits]
    /// Sentences that open the log, such as what was clamped.
    let notices: [String]
    /// What the instances of this attempt know each other by.
    private let fleetSecret = (0..<4).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined()

    /// Where checkpoints are unless the request says otherwise.
    static let checkpointDirectory = "/opt/ml/checkpoints"
    /// Where TensorBoard's files are unless the request says otherwise.
    static let tensorBoardDirectory = "/opt/ml/output/tensorboard/"
    /// Seconds between SIGTERM and SIGKILL (contract; `StopTrainingJob`).
    static let stopGraceSeconds = 120

    private var request: SageMaker.CreateTrainingJobRequest { record.request }

    private var hosts: TrainingHosts { record.hosts }

    /// One assignment for each instance, in the order of their hosts.
    func make(instances: [InstanceID]) async throws -> [Assignment] {
        let channels = try await TrainingChannels(
            request: request,
            principal: principal,
            data: data,
            listings: listings,
            openDirectories: openDirectories,
            instances: instances,
            hosts: hosts
        ).make()
        let checkpoint = try await restore()
        // Hours of training must not end at a door that was closed from the start.
        for sample in record.destinations.compactMap(\.sample) {
            try data.checkWrite(to: sample, as: principal)
        }
        let network = network
        let containers = try hosts.names.map { try container(host: $0) }
        return zip(instances, hosts.all).enumerated().map { index, pair in
            let (instance, host) = pair
            let limits = limits[host.instanceType]
            return Assignment(
                instance: instance,
                role: .training,
                hosts: hosts.names,
                host: host.name,
                instanceType: host.instanceType,
                container: containers[index],
                channels: channels[index],
                files: TrainingConfigFiles(request: request, hosts: hosts, position: index).all,
                modelArchive: nil,
                checkpoint: checkpoint,
                tensorBoard: tensorBoard,
                artifacts: artifacts,
                limits: InstanceLimits(
                    cpus: limits?.cpus ?? 1,
                    memory: limits?.memory ?? 0,
                    volume: request.resourceConfig?.volumeSizeInGB.map { $0 << 30 }
                ),
                network: network,
                stopGraceSeconds: Self.stopGraceSeconds,
                maxRuntimeSeconds: request.stoppingCondition?.maxRuntimeInSeconds,
                metricDefinitions: metricDefinitions(of: image),
                credentials: credentials,
                region: record.scope.region,
                notices: notices + IneffectiveFields.notices(request)
            )
        }
    }

    /// Whose rights the job's data are read and written with.
    private var principal: Caller { data.principal(actingAs: request.roleArn, scope: record.scope) }

    /// The request's, or those that the service itself gives a built-in algorithm (XGBoost reference, logs).
    private func metricDefinitions(of image: PreparedImage) -> [MetricDefinition] {
        let algorithm = request.algorithmSpecification
        if let own = algorithm?.metricDefinitions, !own.isEmpty {
            return own.map { MetricDefinition(name: $0.name ?? "", regex: $0.regex ?? "") }
        }
        guard case .xgboost = image, algorithm?.containerEntrypoint == nil else { return [] }
        return [MetricDefinition(name: nil, regex: ##"#011(train|validation)-([^:\s#]+):([-+.0-9eE]+)"##)]
    }

    private var network: NetworkAccess { request.enableNetworkIsolation == true ? .isolated : .open }

    private func container(host: String) throws -> ContainerSpec {
        let algorithm = request.algorithmSpecification
        var spec = platform.container(
            for: image,
            verb: "train",
            entrypoint: algorithm?.containerEntrypoint,
            arguments: algorithm?.containerArguments
        )
        // What an isolated job wrote there would leave its isolation, and what it found would depend on other jobs.
        if network == .open { try platform.scripts?.addPackages(of: record.creator, to: &spec) }
        spec.environment["CLARY_FLEET_SECRET"] = fleetSecret
        spec.add(requested: request.environment)
        spec.environment.merge(
            [
                "TRAINING_JOB_NAME": record.name, "TRAINING_JOB_ARN": record.arn, "CURRENT_HOST": host,
                "HOSTNAME": host,
            ]
        ) { _, reserved in reserved }
        platform.addAccess(
            to: &spec,
            region: record.scope.region,
            network: network,
            hosts: hosts.names
        )
        return spec
    }

    private var artifacts: ArtifactTargets? {
        record.outputLocation.map {
            ArtifactTargets(
                prefix: $0,
                compression: request.outputDataConfig?.compressionType == "NONE" ? .none : .gzip
            )
        }
    }

    private var tensorBoard: UploadedDirectory? {
        record.tensorBoardLocation.map {
            UploadedDirectory(
                location: $0,
                localPath: request.tensorBoardOutputConfig?.localPath ?? Self.tensorBoardDirectory
            )
        }
    }

    /// The part of `key` below `prefix`: a prefix that names a folder (with or without its slash) is the root, one
    /// that names an object or a part of a name leaves everything after its last slash.
    package static func relativePath(of key: String, below prefix: String) -> String {
        if prefix.isEmpty || prefix.hasSuffix("/") { return String(key.dropFirst(prefix.count)) }
        if key.hasPrefix(prefix + "/") { return String(key.dropFirst(prefix.count + 1)) }
        let folder = prefix.lastIndex(of: "/").map { prefix[...$0].count } ?? 0
        return String(key.dropFirst(folder))
    }

    /// Whether a path stays below its root and names a file.
    package static func isSafe(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return !path.isEmpty && !path.utf8.contains(0)
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 255 }
    }

    private func restore() async throws -> Checkpoint? {
        guard let config = request.checkpointConfig, let uri = config.s3Uri,
            let location = S3Location(uri: uri)
        else { return nil }
        let root = location.key.isEmpty || location.key.hasSuffix("/") ? location.key : location.key + "/"
        let folder = S3Location(bucket: location.bucket, key: root)
        let existing = try await data.entries(under: folder, as: principal)
            .map { ($0, Self.relativePath(of: $0.key, below: root)) }
            .filter { Self.isSafe($0.1) }
            .map { entry, path in
                DataObject(
                    location: S3Location(bucket: location.bucket, key: entry.key),
                    relativePath: path,
                    size: entry.size,
                    nearPath: entry.file,
                    eTag: entry.eTag
                )
            }
        return Checkpoint(
            location: folder,
            localPath: config.localPath ?? Self.checkpointDirectory,
            existing: existing
        )
    }
}
