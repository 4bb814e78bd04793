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
    let journal: Journal
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
    ///   - directories: Where new objects of some buckets are stored instead; the first that fits a bucket counts.
    ///   - reserve: Bytes that uploads leave free on the disk of a directory.
    ///   - rest: How long no small object must have come until the files of those before are flushed.
    ///   - now: The clock that objects are stamped with.
    ///   - onDamage: Is told once of each file that is found to be damaged.
    /// - Throws: `ObjectStoreError`, `VolumeError` or an error of the index, if a folder cannot be used.
    package init(
        root: String,
        directories: [BucketDirectory] = [],
        reserve: @escaping (_ directory: String) -> Int = { _ in 0 },
        rest: Duration = .seconds(1),
        now: @escaping @Sendable () -> Date = { Date() },
        onDamage: @escaping @Sendable (Damage) -> Void = { _ in }
    ) throws {
        self.now = now
        self.onDamage = onDamage
        try Volume.make(root)
        let index = try Index.open("\(root)/\(StoredFile.indexName)")
        files = try VolumeTable(root: root, index: index, reserve: reserve).open(directories)
        self.index = index
        committer = Committer(index) { [recent] in recent.forget() }
        journal = Journal(
            pending: try Journal.recover(files, index),
            files: files,
            committer: committer,
            rest: rest
        )
        buckets = Mutex(try index.read(Bucket.all))
        damage = Mutex(try index.read { [files] in try Damage.all($0, in: files) })
        try Recovery(files: files, index: index).run()
    }

    /// The path of a record's file.
    ///
    /// It never changes, and stays until the object is overwritten or deleted; a hard link outlives that.
    package func filePath(of record: ObjectRecord) -> String { files.path(record.file) }

    /// Directories for second names of files, one on each disk that has some.
    package var viewDirectories: [String] { files.volumes.map(\.views) }

    /// Directories other than the store's own that hold files of it.
    package var otherDirectories: [String] { files.volumes.dropFirst().map(\.root) }

    /// Small objects that are in the index's journal because their files may not be on the disk yet.
    package var unsettledCount: Int {
        get async {
            // Without an answer there is nothing to say.
            (try? await index.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM journal") } ?? 0) ?? 0
        }
    }

    /// Waits until all files are on the disk.
    package func settle() async { await journal.settle() }

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
