import AgentProtocol
import Archive
import Glibc
import ObjectAccess

/// Unpacks a model archive into `/opt/ml/model`.
struct ModelDelivery: Sendable {
    let paths: InstancePaths
    let far: any ObjectReader

    /// - Throws: `ObjectAccessError`, `ArchiveError`, `InstanceFailure` for a model that is another one by now.
    func deliver(_ archive: DataObject) async throws {
        if let near = archive.nearPath {
            guard access(near, F_OK) == 0 else { throw InstanceFailure.vanishedModel(archive) }
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

extension InstanceFailure {
    /// A model that was there when its endpoint was asked for, and is not when an instance has got its room.
    fileprivate static func vanishedModel(_ archive: DataObject) -> InstanceFailure {
        InstanceFailure(
            blame: .client,
            message: """
                The model \(archive.location) was deleted or overwritten while the endpoint waited to be started. Create or \
                update the endpoint again: it takes the model that is there then.
                """
        )
    }
}
