import Archive
import Foundation
import Gateway
import Resources

/// Looks into the archive of a script without unpacking it.
struct ScriptArchive: Sendable {
    let data: DataCatalogue
    /// For a copy of what is no file of this machine.
    let directory: String

    /// What an archive may unpack to before it is left: a small file may have very much inside.
    static let limits = ArchiveLimits(bytes: 2 << 30, entries: 100_000)

    /// What is in an archive, with the text of its requirements files.
    ///
    /// - Parameters:
    ///   - entry: The object.
    ///   - location: Where it is.
    ///   - named: Path of a requirements file that has another name; empty without one.
    /// - Returns: Its files, and the text of those that end in `.txt`.
    /// - Throws: `ArchiveError`, and what reading the object throws.
    func index(
        of entry: DataCatalogue.Entry,
        at location: S3Location,
        requirements named: String
    ) async throws -> ArchiveIndex {
        if let file = entry.file { return try await Self.read(file, named) }
        let copy = try NamelessFile(try await data.content(of: entry, at: location), in: directory)
        return try await Self.read(copy.path, named)
    }

    /// Reads on a thread of its own, because it takes seconds and waits for the disk.
    private static func read(_ path: String, _ named: String) async throws -> ArchiveIndex {
        let result: Result<ArchiveIndex, ArchiveError> = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    returning: Result { () throws(ArchiveError) in
                        try ArchiveIndex(of: path, limits: limits) { $0 == named || $0.hasSuffix(".txt") }
                    }
                )
            }
        }
        return try result.get()
    }
}
