import AgentProtocol
import CLinux
import Glibc

/// Watches how much an instance has written, where no quota of the file system does.
struct VolumeWatch: Sendable {
    let paths: InstancePaths
    /// Bytes that the instance may hold (`VolumeSizeInGB`).
    let limit: Int

    /// A look costs time with the number of files: it may take at most this part of it.
    private static let share = 20
    private static let shortest = Duration.milliseconds(500)

    /// Returns the bytes in use once they are more than the limit; `nil` if it was cancelled before.
    func untilExceeded() async -> Int? {
        while !Task.isCancelled {
            let begin = ContinuousClock.now
            let used = await Self.used(paths)
            if used > limit { return used }
            try? await Task.sleep(for: max(Self.shortest, begin.duration(to: .now) * Self.share))
        }
        return nil
    }

    /// What the job has written or been given copies of; linked objects of a channel cost nothing.
    @concurrent
    static func used(_ paths: InstancePaths) async -> Int {
        let directories = [
            paths.opt, paths.temporary, paths.upper, paths.layers, paths.checkpoints, paths.tensorBoard,
        ]
        return directories.map { Int(max(0, clx_tree_bytes($0))) }.reduce(0, +)
    }
}
