import AgentProtocol
import CLinux
import Glibc
import ObjectAccess
import Synchronization

/// A FastFile channel whose objects are elsewhere, or that is a part of a directory: a read-only file system, each file of
/// which is fetched where and when the job reads it.
final class FastFileChannel: Sendable {
    /// The directory of this machine where the launcher attaches the mount.
    let target: String
    private let name: String
    private let descriptor: Descriptor
    private let listing: ObjectListing
    private let reader: ItemReader
    private let failures = Mutex(Failures())

    /// Who a served file system belongs to.
    enum Owner: Sendable {
        /// Another user than the agent's, by this machine's number: the mount is ours, and its files are his.
        case user(uid_t)
        /// The user namespace of the job, an ordinary user's: the mount is made within.
        case namespace(Int32)
    }

    private struct Failures {
        var first: InstanceFailure?
        var listener: (@Sendable (InstanceFailure) -> Void)?
    }

    /// Makes the mount and begins to answer.
    ///
    /// - Parameters:
    ///   - name: The channel's.
    ///   - listing: The objects.
    ///   - order: Which of them this instance is given.
    ///   - target: See there.
    ///   - owner: See `Owner`.
    ///   - reader: Reads the objects.
    /// - Throws: `SystemError` where the machine has no FUSE or forbids it, `UnsafePath`, `ListingError`.
    init(
        _ name: String,
        listing: ObjectListing,
        order: EpochOrder,
        target: String,
        owner: Owner,
        reader: ItemReader
    ) throws {
        self.name = name
        self.target = target
        self.listing = listing
        self.reader = reader
        var files: [(path: String, size: Int, object: Int)] = []
        for position in order {
            switch try listing.item(position) {
            case .object(let object): files.append((object.relativePath, object.size, position))
            case .file(let file): files.append((file.relativePath, file.size, position))
            case .literal: continue
            }
        }
        let tree = try FastFileTree(files)
        let (namespace, uid): (Int32, uid_t) =
            switch owner {
            case .user(let user): (-1, user)
            case .namespace(let number): (number, 0)
            }
        var device: Int32 = -1
        descriptor = Descriptor(
            owning: try check(clx_fuse_mount(namespace, &device), "mount the files of channel '\(name)'")
        )
        FuseServer(
            device: Descriptor(owning: device),
            tree: tree,
            owner: uid,
            cache: BlockCache { [self] object, range in
                try await self.reader.read(self.listing.item(object), range)
            },
            failed: { [self] object, error in fail(object, error) }
        ).start()
    }

    /// The detached mount.
    var mount: Int32 { descriptor.number }

    /// Why an object could not be read, if one could not.
    var failure: InstanceFailure? { failures.withLock(\.first) }

    /// Calls `act` with the first failure, at once if there was one.
    func onFailure(_ act: @escaping @Sendable (InstanceFailure) -> Void) {
        let first = failures.withLock { failures in
            failures.listener = act
            return failures.first
        }
        if let first { act(first) }
    }

    private func fail(_ object: Int, _ error: any Error) {
        let failure =
            error as? InstanceFailure
            ?? InstanceFailure(
                blame: (error as? ObjectAccessError)?.isClientsFault == true ? .client : .platform,
                message: "Channel '\(name)': \(error)"
            )
        let listener = failures.withLock { failures in
            guard failures.first == nil else { return (@Sendable (InstanceFailure) -> Void)?.none }
            failures.first = failure
            return failures.listener
        }
        listener?(failure)
    }
}
