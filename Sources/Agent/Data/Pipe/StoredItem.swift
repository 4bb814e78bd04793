import AgentProtocol
import Glibc
import ObjectAccess

/// An item of a listing and where its content is.
enum StoredItem {
    /// An object with a file on this machine.
    case near(DataObject, path: String)
    case file(ListedFile, DirectoryFiles)
    case far(DataObject, ChunkQueue)

    /// Bytes, as they are stored.
    var size: Int {
        switch self {
        case .near(let object, _), .far(let object, _): object.size
        case .file(let file, _): file.size
        }
    }

    /// For messages.
    var address: String {
        switch self {
        case .near(let object, _), .far(let object, _): "\(object.location)"
        case .file(let file, let files): files.address(of: file)
        }
    }

    /// The same from its beginning.
    func again(from store: any ObjectStreamer) -> StoredItem {
        guard case .far(let object, _) = self else { return self }
        return .far(object, ChunkQueue(fetching: object, from: store))
    }

    /// Nobody wants the rest.
    func cancel() { if case .far(_, let queue) = self { queue.cancel() } }

    /// Opens its file, which the caller closes.
    ///
    /// - Returns: The descriptor; -1 where there is no file.
    /// - Throws: `InstanceFailure` if the file is gone or another one, `SystemError`.
    func open() throws -> Int32 {
        switch self {
        case .near(let object, let path):
            let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard number >= 0 else {
                if errno == ENOENT { throw InstanceFailure.vanished(object) }
                throw SystemError("open \(object.location)", code: errno)
            }
            return number
        case .file(let file, let files): return try files.open(file).release()
        case .far: return -1
        }
    }

    /// Makes sure that what was read of an open file is what the listing meant: only files of objects never change.
    ///
    /// - Throws: `InstanceFailure` if somebody has written to it since the job was created.
    func check(_ opened: Int32) throws(InstanceFailure) {
        guard case .file(let file, let files) = self else { return }
        try files.check(opened, is: file)
    }
}
