import AgentProtocol
import Glibc
import Synchronization

/// Second names for the files of near objects, so that those of a long job stay as they were when it began, whoever
/// overwrites or deletes them in the store.
final class HeldObjects: Sendable {
    /// On several disks: second names must be on that of the objects.
    private let directories: [String]
    /// The one in which they are; `nil` where none is on the objects' disk.
    private let directory = Mutex<String?>(nil)

    /// Names in one directory.
    private static let perDirectory = 10_000

    init(directories: [String]) { self.directories = directories }

    /// Gives the objects of an epoch their second names.
    ///
    /// - Throws: `InstanceFailure` if an object is gone already, `SystemError`.
    func take(_ order: EpochOrder, of listing: ObjectListing, groupSize: Int) throws {
        for directory in directories where try take(order, of: listing, groupSize, in: directory) {
            self.directory.withLock { $0 = directory }
            return
        }
    }

    /// Whether the directory is on the objects' disk.
    private func take(
        _ order: EpochOrder,
        of listing: ObjectListing,
        _ groupSize: Int,
        in directory: String
    ) throws -> Bool {
        try SandboxLayout.makeDirectories(directory)
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
                if link(near, Self.path(position, in: directory)) == 0 || errno == EEXIST { continue }
                switch errno {
                case ENOENT: throw InstanceFailure.vanished(object)
                // Then they are read where they are, as long as they are there.
                case EXDEV, EPERM, EMLINK, EOPNOTSUPP: return false
                case let code: throw SystemError("hold \(object.location)", code: code)
                }
            }
        }
        return true
    }

    /// A path of the object at a position that is good now.
    func path(of object: DataObject, at position: Int) -> String? {
        guard object.nearPath != nil else { return nil }
        return directory.withLock { $0 }.map { Self.path(position, in: $0) } ?? object.nearPath
    }

    private static func path(_ position: Int, in directory: String) -> String {
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
