import CLinux
import Glibc
import NIOCore
import Synchronization

/// A directory with files of the store, on a disk of its own perhaps, and the life of a file in it.
///
/// `incoming/<id>` is being written or belongs to an open multipart upload. `objects/<run>/<id / 1024>/<id>` is complete
/// and never changes again: a new version of an object is a new file. `views` is for second names that jobs give to
/// files, since they must be on the same disk.
struct Volume: Sendable {
    let root: String
    /// The number of this volume's files in this run of the store.
    let run: Int
    /// Bytes of the disk that uploads leave free.
    let reserve: Int
    private let count = Counter()
    private let folders = Folders()
    private let namesFollowFiles: Bool

    /// The files made in this run.
    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)
        func next() -> Int { value.add(1, ordering: .relaxed).newValue }
    }

    init(root: String, run: Int, reserve: Int) {
        self.root = root
        self.run = run
        self.reserve = reserve
        namesFollowFiles = clx_names_follow_files(root)
    }

    var incoming: String { "\(root)/incoming" }
    var objects: String { "\(root)/objects" }
    var views: String { "\(root)/views" }

    /// Whether the volume is still where it was when the store was opened.
    var isThere: Bool { access(objects, F_OK) == 0 }

    /// Makes the directories that are missing.
    ///
    /// Blocks.
    func prepare() throws(ObjectStoreError) {
        for folder in [incoming, objects, views] { try Self.make(folder) }
        try Self.synchronize(folder: root)
    }

    func folder(ofRun run: Int) -> String { "\(objects)/\(run)" }
    private func folder(of file: FileID) -> String {
        "\(folder(ofRun: file.run))/\((file.number & 0xFFFF_FFFF) >> 10)"
    }
    func incomingPath(_ file: FileID) -> String { "\(incoming)/\(file.name)" }
    func path(_ file: FileID) -> String { "\(folder(of: file))/\(file.name)" }

    func newID() -> FileID { FileID(run: run, count: count.next()) }

    /// An empty file that disappears unless it is published.
    ///
    /// Blocks.
    func temporary() throws(ObjectStoreError) -> TemporaryFile {
        let id = newID()
        return TemporaryFile(id: id, file: try OpenFile(incomingPath(id), .create))
    }

    /// How a file gets its final name.
    enum Publication {
        case renaming
        /// Keeps the name in `incoming` too: a multipart upload can then be completed again if the index does not take
        /// this attempt.
        case linking
    }

    /// Makes a file complete: flushed, and under its final name.
    ///
    /// Blocks.
    ///
    /// - Parameters:
    ///   - file: In `incoming`.
    ///   - id: Its new number.
    ///   - publication: Whether the name in `incoming` goes.
    /// - Returns: The folder whose entries must reach the disk before the index may name the file.
    /// - Throws: `ObjectStoreError.outOfSpace` or `.fileFailure`.
    func publish(
        _ file: OpenFile,
        as id: FileID,
        by publication: Publication = .renaming
    ) throws(ObjectStoreError) -> String {
        try file.synchronize()
        try makeFolder(of: id)
        if publication == .linking {
            try hardLink(file, as: id)
        } else if rename(file.path, path(id)) != 0 {
            throw .last("rename", file.path)
        }
        return folder(of: id)
    }

    /// Makes a complete file of these bytes.
    ///
    /// Nobody looks at it before the index names it, and the next start removes what the index does not name.
    ///
    /// Blocks.
    ///
    /// - Parameters:
    ///   - bytes: All of it.
    ///   - id: Its number.
    ///   - isJournaled: Whether the index has the bytes, so that nobody needs to wait for the disk here.
    /// - Returns: As `publish`; `nil` where nothing is to be flushed.
    /// - Throws: As `publish`.
    func write(_ bytes: ByteBuffer, as id: FileID, isJournaled: Bool) throws(ObjectStoreError) -> String? {
        try makeFolder(of: id)
        let file = try OpenFile(path(id), .create)
        do throws(ObjectStoreError) {
            try file.write(bytes, at: 0)
            if !isJournaled { try file.synchronize() }
        } catch {
            unlink(file.path)
            throw error
        }
        return isJournaled ? nil : folderToFlush(of: id)
    }

    /// The folder whose entries must be flushed after a new file was; `nil` where they come with it.
    func folderToFlush(of file: FileID) -> String? { namesFollowFiles ? nil : folder(of: file) }

    /// A second name for a complete file, or a copy where the file system has no hard links or is another one.
    ///
    /// Blocks.
    ///
    /// - Parameters:
    ///   - source: Path of the file; of this volume or another.
    ///   - id: Number of the new one.
    ///   - isOnDisk: Whether the file's bytes are safe without waiting for them.
    /// - Returns: As `publish`.
    /// - Throws: As `publish`.
    func duplicate(_ source: String, as id: FileID, isOnDisk: Bool) throws(ObjectStoreError) -> String {
        let file = try OpenFile(source, .read)
        if !isOnDisk { try file.synchronize() }
        try makeFolder(of: id)
        try hardLink(file, as: id)
        return folder(of: id)
    }

    private func hardLink(_ file: OpenFile, as id: FileID) throws(ObjectStoreError) {
        if Glibc.link(file.path, path(id)) == 0 { return }
        // A file has at most so many names, and some file systems know no second one.
        guard [EMLINK, EPERM, EXDEV, EOPNOTSUPP].contains(errno) else { throw .last("link", file.path) }
        let size = try file.size()
        if try isShort(of: size) { throw .outOfSpace(path: root) }
        let copy = try OpenFile(path(id), .create)
        do throws(ObjectStoreError) {
            try copy.copy(0..<size, of: file, to: 0)
            try copy.synchronize()
        } catch {
            unlink(path(id))
            throw error
        }
    }

    /// Makes the folder of a complete file durable.
    ///
    /// It is flushed at once and with the others waiting: were it left to a commit, another file's commit could come
    /// first and name a file whose folder a power cut takes away.
    private func makeFolder(of id: FileID) throws(ObjectStoreError) {
        try folders.make(folder(of: id)) { () throws(ObjectStoreError) in
            let run = folder(ofRun: id.run)
            try Self.make(run)
            try Self.synchronize(folder: objects)
            try Self.make(folder(of: id))
            try Self.synchronize(folder: run)
        }
    }

    /// The folders that are known to be on the disk.
    private final class Folders: Sendable {
        private let known = Mutex<Set<String>>([])

        func make(_ folder: String, _ make: () throws(ObjectStoreError) -> Void) throws(ObjectStoreError) {
            try known.withLock { (known) throws(ObjectStoreError) in
                guard !known.contains(folder) else { return }
                try make()
                known.insert(folder)
            }
        }
    }

    /// Removes a complete file; one that is gone already is fine.
    ///
    /// Blocks.
    func remove(_ file: FileID) throws(ObjectStoreError) {
        guard unlink(path(file)) == 0 || errno == ENOENT else { throw .last("unlink", path(file)) }
    }

    /// Removes a file from `incoming`; one that is gone already is fine.
    ///
    /// Blocks.
    func removeIncoming(_ file: FileID) throws(ObjectStoreError) {
        guard unlink(incomingPath(file)) == 0 || errno == ENOENT else {
            throw .last("unlink", incomingPath(file))
        }
    }

    /// Makes a folder if it is not there.
    static func make(_ folder: String) throws(ObjectStoreError) {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .last("mkdir", folder) }
    }

    /// Waits until a folder's entries are on the disk.
    static func synchronize(folder: String) throws(ObjectStoreError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last("fsync", folder) }
    }

    /// Bytes that uploads may still write; below 0 where the reserve is touched.
    func freeSpace() throws(ObjectStoreError) -> Int {
        var facts = statvfs()
        guard statvfs(root, &facts) == 0 else { throw .last("statvfs", root) }
        return Int(facts.f_bavail) * Int(facts.f_frsize) - reserve
    }

    /// Whether so many bytes do not fit.
    func isShort(of length: Int) throws(ObjectStoreError) -> Bool { length > (try freeSpace()) }
}

/// A file in `incoming` that is unlinked with the last reference, unless it was kept.
final class TemporaryFile: Sendable {
    let id: FileID
    let file: OpenFile
    private let isKept = Atomic(false)

    init(id: FileID, file: OpenFile) {
        self.id = id
        self.file = file
    }

    /// The file is published or belongs to a committed part.
    func keep() { isKept.store(true, ordering: .releasing) }

    deinit {
        if !isKept.load(ordering: .acquiring) { unlink(file.path) }
    }
}
