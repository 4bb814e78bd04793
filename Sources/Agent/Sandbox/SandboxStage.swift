import CLinux
import Glibc

/// What the agent shows to a job that is another user: copies of its mounts, which travel as descriptors, because such a
/// user may not even walk to the originals.
///
/// Without a user namespace to translate to, everything is seen where it is.
struct SandboxStage: ~Copyable {
    /// Detached mounts, in the order of the launcher's places.
    private(set) var mounts: [Int32] = []
    private var sources: [String] = []
    /// Whether the job is another user.
    let isNeeded: Bool

    /// Where the launcher attaches the mounts: a directory that every machine has, hidden by an empty file system.
    static let place = "/tmp"

    /// - Parameters:
    ///   - paths: Absolute paths of directories and files.
    ///   - userNamespace: That of the job, if it is another user.
    /// - Throws: `SystemError` if one of them cannot be shown.
    init(showing paths: [String], to userNamespace: Int32?) throws(SystemError) {
        isNeeded = userNamespace != nil
        guard let userNamespace else { return }
        for path in paths {
            mounts.append(
                try check(clx_clone_mount(path, userNamespace), "show \(path) to the user of the job")
            )
            sources.append(path)
        }
    }

    deinit { for mount in mounts { close(mount) } }

    /// Where the launcher sees what the agent sees at `path`.
    func seen(_ path: String) -> String {
        guard isNeeded else { return path }
        for (number, source) in sources.enumerated() where path == source || path.hasPrefix(source + "/") {
            return Self.place(number) + path.dropFirst(source.count)
        }
        return path
    }

    /// Where the launcher sees the directories that are channels.
    func seen(_ volumes: [SandboxVolume]) -> [BubblewrapArguments.Volume] {
        var result: [BubblewrapArguments.Volume] = []
        for volume in volumes {
            result.append(
                .init(
                    source: isNeeded ? seen(volume.open) : volume.path,
                    target: volume.target,
                    isWritable: volume.isWritable
                )
            )
        }
        return result
    }

    static func place(_ number: Int) -> String { "\(place)/\(number)" }
}
