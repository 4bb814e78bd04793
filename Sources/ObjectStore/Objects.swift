import Foundation
import GRDB

extension ObjectStore {
    /// What is known of an object.
    ///
    /// - Parameters:
    ///   - key: Its name.
    ///   - version: Which version; the latest if `nil`.
    ///   - bucket: Where it is.
    /// - Returns: The record.
    /// - Throws: `ObjectStoreError.noSuchKey`, `.noSuchVersion` or `.deleted`.
    package func head(
        _ key: ObjectKey,
        version: VersionID? = nil,
        in bucket: Bucket
    ) async throws -> ObjectRecord {
        let found = try await index.read { try ObjectRecord.find(key, version: version, in: bucket, $0) }
        return try found.object(key, version)
    }

    /// Opens a version of an object.
    ///
    /// - Throws: As `head`, or `.damaged` if the file is not what the record says.
    package func open(
        _ key: ObjectKey,
        version: VersionID? = nil,
        in bucket: Bucket
    ) async throws -> ObjectReader {
        let place = RecentReads.Place(bucket: bucket.id, key: key)
        if version == nil, let reader = recent.object(at: place), reader.isUnchanged { return reader }
        var damaged: FileID?
        while true {
            let generation = recent.generation
            // Index, file and, of a small object, bytes in one visit to one thread: each costs less than the way there.
            let (record, outcome) = try await BlockingWork.run { [self] in
                let (record, blocks) = try index.read { database in
                    let found = try ObjectRecord.find(key, version: version, in: bucket, database)
                    let record = try found.object(key, version)
                    return (record, try BlockDigests.find(record.file, database))
                }
                return (record, Result { try open(record, blocks) })
            }
            do {
                let reader = try outcome.get()
                if version == nil, reader.isInMemory {
                    recent.remember(reader, at: place, since: generation)
                }
                return reader
            } catch ObjectStoreError.damaged(let path) {
                // Overwritten or deleted since the index was asked: ask again. The same record means real damage.
                guard damaged == record.file else {
                    damaged = record.file
                    continue
                }
                await note(damaged: record.file, "It is missing, too short or not what was written.")
                throw ObjectStoreError.damaged(path: path)
            }
        }
    }

    /// Opens a record's file; blocks.
    private func open(_ record: ObjectRecord, _ blocks: BlockDigests?) throws -> ObjectReader {
        let path = filePath(of: record)
        do {
            let file = try OpenFile(path, .read)
            let stamp = try file.stamp()
            guard stamp.size >= record.size else { throw ObjectStoreError.damaged(path: path) }
            let map = blocks.flatMap { BlockMap($0, size: record.size, parts: record.parts) }
            return try ObjectReader(record, file, stamp, map, recent) { [weak self] reason in
                await self?.note(damaged: record.file, reason)
            }
        } catch ObjectStoreError.fileFailure(_, _, ENOENT) {
            let volume = files.volume(of: record.file)
            throw volume.isThere ? ObjectStoreError.damaged(path: path) : .absentDirectory(path: volume.root)
        }
    }

    /// Deletes an object; one that is not there is fine.
    @discardableResult
    package func delete(
        _ key: ObjectKey,
        in bucket: Bucket,
        if condition: WriteCondition = .none
    ) async throws -> DeletionOutcome {
        try await delete([Deletion(key, if: condition)], in: bucket)[0].get()
    }

    /// Deletes objects or versions in one transaction, each for itself; those that are not there are fine.
    ///
    /// - Returns: What became of each, in their order.
    /// - Throws: What keeps all of them from being deleted.
    package func delete(
        _ deletions: [Deletion],
        in bucket: Bucket
    ) async throws -> [Result<DeletionOutcome, ObjectStoreError>] {
        let now = Date(milliseconds: now().milliseconds)
        let (outcomes, removed) = try await committer.commit { database in
            var outcomes: [Result<DeletionOutcome, ObjectStoreError>] = []
            var removed: [FileID] = []
            for deletion in deletions {
                do {
                    let (outcome, files) = try ObjectRecord.delete(deletion, in: bucket, now: now, database)
                    outcomes.append(.success(outcome))
                    removed += files
                } catch let error as ObjectStoreError {
                    // Nothing was changed: every check comes first.
                    outcomes.append(.failure(error))
                }
            }
            return (outcomes, removed)
        }
        await remove(removed)
        return outcomes
    }

    /// Copies an object without copying its bytes where the file system allows it.
    ///
    /// - Parameters:
    ///   - source: The record to copy, as it was read.
    ///   - key: What the copy will be called.
    ///   - bucket: Where it will be.
    ///   - headers: The copy's headers; the source's if `nil`.
    ///   - condition: What must hold for the object that is replaced.
    /// - Returns: The copy's record.
    /// - Throws: `ObjectStoreError`; `.noSuchKey` if the source has been overwritten or deleted meanwhile.
    package func copy(
        _ source: ObjectRecord,
        to key: ObjectKey,
        in bucket: Bucket,
        headers: ObjectHeaders? = nil,
        if condition: WriteCondition = .none
    ) async throws -> ObjectRecord {
        let volume = files.volume(for: bucket.name)
        let id = volume.newID()
        let copy = ObjectRecord(
            bucket: bucket.name,
            key: key,
            size: source.size,
            eTag: source.eTag,
            modified: Date(milliseconds: now().milliseconds),
            file: id,
            checksum: source.checksum,
            headers: headers ?? source.headers,
            parts: source.parts
        )
        return try await commit(
            copy,
            in: bucket,
            if: condition,
            blocks: { try BlockDigests.find(source.file, $0) },
            publish: { [files, journal] in
                do {
                    return try volume.duplicate(
                        files.path(source.file),
                        as: id,
                        isOnDisk: !journal.holds(source.file)
                    )
                } catch ObjectStoreError.fileFailure(_, _, ENOENT) {
                    throw ObjectStoreError.noSuchKey(source.key)
                }
            }
        )
    }

    /// Changes what is stored beside an object's bytes; its bytes and its time stay.
    ///
    /// - Parameters:
    ///   - key: The object.
    ///   - version: Which version; the latest if `nil`.
    ///   - bucket: Where it is.
    ///   - change: Runs in the transaction; what it throws leaves everything as it was.
    /// - Returns: The record before.
    /// - Throws: What `change` throws, or as `head`.
    @discardableResult
    package func change(
        _ key: ObjectKey,
        version: VersionID? = nil,
        in bucket: Bucket,
        _ change: @escaping @Sendable (inout ObjectHeaders) throws -> Void
    ) async throws -> ObjectRecord {
        try await committer.commit { database in
            try ObjectRecord.change(key, version: version, in: bucket, database, change)
        }
    }

    /// Changes an object's tags; its bytes and its time stay.
    package func setTags(_ tags: [String: String], of key: ObjectKey, in bucket: Bucket) async throws {
        try await change(key, in: bucket) { $0.tags = tags }
    }
}

extension BlockDigests {
    /// Those of a file; `nil` for one that was stored before there were any.
    static func find(_ file: FileID, _ database: Database) throws -> BlockDigests? {
        try Data.fetchOne(
            database.cachedStatement(sql: "SELECT blocks FROM digest WHERE file = ?"),
            arguments: [file.number]
        ).map { BlockDigests(stored: $0) }
    }
}
