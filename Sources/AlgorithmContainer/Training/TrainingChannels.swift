/// The channels of a training job, with their files.
struct TrainingChannels: Sendable {
    /// A channel with its files; several hosts may share them out, so that one has none.
    struct Source: Sendable {
        let folder: String
        let files: [String]
        let type: ContentType
    }

    let train: Source
    let validation: Source?

    private static let known: Set<String> = ["train", "validation", "code", "sm_drivers"]

    /// Checks the declared channels and lists their files.
    ///
    /// - Parameters:
    ///   - declared: By name.
    ///   - folders: Where their files are.
    ///   - mayBeEmpty: Whether other hosts may have the files that this one lacks.
    /// - Throws: `TrainingFault` in the container's words.
    init(
        _ declared: [String: TrainingConfiguration.Channel],
        folders: ContainerFolders,
        mayBeEmpty: Bool = false
    ) throws(TrainingFault) {
        guard let train = declared["train"] else { throw .customer("Missing required channel: train") }
        for name in declared.keys.sorted() where !Self.known.contains(name) {
            throw .customer("Extraneous channel found: \(name)")
        }
        self.train = try Self.source("train", train, folders)
        guard mayBeEmpty || !self.train.files.isEmpty else { throw Self.noTraining(in: self.train.folder) }
        guard let validation = declared["validation"] else {
            self.validation = nil
            return
        }
        let source = try Self.source("validation", validation, folders)
        guard mayBeEmpty || !source.files.isEmpty else { throw Self.noValidation(in: source.folder) }
        self.validation = source
    }

    /// What this host has to train with.
    var holding: HostPlan.Holding {
        HostPlan.Holding(hasTrain: !train.files.isEmpty, lacksValidation: validation?.files.isEmpty == true)
    }

    /// What is missing where no host of the job can train.
    func fault(of holdings: [String: HostPlan.Holding]) -> TrainingFault {
        guard let validation, holdings.values.contains(where: \.hasTrain) else {
            return Self.noTraining(in: train.folder)
        }
        return Self.noValidation(in: validation.folder)
    }

    private static func noTraining(in folder: String) -> TrainingFault {
        .customer("No data in training channel path \(folder)")
    }

    private static func noValidation(in folder: String) -> TrainingFault {
        .customer("No data in validation channel path \(folder)")
    }

    private static func source(
        _ name: String,
        _ channel: TrainingConfiguration.Channel,
        _ folders: ContainerFolders
    ) throws(TrainingFault) -> Source {
        let type = try ContentType(channel: channel.contentType)
        if channel.inputMode == "Pipe" {
            switch type {
            case .libSVM: throw .customer("Pipe mode not supported for LibSVM.")
            case .csv, .parquet, .recordIO:
                throw .customer(
                    "Pipe mode for \(type == .csv ? "CSV" : "this content type") is no longer supported. Please use Fast "
                        + "File mode (default) instead."
                )
            }
        }
        let folder = folders.channel(name)
        return Source(folder: folder, files: try ChannelFiles.list(in: folder), type: type)
    }
}
