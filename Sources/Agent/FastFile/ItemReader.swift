import AgentProtocol
import NIOCore
import ObjectAccess

/// Reads parts of what a listing names: objects that are elsewhere, and files of this machine.
struct ItemReader: Sendable {
    /// Of a channel whose items are files.
    let files: DirectoryFiles?
    let far: any RangeReader

    /// A range of an item.
    ///
    /// - Throws: `ObjectAccessError`, `InstanceFailure`, `SystemError`.
    func read(_ item: ObjectListing.Item, _ range: Range<Int>) async throws -> ByteBuffer {
        switch item {
        case .object(let object):
            let reference = ObjectReference(
                location: object.location,
                size: object.size,
                eTag: object.eTag
            )
            return try await far.read(reference, range: range)
        case .file(let file):
            guard let files else { throw BlockCache.ShortObject() }
            return try await InstanceRun.onThread { try files.read(file, range) }
        case .literal: throw BlockCache.ShortObject()
        }
    }
}
