package import Foundation
import GRDB
import Resources
import Synchronization

/// S3 semantics over a folder: buckets and objects in an index, bytes in one immutable file per object version.
///
/// What a call returned is on the disk. Readers of a version keep it whatever happens to the key afterwards.
package final class ObjectStore: Sendable {
    let files: StoreFiles
    let index: DatabasePool
    let committer: Committer
    let recent = RecentReads()
    /// Few, and looked up by every call.
    let buckets: Mutex<[String: Bucket]>
    let slots = MultipartSlots()
    /// Files that are known to be damaged; hopefully few.
    let damage: Mutex<[FileID: Damage]>
    let now: @Sendable () -> Date
    let onDamage: @Sendable (Damage) -> Void

    /// Opens the store in a folder, making it first, and clears away what a crash left behind.
    ///
    /// Blocks.
    ///
    /// - Parameters:
    ///   - root: Folder of the store; nobody else may write in it.
    ///   - reserve: Bytes of the disk that uploads leave free.
    ///   - now: The clock that objects are stamped with.
    ///   - onDamage: Is told once of each file that is found to be damaged.
    /// - Throws: `ObjectStoreError` or an error of the index, if the folder cannot be used.
    package init(
        root: String,
        reserve: Int = 0,
        now: @escaping @Sendable () -> Date = { Date() },
        onDamage: @escaping @Sendable (Damage) -> Void = { _ in }
    ) throws {
        self.now = now
        self.onDamage = onDamage
        try StoreFiles.make(root)
        for folder in ["incoming", "objects"] { try StoreFiles.make("\(root)/\(folder)") }
        try StoreFiles.synchronize(folder: root)
        let index = try Index.open("\(root)/index.sqlite")
        let run = try index.write { database in
            try database.execute(sql: "INSERT INTO run (checked) VALUES (0)")
            return Int(database.lastInsertedRowID)
        }
        files = StoreFiles(root: root, run: run, reserve: reserve)
        self.index = index
        committer = Committer(index) { [recent] in recent.forget() }
        buckets = Mutex(try index.read(Bucket.all))
        damage = Mutex(try index.read { [files] in try Damage.all($0, in: files) })
        try Recovery(files: files, index: index).run()
    }

    /// The path of a record's file.
    ///
    /// It never changes, and stays until the object is overwritten or deleted; a hard link outlives that.
    package func filePath(of record: ObjectRecord) -> String { files.path(record.file) }

    /// Closes the index.
    ///
    /// Calls after this fail.
    package func close() throws { try index.close() }

    /// Removes files that the index no longer names.
    ///
    /// The change that took their names is committed, so nothing here can fail it: what cannot be removed now stays in
    /// the index's list of garbage and is removed at the next start.
    func remove(_ removed: [FileID]) async {
        await discard(removed) { [files, committer] file in
            try files.remove(file)
            committer.forget(file)
        }
    }

    /// Removes files of multipart uploads that are over; the next start removes those that resist.
    func removeIncoming(_ removed: [FileID]) async {
        await discard(removed) { [files] file in try files.removeIncoming(file) }
    }

    private func discard(_ removed: [FileID], _ remove: @escaping @Sendable (FileID) throws -> Void) async {
        guard !removed.isEmpty else { return }
        do {
            try await BlockingWork.run {
                var failure: (any Error)?
                for file in removed {
                    do { try remove(file) } catch { failure = error }
                }
                if let failure { throw failure }
            }
        } catch {
            // See above: the next start tries again.
        }
    }
}
