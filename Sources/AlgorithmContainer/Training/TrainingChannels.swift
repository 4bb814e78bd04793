/// The channels of a training job, with their files.
struct TrainingChannels: Sendable {
    /// A channel that has data.
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
    /// - Throws: `TrainingFault` in the container's words.
    init(
        _ declared: [String: TrainingConfiguration.Channel],
        folders: ContainerFolders
    ) throws(TrainingFault) {
        guard let train = declared["train"] else { throw .customer("Missing required channel: train") }
        for name in declared.keys.sorted() where !Self.known.contains(name) {
            throw .customer("Extraneous channel found: \(name)")
        }
        self.train = try Self.source("train", train, folders)
        guard !self.train.files.isEmpty else {
            throw .customer("No data in training channel path \(self.train.folder)")
        }
        guard let validation = declared["validation"] else {
            self.validation = nil
            return
        }
        let source = try Self.source("validation", validation, folders)
        guard !source.files.isEmpty else {
            throw .customer("No data in validation channel path \(source.folder)")
        }
        self.validation = source
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
