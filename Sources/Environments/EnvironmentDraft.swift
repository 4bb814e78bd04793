import Foundation

/// A directory in which an environment is made, or what is left of one goes: nobody looks into it by its name.
///
/// It is locked while somebody is at it, so that what a killed server left is told from what another one makes.
final class EnvironmentDraft: Sendable {
    /// Absolute path.
    let path: String
    private let descriptor: Int32

    private static let prefix = ".draft-"

    /// - Parameters:
    ///   - id: Of the environment.
    ///   - directory: Of all environments.
    ///   - book: Whose gate keeps the sweep away while it has no lock yet.
    /// - Returns: An empty one.
    /// - Throws: `EnvironmentError.files`, `CancellationError`.
    static func make(_ id: String, in directory: String, _ book: LeaseBook) async throws -> EnvironmentDraft {
        try await book.withGate(.shared) {
            let path = "\(directory)/\(prefix)\(id)-\(UInt32.random(in: 0 ... .max))"
            do {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            } catch {
                throw EnvironmentError.files("\(path) cannot be made: \(error.localizedDescription)")
            }
            guard let draft = EnvironmentDraft(locking: path) else {
                throw EnvironmentError.files("\(path) cannot be locked: \(String(cString: strerror(errno)))")
            }
            return draft
        }
    }

    /// `nil` if somebody else is at it, or it is not there.
    private init?(locking path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        (self.path, self.descriptor) = (path, descriptor)
    }

    deinit { close(descriptor) }

    /// Deletes it with all that is in it, on a thread of its own: it may be gigabytes in a hundred thousand files.
    ///
    /// - Throws: `EnvironmentError.files` if something stays, which the next sweep takes up.
    func delete() async throws(EnvironmentError) {
        let path = path
        let complaint: String? = await withCheckedContinuation { done in
            Thread.detachNewThread {
                do {
                    try FileManager.default.removeItem(atPath: path)
                    done.resume(returning: nil)
                } catch {
                    done.resume(returning: "\(path) cannot be deleted: \(error.localizedDescription)")
                }
            }
        }
        if let complaint { throw .files(complaint) }
    }

    /// Those that nobody is at: their makers were killed.
    ///
    /// - Throws: `EnvironmentError.files`, `CancellationError`.
    static func abandoned(in directory: String, _ book: LeaseBook) async throws -> [EnvironmentDraft] {
        // No directory, no drafts.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let drafts = names.filter { $0.hasPrefix(prefix) }
        guard !drafts.isEmpty else { return [] }
        return try await book.withGate(.exclusive) {
            drafts.compactMap { EnvironmentDraft(locking: "\(directory)/\($0)") }
        }
    }
}
