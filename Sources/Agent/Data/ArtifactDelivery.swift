import AgentProtocol
import Archive
import ObjectAccess
import Resources

/// Takes the results of a job out: the model directory and the output data of all its instances.
struct ArtifactDelivery: Sendable {
    let paths: InstancePaths
    let writer: any ObjectWriter

    /// Sends what there is.
    ///
    /// - Parameters:
    ///   - targets: Where to, and how.
    ///   - peers: `/opt/ml` directories of the job's other instances on this disk.
    ///   - note: Takes sentences for the log.
    /// - Returns: Bytes sent.
    /// - Throws: `ArchiveError`, `ObjectAccessError`.
    func deliver(
        to targets: ArtifactTargets,
        peers: [String],
        note: @Sendable (String) -> Void
    ) async throws -> Int {
        let roots = [paths.opt] + peers.filter { $0 != paths.opt }
        let parts = [("model", roots.map { $0 + "/model" }), ("data", roots.map { $0 + "/output/data" })]
        var sent = 0
        for (name, directories) in parts {
            switch targets.compression {
            case .gzip:
                let file = name == "model" ? "model.tar.gz" : "output.tar.gz"
                sent += try await sendArchive(of: directories, as: file, to: targets.prefix, note: note)
            case .none:
                sent += try await sendObjects(in: directories, to: targets.prefix.appending(name), note: note)
            }
        }
        return sent
    }

    private func sendArchive(
        of directories: [String],
        as name: String,
        to prefix: S3Location,
        note: @Sendable (String) -> Void
    ) async throws -> Int {
        let archive = paths.staging + "/" + name
        guard let summary = try await Self.pack(directories, to: archive) else { return 0 }
        for path in summary.skipped {
            note("'\(path)' is not in \(name): it is no file or directory of this tree.")
        }
        return try await writer.write(archive, to: prefix.appending(name))
    }

    @concurrent
    private static func pack(
        _ directories: [String],
        to archive: String
    ) async throws -> ArchivePacker.Summary? {
        try ArchivePacker.pack(directories, to: archive)
    }

    private func sendObjects(
        in directories: [String],
        to prefix: S3Location,
        note: @Sendable (String) -> Void
    ) async throws -> Int {
        var sent = 0
        var seen: Set<String> = []
        for directory in directories where SandboxLayout.exists(directory) {
            var skipped: [String] = []
            let entries = try ContainedDirectory(directory).list(skipped: &skipped)
            for path in skipped { note("'\(path)' was not sent: it is no file or directory of this tree.") }
            for entry in entries where !entry.isDirectory && seen.insert(entry.path).inserted {
                // The container has ended: nobody can swap the file for a link now.
                sent += try await writer.write("\(directory)/\(entry.path)", to: prefix.appending(entry.path))
            }
        }
        return sent
    }
}
