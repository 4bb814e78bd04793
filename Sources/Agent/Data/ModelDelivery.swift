import AgentProtocol
import Archive
import Glibc
import ObjectAccess

/// Unpacks a model archive into `/opt/ml/model`.
struct ModelDelivery: Sendable {
    let paths: InstancePaths
    let far: any ObjectReader

    /// - Throws: `ObjectAccessError`, `ArchiveError`.
    func deliver(_ archive: DataObject) async throws {
        if let near = archive.nearPath {
            try await Self.unpack(near, into: paths.opt + "/model")
            return
        }
        let file = paths.staging + "/model"
        try await far.read(
            ObjectReference(location: archive.location, size: archive.size, eTag: archive.eTag),
            to: file
        )
        defer { unlink(file) }
        try await Self.unpack(file, into: paths.opt + "/model")
    }

    @concurrent
    private static func unpack(_ archive: String, into directory: String) async throws {
        _ = try ArchiveUnpacker.unpack(archive, into: directory)
    }
}
