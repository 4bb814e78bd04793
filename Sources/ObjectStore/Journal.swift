import Foundation
import GRDB
import Glibc
import NIOCore
import Synchronization

/// The bytes of small new objects, kept in the index until their own files are on the disk.
///
/// A commit waits for the disk in any case. With the bytes in it, a small object needs no second wait for its file: that
/// one reaches the disk later, with others, and leaves the journal then. Should the power go before, the next start
/// writes the file again.
final class Journal: Sendable {
    private let files: StoreFiles
    private let committer: Committer
    private let rest: Duration

    private struct State {
        var pending: Set<FileID> = []
        var lastAdded = ContinuousClock.now
        var isScheduled = false
    }

    private let state: Mutex<State>

    /// Bytes of an object that is worth it.
    static let largest = 16 << 10
    /// Files that wait at most; then objects wait for their files again.
    private static let most = 8192
    /// Files that wait until the disk is asked even if there is no rest.
    private static let many = 2048

    /// - Parameters:
    ///   - pending: Files whose bytes the index still has.
    ///   - files: Where they are.
    ///   - committer: Writes the index.
    ///   - rest: How long no object must have come until the disk is asked.
    init(pending: [FileID], files: StoreFiles, committer: Committer, rest: Duration) {
        self.rest = rest
        self.files = files
        self.committer = committer
        state = Mutex(State(pending: Set(pending)))
        if !pending.isEmpty { schedule() }
    }

    /// Whether it takes an object of so many bytes now.
    func takes(_ size: Int) -> Bool {
        size <= Self.largest && state.withLock { $0.pending.count < Self.most }
    }

    /// Whether a file is perhaps not on the disk yet.
    func holds(_ file: FileID) -> Bool { state.withLock { $0.pending.contains(file) } }

    /// Keeps the bytes of a file that is written, in the transaction that names it.
    func insert(_ file: FileID, _ bytes: ByteBuffer, _ database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO journal (file, bytes) VALUES (?, ?)")
            .execute(arguments: [file.number, Data(bytes.readableBytesView)])
        // Before anybody can see it; if the transaction fails, the file is gone when its turn comes.
        add(file)
    }

    private func add(_ file: FileID) {
        let isFirst = state.withLock { state in
            state.pending.insert(file)
            state.lastAdded = .now
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { schedule() }
    }

    private func schedule() {
        state.withLock { $0.isScheduled = true }
        Task.detached(priority: .utility) { [weak self, rest] in
            repeat { try? await Task.sleep(for: rest) } while await self?.settleSome() ?? false
        }
    }

    /// Settles what there is, unless objects are still coming; whether there will be more.
    private func settleSome() async -> Bool {
        let isDue = state.withLock { state in
            state.pending.count >= Self.many || .now - state.lastAdded >= rest
        }
        if isDue { await settle() }
        return state.withLock { state in
            state.isScheduled = !state.pending.isEmpty
            return state.isScheduled
        }
    }

    /// Waits until the files that are pending now are on the disk, and takes them out of the index.
    ///
    /// Those that the disk refuses stay in the index: the next start looks at them.
    func settle() async {
        let batch = state.withLock { $0.pending }
        do {
            let settled = try await BlockingWork.run { [files] in
                var settled: [FileID] = []
                var folders: Set<String> = []
                for file in batch {
                    // One that is gone was deleted, and its bytes with it.
                    guard let open = try? OpenFile(files.path(file), .read) else { continue }
                    guard (try? open.synchronize()) != nil else { continue }
                    if let folder = files.volume(of: file).folderToFlush(of: file) { folders.insert(folder) }
                    settled.append(file)
                }
                for folder in folders { try Volume.synchronize(folder: folder) }
                return settled
            }
            try await committer.commit { database in
                let statement = try database.cachedStatement(sql: "DELETE FROM journal WHERE file = ?")
                for file in settled { try statement.execute(arguments: [file.number]) }
            }
        } catch {
            // The index still has the bytes.
        }
        state.withLock { $0.pending.subtract(batch) }
    }

    /// Puts right what a power cut has made of the files, before anybody reads them.
    ///
    /// Blocks.
    ///
    /// - Returns: The files whose bytes the index still has.
    static func recover(_ files: StoreFiles, _ index: DatabasePool) throws -> [FileID] {
        try index.write { database in
            try database.execute(
                sql: """
                    DELETE FROM journal
                    WHERE NOT EXISTS (SELECT 1 FROM named WHERE named.file = journal.file)
                    """
            )
        }
        return try index.read { database in
            var pending: [FileID] = []
            let rows = try Row.fetchCursor(database, sql: "SELECT file, bytes FROM journal")
            while let row = try rows.next() {
                let file = FileID(number: row[0])
                try restore(file, ByteBuffer(bytes: row[1] as Data), files)
                pending.append(file)
            }
            return pending
        }
    }

    private static func restore(_ file: FileID, _ bytes: ByteBuffer, _ files: StoreFiles) throws {
        let path = files.path(file)
        if let present = try? OpenFile(path, .read), try present.size() == bytes.readableBytes,
            (try? present.read(0..<bytes.readableBytes)) == bytes
        {
            return
        }
        guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
            throw ObjectStoreError.last("unlink", path)
        }
        _ = try files.volume(of: file).write(bytes, as: file, isJournaled: true)
    }
}
