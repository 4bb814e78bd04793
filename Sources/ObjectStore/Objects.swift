import Foundation
import GRDB

extension ObjectStore {
    /// What is known of an object.
    ///
    /// - Throws: `ObjectStoreError.noSuchKey`.
    package func head(_ key: ObjectKey, in bucket: Bucket) async throws -> ObjectRecord {
        guard let record = try await index.read({ try ObjectRecord.find(key, in: bucket, $0) }) else {
            throw ObjectStoreError.noSuchKey(key)
        }
        return record
    }

    /// Opens the present version of an object.
    ///
    /// - Throws: `ObjectStoreError.noSuchKey`, or `.damaged` if the file is not what the record says.
    package func open(_ key: ObjectKey, in bucket: Bucket) async throws -> ObjectReader {
        var record = try await head(key, in: bucket)
        while true {
            do {
                return try await open(record)
            } catch ObjectStoreError.damaged(let path) {
                // Overwritten or deleted since the index was asked: ask again. The same record means real damage.
                let present = try await head(key, in: bucket)
                guard present.file != record.file else { throw ObjectStoreError.damaged(path: path) }
                record = present
            }
        }
    }

    private func open(_ record: ObjectRecord) async throws -> ObjectReader {
        let path = filePath(of: record)
        return try await BlockingWork.run {
            do {
                let file = try OpenFile(path, .read)
                guard try file.size() >= record.size else { throw ObjectStoreError.damaged(path: path) }
                return ObjectReader(record: record, file: file)
            } catch ObjectStoreError.fileFailure(_, _, ENOENT) {
                throw ObjectStoreError.damaged(path: path)
            }
        }
    }

    /// Deletes an object; one that is not there is fine.
    package func delete(
        _ key: ObjectKey,
        in bucket: Bucket,
        if condition: WriteCondition = .none
    ) async throws {
        let removed = try await committer.commit { database in
            if condition != .none {
                try condition.check(ObjectRecord.find(key, in: bucket, database), key: key)
            }
            return try ObjectRecord.remove(key, in: bucket, database)
        }
        if let removed { await remove([removed]) }
    }

    /// Deletes objects in one transaction; those that are not there are fine.
    package func delete(_ keys: [ObjectKey], in bucket: Bucket) async throws {
        let removed = try await committer.commit { database in
            try keys.compactMap { try ObjectRecord.remove($0, in: bucket, database) }
        }
        await remove(removed)
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
        let id = files.newID()
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
        try await commit(copy, in: bucket, if: condition) { [files] in
            do {
                return try files.duplicate(source.file, as: id)
            } catch ObjectStoreError.fileFailure(_, _, ENOENT) {
                throw ObjectStoreError.noSuchKey(source.key)
            }
        }
        return copy
    }

    /// Changes an object's tags; its bytes and its time stay.
    package func setTags(_ tags: [String: String], of key: ObjectKey, in bucket: Bucket) async throws {
        try await committer.commit { database in
            guard let record = try ObjectRecord.find(key, in: bucket, database) else {
                throw ObjectStoreError.noSuchKey(key)
            }
            var headers = record.headers
            headers.tags = tags
            try database.execute(
                sql: "UPDATE object SET headers = ? WHERE bucket = ? AND key = ?",
                arguments: [try StoredJSON.text(headers), bucket.id, key.bytes]
            )
        }
    }
}
