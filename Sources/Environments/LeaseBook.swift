import Foundation

/// Who uses which environment of a directory, on disk, for all servers and agents that share the directory.
///
/// Each use is a file below `leases/ID`, locked by who holds it. A gate, a file that is locked for moments only, keeps
/// taking leases and removing what has none apart.
struct LeaseBook: Sendable {
    private let directory: String

    /// - Parameter directory: Absolute path of the environments' directory.
    init(directory: String) { self.directory = "\(directory)/leases" }

    /// How long the gate is waited for: it is held for as long as a renaming takes.
    private static let patience = Duration.seconds(10)

    /// Begins a use.
    ///
    /// - Parameters:
    ///   - id: The environment's, which need not be there yet.
    ///   - user: Who uses it, in words for those who want to remove it.
    /// - Returns: `nil` if this user may not write there: then the environments are somebody else's to keep.
    /// - Throws: `EnvironmentError.files`, `CancellationError`.
    func take(_ id: String, for user: String) async throws -> EnvironmentLease? {
        do {
            return try await withGate(.shared) { try open(id, user) }
        } catch is EnvironmentError
            where !isWritable("\(directory)/gate") || !isWritable("\(directory)/\(id)")
        {
            return nil
        }
    }

    /// Whether this user may write there, or make it.
    private func isWritable(_ path: String) -> Bool {
        var path = path
        while access(path, F_OK) != 0, path.count > 1 {
            path = URL(filePath: path).deletingLastPathComponent().path()
            if path.count > 1, path.hasSuffix("/") { path.removeLast() }
        }
        return access(path, W_OK) == 0
    }

    private func open(_ id: String, _ user: String) throws(EnvironmentError) -> EnvironmentLease {
        let folder = "\(directory)/\(id)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .files("\(folder) cannot be made: \(error.localizedDescription)")
        }
        let path = "\(folder)/\(UUID().uuidString)"
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0, flock(descriptor, LOCK_SH | LOCK_NB) == 0 else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw .files("\(path) cannot be locked: \(reason)")
        }
        // The words are for people alone: on a full disk the lock does without them.
        let words = Array(user.utf8)
        _ = write(descriptor, words, words.count)
        return EnvironmentLease(path: path, descriptor: descriptor)
    }

    /// Does something to an environment that must not be in use.
    ///
    /// - Parameters:
    ///   - id: The environment's.
    ///   - body: Quick: whoever begins a use waits for it.
    /// - Returns: Who uses it, in their own words; empty if nobody did and `body` has run.
    /// - Throws: `EnvironmentError.files`, `CancellationError`, what `body` throws.
    func unlessUsed(_ id: String, _ body: () throws -> Void) async throws -> [String] {
        try await withGate(.exclusive) {
            let users = holders(of: id)
            if users.isEmpty { try body() }
            return users
        }
    }

    /// Takes away the files of uses that ended with their process.
    ///
    /// - Throws: `EnvironmentError.files`, `CancellationError`.
    func prune() async throws {
        // No directory, no uses.
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        guard !ids.isEmpty else { return }
        try await withGate(.exclusive) { for id in ids { _ = holders(of: id) } }
    }

    /// Those who hold a lease of an environment now; files that nobody has locked go.
    private func holders(of id: String) -> [String] {
        let folder = "\(directory)/\(id)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            let path = "\(folder)/\(name)"
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            // What cannot be looked at may be in use.
            guard descriptor >= 0 else { return errno == ENOENT ? nil : "another user of this machine" }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else {
                unlink(path)
                return nil
            }
            let words = FileManager.default.contents(atPath: path) ?? Data()
            return words.isEmpty ? "somebody who has not said who" : String(decoding: words, as: UTF8.self)
        }
    }

    // MARK: The gate

    /// How the gate is locked.
    enum LockMode {
        /// Beside others that begin a use.
        case shared
        /// Alone.
        case exclusive
    }

    /// Does something while this process has the gate locked.
    ///
    /// - Throws: `EnvironmentError.files` if the gate cannot be had, `CancellationError`, what `body` throws.
    func withGate<Value>(_ mode: LockMode, _ body: () throws -> Value) async throws -> Value {
        let path = "\(directory)/gate"
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw EnvironmentError.files("\(directory) cannot be made: \(error.localizedDescription)")
        }
        let gate = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard gate >= 0 else {
            throw EnvironmentError.files("\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(gate) }
        let deadline = ContinuousClock.now + Self.patience
        let lock = (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB
        while flock(gate, lock) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, .now < deadline else {
                throw EnvironmentError.files("\(path) cannot be locked: \(String(cString: strerror(errno)))")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        return try body()
    }
}
