import Estimators

/// The channels of a training job, with their files.
struct TrainingChannels: Sendable {
    /// A channel with its files; several hosts may share them out, so that one has none.
    struct Source: Sendable {
        /// Where the files lie, or would lie if the channel were no pipe.
        let folder: String
        /// The channel's files, or its pipe alone.
        let files: [String]
        let type: ContentType
        /// Whether the data come through a pipe, once and in order.
        var isPipe = false
    }

    let train: Source
    let validation: Source?

    private static let known: Set<String> = ["train", "validation", "code", "sm_drivers"]

    /// Checks the declared channels and lists their files.
    ///
    /// - Parameters:
    ///   - declared: By name.
    ///   - folders: Where the channels lie.
    ///   - release: Says which formats may come through a pipe.
    ///   - mayBeEmpty: Whether other hosts may have the files that this one lacks.
    /// - Throws: `TrainingFault` in the container's words.
    init(
        _ declared: [String: TrainingConfiguration.Channel],
        folders: ContainerFolders,
        release: XGBoostRelease,
        mayBeEmpty: Bool = false
    ) throws(TrainingFault) {
        guard let train = declared["train"] else { throw .customer("Missing required channel: train") }
        for name in declared.keys.sorted() where !Self.known.contains(name) {
            throw .customer("Extraneous channel found: \(name)")
        }
        self.train = try Self.source("train", train, folders, release)
        guard mayBeEmpty || !self.train.files.isEmpty else { throw Self.noTraining(in: self.train.folder) }
        guard let validation = declared["validation"] else {
            self.validation = nil
            return
        }
        let source = try Self.source("validation", validation, folders, release)
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
        _ folders: ContainerFolders,
        _ release: XGBoostRelease
    ) throws(TrainingFault) -> Source {
        let type = try ContentType(channel: channel.contentType)
        let folder = folders.channel(name)
        if channel.inputMode == "Pipe" {
            try requirePipe(type, release)
            return Source(folder: folder, files: [folders.pipe(name)], type: type, isPipe: true)
        }
        return Source(folder: folder, files: try ChannelFiles.list(in: folder), type: type)
    }

    /// Refuses the formats that the container does not read from a pipe.
    private static func requirePipe(
        _ type: ContentType,
        _ release: XGBoostRelease
    ) throws(TrainingFault) {
        switch type {
        case .recordIO: return
        case .csv where release < .current: return
        case .csv:
            throw .customer(
                "Pipe mode for CSV is no longer supported. Please use Fast File mode (default) instead."
            )
        case .libSVM: throw .customer("Pipe mode not supported for LibSVM.")
        case .parquet:
            throw .customer(
                "Pipe mode for Parquet is no longer supported. Please use Fast File mode (default) instead."
            )
        }
    }
}
