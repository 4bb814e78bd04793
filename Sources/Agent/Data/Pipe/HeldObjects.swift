import AgentProtocol
import Glibc
import Synchronization

/// Second names for the files of near objects, so that those of a long job stay as they were when it began, whoever
/// overwrites or deletes them in the store.
final class HeldObjects: Sendable {
    private let directory: String
    /// Whether the instance's disk is the store's, so that there can be second names.
    private let isPossible = Atomic(false)

    /// Names in one directory.
    private static let perDirectory = 10_000

    init(directory: String) { self.directory = directory }

    /// Gives the objects of an epoch their second names.
    ///
    /// - Throws: `InstanceFailure` if an object is gone already, `SystemError`.
    func take(_ order: EpochOrder, of listing: ObjectListing, groupSize: Int) throws {
        try SandboxLayout.makeDirectory(directory)
        var last = -1
        for group in order {
            for position in (group * groupSize)..<((group + 1) * groupSize) {
                guard case .object(let object) = try listing.item(position), let near = object.nearPath else {
                    continue
                }
                if position / Self.perDirectory != last {
                    last = position / Self.perDirectory
                    try SandboxLayout.makeDirectory("\(directory)/\(last)")
                }
                if link(near, path(position)) == 0 || errno == EEXIST { continue }
                switch errno {
                case ENOENT: throw InstanceFailure.vanished(object)
                // Then they are read where they are, as long as they are there.
                case EXDEV, EPERM, EMLINK, EOPNOTSUPP: return
                case let code: throw SystemError("hold \(object.location)", code: code)
                }
            }
        }
        isPossible.store(true, ordering: .relaxed)
    }

    /// A path of the object at a position that is good now.
    func path(of object: DataObject, at position: Int) -> String? {
        guard object.nearPath != nil else { return nil }
        return isPossible.load(ordering: .relaxed) ? path(position) : object.nearPath
    }

    private func path(_ position: Int) -> String {
        "\(directory)/\(position / Self.perDirectory)/\(position)"
    }
}

extension InstanceFailure {
    /// An object that was there when the job began.
    static func vanished(_ object: DataObject) -> InstanceFailure {
        InstanceFailure(
            blame: .client,
            message: """
                Data download failed: \(object.location) was deleted or overwritten after the job was created. \
                Run the job again, and leave its data alone meanwhile.
                """
        )
    }
}
