import AgentProtocol
import Foundation
import Gateway
import Resources
import SageMakerAPI

/// Makes the channels of a job's instances: finds their objects, writes them down, and deals them out.
struct TrainingChannels {
    let request: SageMaker.CreateTrainingJobRequest
    /// Whose rights the data are read with.
    let principal: Caller
    let data: DataCatalogue
    let listings: ChannelListings
    let openDirectories: OpenDirectories
    let instances: [InstanceID]
    /// Of the same length.
    let hosts: TrainingHosts

    /// The channels of each instance.
    ///
    /// - Throws: `UnusableChannel`, `AccessRefusal`, or what the object store or the disk says.
    func make() async throws -> [[Channel]] {
        var result: [[Channel]] = instances.map { _ in [] }
        for channel in request.inputDataConfig ?? [] {
            let receivers = hosts.receivers(of: channel)
            for (index, one) in zip(receivers, try await make(channel, for: receivers.map { instances[$0] }))
            {
                result[index].append(one)
            }
        }
        return result
    }

    /// The channel as each of its receivers gets it.
    private func make(
        _ channel: SageMaker.Channel,
        for receivers: [InstanceID]
    ) async throws -> [Channel] {
        let name = channel.channelName ?? ""
        let mode = Channel.Mode(channel, of: request)
        if let system = channel.dataSource?.fileSystemDataSource {
            let directory = try openDirectories.directory(
                ofFileSystem: system.fileSystemId ?? "",
                path: system.directoryPath ?? "/",
                isWritable: system.fileSystemAccessMode == "rw"
            )
            return receivers.map { _ in Channel(name: name, mode: mode, source: .directory(directory)) }
        }
        guard let source = channel.dataSource?.s3DataSource, let uri = source.s3Uri else {
            throw UnusableChannel(message: "the channel '\(name)' has no data source")
        }
        if uri.hasPrefix("file:") {
            let directory = try openDirectories.directory(at: uri)
            // All of it is simply shown; a pipe, or a part of it, is made of files one by one.
            guard mode == .pipe || isSharded(source, receivers) else {
                return receivers.map { _ in Channel(name: name, mode: mode, source: .directory(directory)) }
            }
            return try await dealFiles(channel, source, of: directory, mode: mode, to: receivers)
        }
        return try await deal(channel, source, mode: mode, to: receivers)
    }

    private func isSharded(_ source: SageMaker.S3DataSource, _ receivers: [InstanceID]) -> Bool {
        source.s3DataDistributionType == "ShardedByS3Key" && receivers.count > 1
    }

    private func dealFiles(
        _ channel: SageMaker.Channel,
        _ source: SageMaker.S3DataSource,
        of directory: DirectorySource,
        mode: Channel.Mode,
        to receivers: [InstanceID]
    ) async throws -> [Channel] {
        guard let first = receivers.first, let name = channel.channelName else { return [] }
        let (listing, path) = try listings.begin(name, of: first)
        let (place, written) = try await ChannelFiles(source: directory).list(in: path)
        guard written.items > 0 else {
            throw UnusableChannel(message: "no files are below \(directory.address)")
        }
        return shares(of: channel, source, mode, listing, written, to: receivers, directory: place)
    }

    /// Writes the listing, and gives each instance its part.
    private func deal(
        _ channel: SageMaker.Channel,
        _ source: SageMaker.S3DataSource,
        mode: Channel.Mode,
        to receivers: [InstanceID]
    ) async throws -> [Channel] {
        guard let first = receivers.first, let name = channel.channelName else { return [] }
        guard let location = S3Location(uri: source.s3Uri ?? "") else {
            throw UnusableChannel(message: "'\(source.s3Uri ?? "")' is no S3 address")
        }
        let (listing, path) = try listings.begin(name, of: first)
        let finder = ChannelObjects(data: data, principal: principal)
        let written: ChannelObjects.Written
        switch source.s3DataType {
        case "ManifestFile": written = try await finder.listManifest(at: location, in: path, as: mode)
        case "AugmentedManifestFile":
            written = try await finder.listAugmented(
                at: location,
                attributes: source.attributeNames ?? [],
                in: path
            )
        default: written = try await finder.listPrefix(location, in: path, as: mode)
        }
        guard written.items > 0 else {
            throw UnusableChannel(
                message: """
                    no S3 objects found under S3 URL \(source.s3Uri ?? "") (markers of folders, whose keys end in '/', \
                    are none)
                    """
            )
        }
        return shares(of: channel, source, mode, listing, written, to: receivers)
    }

    /// What each receiver is given of a listing.
    private func shares(
        of channel: SageMaker.Channel,
        _ source: SageMaker.S3DataSource,
        _ mode: Channel.Mode,
        _ listing: String,
        _ written: ChannelObjects.Written,
        to receivers: [InstanceID],
        directory: DirectorySource? = nil
    ) -> [Channel] {
        let isSharded = isSharded(source, receivers)
        let count = receivers.count
        return receivers.indices.map { index in
            let share =
                isSharded
                ? written.bytes * (index + 1) / count - written.bytes * index / count
                : written.bytes
            return Channel(
                name: channel.channelName ?? "",
                mode: mode,
                source: .objects(
                    ObjectSource(
                        listing: listing,
                        directory: directory,
                        manifestPrefix: written.prefix,
                        shard: isSharded ? .init(index: index, count: count) : nil,
                        seed: channel.shuffleConfig?.seed.map { Int($0) },
                        groupSize: max(1, source.attributeNames?.count ?? 1),
                        isGzip: channel.compressionType == "Gzip",
                        isRecordIO: channel.recordWrapperType == "RecordIO"
                    )
                ),
                bytes: share
            )
        }
    }
}

extension Channel.Mode {
    /// The channel's own mode, or the job's.
    init(_ channel: SageMaker.Channel, of request: SageMaker.CreateTrainingJobRequest) {
        let text = channel.inputMode ?? request.algorithmSpecification?.trainingInputMode ?? "File"
        self = Channel.Mode(rawValue: text) ?? .file
    }
}
