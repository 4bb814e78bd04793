import AgentProtocol
import CLinux
import Glibc
import ObjectAccess

/// Brings the input channels in: hard links under an overlay where the disk is shared, downloads elsewhere.
struct ChannelDelivery: Sendable {
    let paths: InstancePaths
    let near: NearObjects
    let far: any ObjectReader

    /// Transfers at the same time.
    private static let width = 8

    /// What came in.
    struct Result: Sendable {
        var overlays: [LaunchRequest.Overlay] = []
        /// Lines for the log.
        var notices: [String] = []
    }

    /// Fills every channel's directory, or the directory below its overlay.
    ///
    /// - Throws: `ObjectAccessError`, `SystemError`, `UnsafePath`.
    func deliver(_ channels: [Channel]) async throws -> Result {
        var result = Result()
        for channel in channels {
            let target = paths.opt + "/input/data/" + channel.name
            guard Self.isSafe(channel.name), !channel.name.contains("/") else {
                throw UnsafePath(path: channel.name)
            }
            try SandboxLayout.makeDirectory(target)
            if !channel.manifest.isEmpty {
                try SandboxLayout.write(channel.manifest, to: target + "-manifest")
            }
            guard !channel.objects.isEmpty else { continue }
            if try linkAll(channel) {
                let overlay = LaunchRequest.Overlay(
                    lower: "\(paths.lower)/\(channel.name)",
                    upper: "\(paths.upper)/\(channel.name)",
                    work: "\(paths.work)/\(channel.name)",
                    target: target
                )
                try SandboxLayout.makeDirectory(overlay.upper)
                try SandboxLayout.makeDirectory(overlay.work)
                result.overlays.append(overlay)
            } else {
                try await copyAll(channel.objects, to: target)
                if channel.objects.contains(where: { $0.nearPath != nil }) {
                    result.notices.append(
                        "Channel '\(channel.name)' was copied: its objects are on another file system than the instance."
                    )
                }
            }
        }
        return result
    }

    /// Replaces overlays that this machine refuses by copies.
    func copyInstead(_ overlays: [LaunchRequest.Overlay], of channels: [Channel]) async throws {
        for overlay in overlays {
            guard let channel = channels.first(where: { overlay.target.hasSuffix("/" + $0.name) }) else {
                continue
            }
            try await copyAll(channel.objects, to: overlay.target)
        }
    }

    /// Copies or downloads objects below a directory.
    func copyAll(_ objects: [DataObject], to directory: String) async throws {
        for object in objects { try prepare(object, below: directory) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (position, object) in objects.filter({ !$0.relativePath.hasSuffix("/") }).enumerated() {
                if position >= Self.width { try await group.next() }
                group.addTask { try await copy(object, to: "\(directory)/\(object.relativePath)") }
            }
            try await group.waitForAll()
        }
    }

    private func copy(_ object: DataObject, to path: String) async throws {
        let reference = ObjectReference(location: object.location, nearPath: object.nearPath)
        if object.nearPath != nil {
            try await near.read(reference, to: path)
        } else {
            try await far.read(reference, to: path)
        }
    }

    /// Whether all objects of the channel now have a second name in its lower directory.
    private func linkAll(_ channel: Channel) throws -> Bool {
        guard channel.objects.allSatisfy({ $0.nearPath != nil }) else { return false }
        let directory = "\(paths.lower)/\(channel.name)"
        try SandboxLayout.makeDirectory(directory)
        for object in channel.objects {
            try prepare(object, below: directory)
            guard !object.relativePath.hasSuffix("/") else { continue }
            let path = "\(directory)/\(object.relativePath)"
            let reference = ObjectReference(location: object.location, nearPath: object.nearPath)
            guard try near.link(reference, to: path) else {
                clx_remove_tree(directory)
                return false
            }
        }
        return true
    }

    /// Makes the directories that the object's path needs.
    private func prepare(_ object: DataObject, below directory: String) throws {
        let path = object.relativePath
        guard Self.isSafe(path) else { throw UnsafePath(path: path) }
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        let directories = path.hasSuffix("/") ? parts : parts.dropLast()
        if !directories.isEmpty {
            try SandboxLayout.makeDirectories(directory + "/" + directories.joined(separator: "/"))
        }
    }

    /// A relative path that does not lead out of its directory.
    static func isSafe(_ path: String) -> Bool {
        !path.isEmpty && !path.hasPrefix("/") && !path.utf8.contains(0)
            && !path.split(separator: "/").contains { $0 == ".." || $0 == "." }
    }
}

/// An object's key that cannot become a file of the instance.
struct UnsafePath: Error, CustomStringConvertible {
    let path: String

    var description: String { "'\(path)' cannot become a file: rename the object." }
}
