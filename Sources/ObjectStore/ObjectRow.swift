import Foundation
import GRDB

/// How a record stands in the index.
extension ObjectRecord {
    /// Columns of a listing, in the order `init(listed:)` reads them.
    static let listedColumns = "key, file, size, etag, modified, checksum, storage_class"

    /// A row of `listedColumns`.
    init(listed row: Row, bucket: Bucket) throws {
        var headers = ObjectHeaders()
        headers.storageClass = row["storage_class"]
        self.init(row, bucket: bucket, headers: headers, parts: nil, checksum: try Self.checksum(row))
    }

    /// The object of a key.
    static func find(_ key: ObjectKey, in bucket: Bucket, _ database: Database) throws -> ObjectRecord? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(listedColumns), headers, parts FROM object WHERE bucket = ? AND key = ?"
        )
        guard let row = try Row.fetchOne(statement, arguments: [bucket.id, key.bytes]) else { return nil }
        return ObjectRecord(
            row,
            bucket: bucket,
            headers: try StoredJSON.value(ObjectHeaders.self, row["headers"]),
            parts: try (row["parts"] as String?).map { try StoredJSON.value(PartSizes.self, $0) },
            checksum: try checksum(row)
        )
    }

    private init(
        _ row: Row,
        bucket: Bucket,
        headers: ObjectHeaders,
        parts: PartSizes?,
        checksum: ObjectChecksum?
    ) {
        self.init(
            bucket: bucket.name,
            key: ObjectKey(stored: row[0]),
            size: row[2],
            eTag: row[3],
            modified: Date(milliseconds: row[4]),
            file: FileID(number: row[1]),
            checksum: checksum,
            headers: headers,
            parts: parts
        )
    }

    private static func checksum(_ row: Row) throws -> ObjectChecksum? {
        try (row[5] as String?).map { text in
            guard let checksum = ObjectChecksum(stored: text) else {
                throw DatabaseError(message: "'\(text)' is not a checksum")
            }
            return checksum
        }
    }

    /// Puts this record in the place of the key's present one.
    ///
    /// The replaced file is marked for removal in the same transaction.
    ///
    /// - Returns: The replaced file.
    /// - Throws: `ObjectStoreError` if the bucket is gone or `condition` does not hold.
    func write(in bucket: Bucket, if condition: WriteCondition, _ database: Database) throws -> FileID? {
        guard try bucket.exists(database) else { throw ObjectStoreError.noSuchBucket(bucket.name) }
        let current = try ObjectRecord.find(key, in: bucket, database)
        try condition.check(current, key: key)
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO object
                    (bucket, key, file, size, etag, modified, checksum, storage_class, headers, parts)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            bucket.id, key.bytes, file.number, size, eTag, modified.milliseconds,
            checksum?.stored, headers.storageClass, try StoredJSON.text(headers),
            try parts.map(StoredJSON.text),
        ])
        guard let current, current.file != file else { return nil }
        try current.file.markRemoved(database)
        return current.file
    }

    /// Takes the key out of the index.
    ///
    /// - Returns: The file that has no name any more; `nil` if there was no object.
    static func remove(_ key: ObjectKey, in bucket: Bucket, _ database: Database) throws -> FileID? {
        guard let current = try find(key, in: bucket, database) else { return nil }
        try database.cachedStatement(sql: "DELETE FROM object WHERE bucket = ? AND key = ?")
            .execute(arguments: [bucket.id, key.bytes])
        try current.file.markRemoved(database)
        return current.file
    }
}

extension Bucket {
    func exists(_ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM bucket WHERE id = ?)"),
            arguments: [id]
        )
            ?? false
    }
}

extension FileID {
    /// Notes that the file must go: should the process die before it does, the next start removes it.
    fileprivate func markRemoved(_ database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR IGNORE INTO garbage (file) VALUES (?)")
            .execute(arguments: [number])
    }
}
