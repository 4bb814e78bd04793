import FoundationEssentials

/// What the platform wrote into `input/config`.
struct TrainingConfiguration: Sendable {
    /// One entry of `inputdataconfig.json`.
    struct Channel: Decodable, Equatable, Sendable {
        var contentType: String?
        var inputMode: String?
        var distribution: String?

        enum CodingKeys: String, CodingKey {
            case contentType = "ContentType"
            case inputMode = "TrainingInputMode"
            case distribution = "S3DistributionType"
        }
    }

    /// `resourceconfig.json`, as far as it matters here.
    struct Resources: Decodable, Equatable, Sendable {
        var currentHost: String
        var hosts: [String]

        enum CodingKeys: String, CodingKey {
            case currentHost = "current_host"
            case hosts
        }
    }

    var hyperparameters: [String: String]
    var channels: [String: Channel]
    var resources: Resources
    /// Folder of checkpoints; nil if the job keeps none.
    var checkpointFolder: String?

    /// Reads the files below `folders`.
    ///
    /// - Throws: `TrainingFault` with party platform: the platform writes these files.
    init(_ folders: ContainerFolders) throws(TrainingFault) {
        hyperparameters = try Self.read(folders.configuration("hyperparameters")) ?? [:]
        channels = try Self.read(folders.configuration("inputdataconfig")) ?? [:]
        resources =
            try Self.read(folders.configuration("resourceconfig"))
            ?? Resources(currentHost: "algo-1", hosts: ["algo-1"])
        struct Checkpoints: Decodable {
            var folder: String?

            enum CodingKeys: String, CodingKey { case folder = "LocalPath" }
        }
        let checkpoints: Checkpoints? = try Self.read(folders.configuration("checkpointconfig"))
        checkpointFolder =
            checkpoints.map { $0.folder ?? folders.checkpoints }
            ?? (Files.isFolder(folders.checkpoints) ? folders.checkpoints : nil)
    }

    /// - Returns: nil if there is no such file.
    private static func read<Value: Decodable>(_ path: String) throws(TrainingFault) -> Value? {
        guard Files.exists(path) else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(try FileSource.contents(of: path)))
        } catch {
            throw .platform("\(path) cannot be read: \(error)")
        }
    }
}
