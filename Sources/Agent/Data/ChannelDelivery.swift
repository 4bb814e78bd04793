import AgentProtocol
import Glibc
import ObjectAccess

/// Brings the input channels in: hard links under an overlay where the disk is shared, downloads elsewhere, FIFOs, and
/// directories that are mounted as they are.
struct ChannelDelivery: Sendable {
    let paths: InstancePaths
    /// On the disks of stored objects.
    let viewDirectories: [String]
    let near: NearObjects
    let far: any ObjectReader & ObjectStreamer & RangeReader
    /// `nil` where the container cannot see what the agent mounts.
    let mountOwner: FastFileChannel.Owner?
    let fetchListing: @Sendable (_ channel: String, _ path: String) async throws -> Void
    let progress: TransferProgress

    /// What came in.
    struct Result: Sendable {
        var overlays: [LaunchRequest.Overlay] = []
        var pipes: [PipeChannel] = []
        var volumes: [SandboxVolume] = []
        var fastFiles: [FastFileChannel] = []
        /// Lines for the log.
        var notices: [String] = []
    }

    /// Fills every channel's directory, or the directory below its overlay.
    ///
    /// - Throws: `InstanceFailure`, `ObjectAccessError`, `SystemError`, `UnsafePath`.
    func deliver(_ channels: [Channel]) async throws -> Result {
        var result = Result()
        for channel in channels {
            guard Self.isSafe(channel.name), !channel.name.contains("/") else {
                throw UnsafePath(path: channel.name)
            }
            switch channel.source {
            case .directory(let source):
                let volume = try SandboxVolume(source, channel: channel.name)
                try volume.makePlace(at: paths)
                result.volumes.append(volume)
            case .objects(let source):
                let listing = try await listing(of: channel)
                let files = try source.directory.map { try DirectoryFiles($0, channel: channel.name) }
                if source.manifestPrefix != nil { try writeManifest(of: channel, source, listing) }
                switch channel.mode {
                case .pipe:
                    result.pipes.append(
                        try PipeChannel(
                            channel.name,
                            source: source,
                            listing: listing,
                            paths: paths,
                            viewDirectories: viewDirectories,
                            files: files,
                            far: far
                        )
                    )
                case .file, .fastFile:
                    try await deliverFiles(of: channel, source, listing, files, into: &result)
                }
            }
        }
        return result
    }

    /// Replaces overlays that this machine refuses by copies.
    func copyInstead(_ overlays: [LaunchRequest.Overlay], of channels: [Channel]) async throws {
        for overlay in overlays {
            guard let channel = channels.first(where: { overlay.target.hasSuffix("/" + $0.name) }),
                case .objects(let source) = channel.source
            else { continue }
            let listing = try ObjectListing(path: listingPath(of: channel))
            let order = EpochOrder(of: source, in: listing, epoch: 0)
            try await placement(nil).copyAll(.listing(listing, order), to: overlay.target)
        }
    }

    /// Whether the channel's files are to be read only when the job reads them: FastFile, and not all of them are objects
    /// with a file on this machine.
    ///
    /// Where all are, hard links are such a view already.
    static func isLazy(_ mode: Channel.Mode, _ source: ObjectSource, _ listing: ObjectListing) -> Bool {
        mode == .fastFile && (source.directory != nil || !listing.isNear)
    }

    // MARK: Listings

    private func listingPath(of channel: Channel) -> String { paths.listing(of: channel.name) }

    private func listing(of channel: Channel) async throws -> ObjectListing {
        let path = listingPath(of: channel)
        try await fetchListing(channel.name, path)
        return try await InstanceRun.onThread { try ObjectListing(path: path) }
    }

    /// The objects of the whole channel, also those that other instances read.
    private func writeManifest(of channel: Channel, _ source: ObjectSource, _ listing: ObjectListing) throws {
        var text = (source.manifestPrefix ?? "") + "\n"
        let path = "\(paths.opt)/input/data/\(channel.name)-manifest"
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw SystemError("write \(path)", code: errno) }
        let file = Descriptor(owning: number)
        for position in 0..<listing.count {
            switch try listing.item(position) {
            case .object(let object): text += "\(object.location)\n"
            case .file(let file): text += "\(source.directory?.address ?? "")/\(file.relativePath)\n"
            case .literal: continue
            }
            if text.utf8.count > 1 << 18 {
                try SandboxLayout.write(text, to: file.number, path: path)
                text = ""
            }
        }
        try SandboxLayout.write(text, to: file.number, path: path)
    }

    // MARK: Files

    private func deliverFiles(
        of channel: Channel,
        _ source: ObjectSource,
        _ listing: ObjectListing,
        _ files: DirectoryFiles?,
        into result: inout Result
    ) async throws {
        let target = "\(paths.opt)/input/data/\(channel.name)"
        try SandboxLayout.makeDirectory(target)
        let order = EpochOrder(of: source, in: listing, epoch: 0)
        guard order.contains(where: { _ in true }) else { return }
        if let mountOwner, Self.isLazy(channel.mode, source, listing) {
            do {
                result.fastFiles.append(
                    try FastFileChannel(
                        channel.name,
                        listing: listing,
                        order: order,
                        target: target,
                        owner: mountOwner,
                        reader: ItemReader(files: files, far: far)
                    )
                )
                return
            } catch let error as SystemError {
                result.notices.append(
                    """
                    Channel '\(channel.name)' is copied as a whole, since this machine lets no file system be served: \
                    \(error)
                    """
                )
            }
        }
        if mountOwner == nil, Self.isLazy(channel.mode, source, listing) {
            result.notices.append(
                "Channel '\(channel.name)' is copied as a whole: a container engine sees no file system of the agent's."
            )
        }
        try expect(channel, source, listing, order)
        let placement = self.placement(files)
        if files == nil, listing.isNear, let lower = try await link(channel, listing, order, placement) {
            let overlay = LaunchRequest.Overlay(
                lower: lower,
                upper: "\(paths.upper)/\(channel.name)",
                work: "\(paths.work)/\(channel.name)",
                target: target
            )
            try SandboxLayout.makeDirectory(overlay.upper)
            try SandboxLayout.makeDirectory(overlay.work)
            result.overlays.append(overlay)
            return
        }
        try await placement.copyAll(.listing(listing, order), to: target)
        if files == nil, listing.isNear {
            result.notices.append(
                "Channel '\(channel.name)' was copied: its objects are on another file system than the instance."
            )
        }
    }

    /// Gives a channel's objects second names, in the instance's directory or on another disk where the objects are.
    ///
    /// - Returns: The directory with the names; `nil` where none can be.
    private func link(
        _ channel: Channel,
        _ listing: ObjectListing,
        _ order: EpochOrder,
        _ placement: FilePlacement
    ) async throws -> String? {
        let place = "\(paths.lower)/\(channel.name)"
        if try await placement.linkAll(listing, order, to: place) { return place }
        guard let disk = try Self.firstFile(in: listing, order).flatMap(Self.disk(of:)),
            let directory = viewDirectories.first(where: { Self.disk(of: $0) == disk }),
            disk != Self.disk(of: paths.root)
        else { return nil }
        let view = paths.view(in: directory)
        try SandboxLayout.makeDirectory(view)
        guard try await placement.linkAll(listing, order, to: "\(view)/\(channel.name)") else { return nil }
        // For those who visit the instance later.
        unlink(place)
        guard symlink("\(view)/\(channel.name)", place) == 0 else {
            throw SystemError("link \(place)", code: errno)
        }
        return "\(view)/\(channel.name)"
    }

    private static func firstFile(in listing: ObjectListing, _ order: EpochOrder) throws -> String? {
        for position in order {
            if case .object(let object) = try listing.item(position) { return object.nearPath }
        }
        return nil
    }

    /// Number of the file system of a path.
    private static func disk(of path: String) -> UInt64? {
        var facts = stat()
        return stat(path, &facts) == 0 ? UInt64(facts.st_dev) : nil
    }

    /// Announces the objects that this instance is given.
    private func expect(
        _ channel: Channel,
        _ source: ObjectSource,
        _ listing: ObjectListing,
        _ order: EpochOrder
    ) throws {
        guard source.shard != nil else {
            progress.expect(objects: listing.count, bytes: channel.bytes)
            return
        }
        var (objects, bytes) = (0, 0)
        for position in order {
            let size: Int? =
                switch try listing.item(position) {
                case .object(let object): object.size
                case .file(let file): file.size
                case .literal: nil
                }
            guard let size else { continue }
            objects += 1
            bytes += size
        }
        progress.expect(objects: objects, bytes: bytes)
    }

    private func placement(_ files: DirectoryFiles?) -> FilePlacement {
        FilePlacement(near: near, files: files, far: far, progress: progress)
    }

    /// A relative path that does not lead out of its directory.
    static func isSafe(_ path: String) -> Bool { FilePlacement.isSafe(path) }
}
