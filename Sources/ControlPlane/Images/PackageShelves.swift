package import Foundation

/// What jobs have installed, a directory for each user.
///
/// Jobs write there at will, also while this looks: nothing is followed by its path, and what is to go is first moved to a
/// place that no job sees.
package struct PackageShelves: Sendable {
    private let directory: String

    /// - Parameter directory: Absolute path.
    package init(directory: String) { self.directory = directory }

    /// Where doomed entries go: no user's directory begins with a dot.
    private var trash: String { "\(directory)/.trash" }

    /// Removes what was last used before a moment; with the last of a user's goes what uv and pip had fetched for it.
    ///
    /// - Throws: What the file system says about the directory itself.
    @concurrent
    package func sweep(before moment: Date) async throws {
        guard access(directory, F_OK) == 0 else { return }
        try FileManager.default.createDirectory(atPath: trash, withIntermediateDirectories: true)
        for user in try FileManager.default.contentsOfDirectory(atPath: directory) where !user.hasPrefix(".")
        {
            let shelf = open("\(directory)/\(user)", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard shelf >= 0 else { continue }
            defer { close(shelf) }
            let overlays = openat(shelf, "overlays", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard overlays >= 0 else { continue }
            defer { close(overlays) }
            let left = Self.names(in: overlays).filter { !moveIfUnused($0, of: overlays, since: moment) }
            if left.isEmpty { for cache in ["uv", "pip"] { move(cache, of: shelf) } }
        }
        try await emptyTrash()
    }

    /// Deletes on a thread of its own: it may be gigabytes in a hundred thousand files.
    private func emptyTrash() async throws {
        let trash = trash
        try await withCheckedThrowingContinuation { done in
            Thread.detachNewThread {
                done.resume(
                    with: Result {
                        var refusal: (any Error)?
                        for entry in try FileManager.default.contentsOfDirectory(atPath: trash) {
                            do { try FileManager.default.removeItem(atPath: "\(trash)/\(entry)") } catch {
                                refusal = error  // It keeps no other.
                            }
                        }
                        if let refusal { throw refusal }
                    }
                )
            }
        }
    }

    /// - Returns: Whether the entry is in the way no longer.
    private func moveIfUnused(_ entry: String, of overlays: Int32, since moment: Date) -> Bool {
        var facts = stat()
        guard fstatat(overlays, entry, &facts, AT_SYMLINK_NOFOLLOW) == 0,
            Double(facts.st_mtim.tv_sec) < moment.timeIntervalSince1970
        else { return false }
        // A job that runs in it has locked its mark (`training/requirements.py`). Anything else may stand in its place.
        let overlay = openat(overlays, entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard overlay >= 0 else { return move(entry, of: overlays) }
        defer { close(overlay) }
        let mark = openat(overlay, "complete", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard mark >= 0 else { return move(entry, of: overlays) }
        // The lock is held until it has moved: a job that begins meanwhile waits, and finds that it is gone.
        defer { close(mark) }
        guard fstat(mark, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            return move(entry, of: overlays)
        }
        return flock(mark, LOCK_EX | LOCK_NB) == 0 && move(entry, of: overlays)
    }

    /// What is not there, or cannot be moved, stays for the next time.
    @discardableResult
    private func move(_ entry: String, of folder: Int32) -> Bool {
        renameat(folder, entry, AT_FDCWD, "\(trash)/\(UUID().uuidString)") == 0
    }

    private static func names(in folder: Int32) -> [String] {
        // The stream closes its descriptor.
        guard case let copy = dup(folder), copy >= 0, let stream = fdopendir(copy) else { return [] }
        defer { closedir(stream) }
        rewinddir(stream)
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
