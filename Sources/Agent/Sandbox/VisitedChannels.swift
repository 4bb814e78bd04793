package import AgentProtocol
package import AsyncHTTPClient
import CLinux
import Foundation
import Glibc
import ObjectAccess
package import Resources

/// How a visitor reads objects: as themselves, since the credentials of the job are revoked.
package struct VisitorAccess: Sendable {
    let http: HTTPClient
    let address: String
    let credentials: SessionCredentials
    let region: Region

    /// - Parameters:
    ///   - http: Makes the calls; shut down by its owner.
    ///   - address: The beginning of the server's URLs.
    ///   - credentials: The visitor's.
    ///   - region: Of the job.
    package init(http: HTTPClient, address: String, credentials: SessionCredentials, region: Region) {
        self.http = http
        self.address = address
        self.credentials = credentials
        self.region = region
    }

    /// How long a call of a visitor's may be repeated.
    private static let patience = Duration.seconds(20)

    var objects: S3Client {
        S3Client(
            http: http,
            endpoint: { address },
            patience: Self.patience,
            sign: { method, target, host in
                AgentProcess.sign(
                    method,
                    target,
                    host,
                    with: credentials,
                    region: "\(region)",
                    at: Date.now
                )
            },
            renew: { _ in }
        )
    }
}

/// The channels of an instance that was kept, as far as they are more than files in its directory.
///
/// Nothing is made or mounted through a path in which the job may have left a link.
struct VisitedChannels {
    private(set) var overlays: [LaunchRequest.Overlay] = []
    private(set) var volumes: [SandboxVolume] = []
    private(set) var fastFiles: [FastFileChannel] = []
    /// What cannot be shown, and why.
    private(set) var notices: [String] = []

    private let paths: InstancePaths

    /// - Parameters:
    ///   - channels: Of the instance.
    ///   - paths: Where it lies.
    ///   - owner: Whose a served file system is.
    ///   - access: Reads objects that are elsewhere.
    init(
        _ channels: [Channel],
        at paths: InstancePaths,
        owner: FastFileChannel.Owner,
        access: VisitorAccess
    ) {
        self.paths = paths
        for channel in channels {
            do {
                switch channel.source {
                case .directory(let source): try show(source, of: channel)
                case .objects(let source): try show(source, of: channel, owner, access)
                }
            } catch {
                let reason = (error as? InstanceFailure)?.message ?? "\(error)"
                notices.append("The channel '\(channel.name)' is not shown. \(reason)")
            }
        }
    }

    private mutating func show(_ source: DirectorySource, of channel: Channel) throws {
        let volume = try SandboxVolume(source, channel: channel.name)
        let isThere =
            volume.isDirectory
            ? isPlain(target(of: channel)) : isPlain(target(of: channel)) && isFile(paths.opt + volume.place)
        guard isThere else { return noteMoved(channel) }
        volumes.append(volume)
    }

    private mutating func show(
        _ source: ObjectSource,
        of channel: Channel,
        _ owner: FastFileChannel.Owner,
        _ access: VisitorAccess
    ) throws {
        let target = target(of: channel)
        let overlay = LaunchRequest.Overlay(
            lower: Self.resolved("\(paths.lower)/\(channel.name)"),
            upper: "\(paths.upper)/\(channel.name)",
            work: "\(paths.work)/\(channel.name)",
            target: target
        )
        if [overlay.lower, overlay.upper, overlay.work].allSatisfy(isDirectory) {
            return isPlain(target) ? overlays.append(overlay) : noteMoved(channel)
        }
        // Pipes are what the job has left of them, and what was copied is there.
        guard channel.mode == .fastFile, clx_tree_bytes(target) <= 0 else { return }
        guard isPlain(target) else { return noteMoved(channel) }
        let listing = try ObjectListing(path: paths.listing(of: channel.name))
        guard ChannelDelivery.isLazy(channel.mode, source, listing) else { return }
        let order = EpochOrder(of: source, in: listing, epoch: 0)
        guard order.contains(where: { _ in true }) else { return }
        fastFiles.append(
            try FastFileChannel(
                channel.name,
                listing: listing,
                order: order,
                target: target,
                owner: owner,
                reader: ItemReader(
                    files: source.directory.map { try DirectoryFiles($0, channel: channel.name) },
                    far: access.objects
                )
            )
        )
    }

    private func target(of channel: Channel) -> String { "\(paths.opt)/input/data/\(channel.name)" }

    private mutating func noteMoved(_ channel: Channel) {
        notices.append("The channel '\(channel.name)' is not shown: the job has moved its directory away.")
    }

    /// Whether a channel's directory and those above it are directories and no links.
    private func isPlain(_ target: String) -> Bool {
        (["/input", "/input/data"].map { paths.opt + $0 } + [target]).allSatisfy(isDirectory)
    }

    /// Where a link of the agent's leads; the path itself if it is none.
    private static func resolved(_ path: String) -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? path
    }

    private func isDirectory(_ path: String) -> Bool { Self.type(of: path) == S_IFDIR }

    private func isFile(_ path: String) -> Bool { Self.type(of: path) == S_IFREG }

    /// Of the path's last part, also where that is a link.
    private static func type(of path: String) -> mode_t? {
        var facts = stat()
        return lstat(path, &facts) == 0 ? facts.st_mode & S_IFMT : nil
    }
}
