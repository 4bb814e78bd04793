import AWSWire
import AgentProtocol
import Gateway
import Resources
import SageMakerAPI

/// What the channels of a `CreateTrainingJob` request must fulfil beyond the service model's own constraints.
struct ChannelAdmission {
    let data: DataCatalogue
    let openDirectories: OpenDirectories

    /// Channels that are directories travel to the sandbox one by one, in one message.
    private static let mostDirectories = 12

    /// How a channel comes to the container.
    private enum Way {
        case objects
        /// A directory of this machine, shown as it is.
        case directory
        /// Files of a directory of this machine, one by one.
        case files
    }

    /// One rule for each channel, and one for all.
    func checks(
        of request: SageMaker.CreateTrainingJobRequest,
        by caller: Caller
    ) -> [AdmissionCheck] {
        let channels = request.inputDataConfig ?? []
        let each = channels.enumerated().map { index, channel in
            AdmissionCheck(AdmissionCheck.channel(channel)) { () throws(ServiceError) in
                let name = channel.channelName ?? ""
                guard !channels[..<index].contains(where: { $0.channelName == channel.channelName }) else {
                    throw .validation("Channel names must be unique: '\(name)' is there twice.")
                }
                try await check(channel, of: request, caller: caller)
            }
        }
        let all = AdmissionCheck("InputDataConfig") { () throws(ServiceError) in
            let directories = channels.filter { channel in
                (try? checkDirectory(of: channel, Channel.Mode(channel, of: request), in: request))
                    == .directory
            }
            guard directories.count <= Self.mostDirectories else {
                throw .validation(
                    "At most \(Self.mostDirectories) channels can be file systems or file:// addresses."
                )
            }
        }
        return each + [all]
    }

    /// - Throws: A validation error that names the channel and what to do about it.
    private func check(
        _ channel: SageMaker.Channel,
        of request: SageMaker.CreateTrainingJobRequest,
        caller: Caller
    ) async throws(ServiceError) {
        let mode = Channel.Mode(channel, of: request)
        try checkModes(of: channel, mode)
        try InstanceGroupAdmission().check(
            channel.dataSource?.s3DataSource?.instanceGroupNames ?? [],
            of: channel.channelName ?? "",
            in: request.resourceConfig
        )
        do {
            guard try checkDirectory(of: channel, mode, in: request) == .objects else { return }
        } catch {
            throw .validation("Channel '\(channel.channelName ?? "")': \(error.message.asSentence)")
        }
        try await checkObjects(of: channel, request, caller: caller)
    }

    /// Whether the channel is on this machine's file systems, and then whether it may be.
    private func checkDirectory(
        of channel: SageMaker.Channel,
        _ mode: Channel.Mode,
        in request: SageMaker.CreateTrainingJobRequest
    ) throws(UnusableChannel) -> Way {
        if let system = channel.dataSource?.fileSystemDataSource {
            guard channel.dataSource?.s3DataSource == nil else {
                throw UnusableChannel(
                    message: "a channel has either an S3DataSource or a FileSystemDataSource, not both"
                )
            }
            guard mode == .file else {
                throw UnusableChannel(
                    message:
                        "FileSystemDataSource is supported in File mode only, and the input mode is \(mode.rawValue)"
                )
            }
            _ = try openDirectories.directory(
                ofFileSystem: system.fileSystemId ?? "",
                path: system.directoryPath ?? "/",
                isWritable: system.fileSystemAccessMode == "rw"
            )
            return .directory
        }
        guard let source = channel.dataSource?.s3DataSource, source.s3Uri?.hasPrefix("file:") == true else {
            return .objects
        }
        _ = try openDirectories.directory(at: source.s3Uri ?? "")
        guard source.s3DataType == "S3Prefix" else {
            throw UnusableChannel(
                message: """
                    S3DataType \(source.s3DataType ?? "") is for s3:// addresses; a file:// address is used with S3Prefix
                    """
            )
        }
        let isSharded = source.s3DataDistributionType == "ShardedByS3Key"
        let receivers = TrainingHosts(request.resourceConfig).receivers(of: channel)
        return mode == .pipe || isSharded && receivers.count > 1 ? .files : .directory
    }

    private func checkObjects(
        of channel: SageMaker.Channel,
        _ request: SageMaker.CreateTrainingJobRequest,
        caller: Caller
    ) async throws(ServiceError) {
        let name = channel.channelName ?? ""
        guard let uri = channel.dataSource?.s3DataSource?.s3Uri else {
            throw .validation(
                "Channel '\(name)' has no S3DataSource and no FileSystemDataSource. Other data sources are not offered."
            )
        }
        guard let location = S3Location(uri: uri) else {
            throw .validation("Channel '\(name)': '\(uri)' is no S3 address. Write s3://bucket/prefix.")
        }
        let found: Bool
        do {
            found = try await data.hasEntries(
                under: location,
                as: data.principal(actingAs: request.roleArn, scope: caller.scope)
            )
        } catch is AccessRefusal {
            // As on the service: the job fails with the refusal as its reason, and says nothing of the data.
            return
        } catch {
            throw .internalFailure("The object store could not be read: \(error)")
        }
        guard found else {
            throw .validation(
                """
                No S3 objects found under S3 URL "\(uri)" given in input data source. Please ensure that the \
                bucket exists in the selected region (\(caller.scope.region)), that objects exist under that S3 \
                prefix, and that the role "\(request.roleArn ?? "")" has "s3:ListBucket" permissions on bucket \
                "\(location.bucket)".
                """
            )
        }
    }

    /// Which settings go with which input mode (API reference, `Channel` and `S3DataSource`).
    private func checkModes(of channel: SageMaker.Channel, _ mode: Channel.Mode) throws(ServiceError) {
        let name = channel.channelName ?? ""
        let source = channel.dataSource?.s3DataSource
        let type = source?.s3DataType ?? "S3Prefix"
        func refuse(_ text: String) -> ServiceError { .validation("Channel '\(name)': \(text)") }
        if channel.compressionType == "Gzip", mode != .pipe {
            throw refuse(
                "CompressionType Gzip is for Pipe mode only; in \(mode.rawValue) mode leave it out or use None."
            )
        }
        if channel.recordWrapperType == "RecordIO", mode != .pipe {
            throw refuse(
                "RecordWrapperType RecordIO is for Pipe mode only; in \(mode.rawValue) mode leave it out or use None."
            )
        }
        if mode == .fastFile, type != "S3Prefix" {
            throw refuse("FastFile mode is supported with S3DataType S3Prefix only, and it is \(type).")
        }
        let attributes = source?.attributeNames ?? []
        if type == "AugmentedManifestFile" {
            guard mode == .pipe else {
                throw refuse("S3DataType AugmentedManifestFile is supported in Pipe mode only.")
            }
            guard !attributes.isEmpty else {
                throw refuse("S3DataType AugmentedManifestFile needs AttributeNames.")
            }
            guard channel.compressionType != "Gzip" else {
                throw refuse("S3DataType AugmentedManifestFile cannot be combined with CompressionType Gzip.")
            }
        } else if !attributes.isEmpty {
            throw refuse("AttributeNames are for S3DataType AugmentedManifestFile only, and it is \(type).")
        }
        guard type == "S3Prefix" || type == "ManifestFile" || type == "AugmentedManifestFile" else {
            throw refuse(
                "S3DataType \(type) is not offered. Use S3Prefix, ManifestFile or AugmentedManifestFile."
            )
        }
    }
}

extension AdmissionCheck {
    /// How reports name a channel.
    static func channel(_ channel: SageMaker.Channel) -> String { "Channel '\(channel.channelName ?? "")'" }
}
