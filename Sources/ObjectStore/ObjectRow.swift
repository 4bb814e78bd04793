import Foundation
import GRDB

/// How a record stands in the index.
///
/// The table `object` has the latest version of each key that has an object, and nothing else, so that listings never
/// skip anything. All other versions, and every delete marker, are in `version`.
extension ObjectRecord {
    /// Columns of a listing, in the order `init(listed:)` reads them.
    static let listedColumns = "key, file, size, etag, modified, checksum, storage_class"
    private static let allColumns = "\(listedColumns), headers, parts, version, seq"
    /// What both tables have, in the order of an insertion.
    private static let storedColumns =
        "bucket, key, seq, version, file, size, etag, modified, checksum, storage_class, headers, parts"

    /// A row of `listedColumns`.
    init(listed row: Row, bucket: Bucket) throws {
        var headers = ObjectHeaders()
        let listed: String? = row["storage_class"]
        let isMarked = listed?.hasSuffix(Self.encryptedMark) ?? false
        let storageClass = isMarked ? listed.map { String($0.dropLast()) } : listed
        headers.storageClass = storageClass?.isEmpty == true ? nil : storageClass
        self.init(row, bucket: bucket, headers: headers, parts: nil, checksum: try Self.checksum(row))
        isListedAsEncrypted = isMarked
    }

    /// Stands behind the storage class of what is encrypted with a key of a client's: listings do not read the headers.
    private static let encryptedMark = "*"

    private var listedClass: String? {
        isEncrypted ? (headers.storageClass ?? "") + Self.encryptedMark : headers.storageClass
    }

    /// A row of `allColumns`.
    private init(whole row: Row, bucket: Bucket) throws {
        self.init(
            row,
            bucket: bucket,
            headers: try StoredJSON.value(ObjectHeaders.self, row["headers"]),
            parts: try (row["parts"] as String?).map { try StoredJSON.value(PartSizes.self, $0) },
            checksum: try Self.checksum(row)
        )
        version = VersionID(stored: row["version"])
    }

    /// The latest object of a key.
    static func find(_ key: ObjectKey, in bucket: Bucket, _ database: Database) throws -> ObjectRecord? {
        try Present.find(key, in: bucket, database)?.record
    }

    /// What a key's latest version is, or a named one.
    static func find(
        _ key: ObjectKey,
        version: VersionID?,
        in bucket: Bucket,
        _ database: Database
    ) throws -> VersionEntry? {
        if let present = try Present.find(key, in: bucket, database),
            version == nil || version == present.record.version
        {
            return .object(present.record)
        }
        return try Past.find(key, version: version, in: bucket, database)?.entry
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

    /// The row of the latest object.
    private struct Present {
        let record: ObjectRecord
        let sequence: Int

        static func find(_ key: ObjectKey, in bucket: Bucket, _ database: Database) throws -> Present? {
            let statement = try database.cachedStatement(
                sql: "SELECT \(allColumns) FROM object WHERE bucket = ? AND key = ?"
            )
            guard let row = try Row.fetchOne(statement, arguments: [bucket.id, key.bytes]) else { return nil }
            return Present(record: try ObjectRecord(whole: row, bucket: bucket), sequence: row["seq"])
        }

        /// Moves the row to the other versions.
        func archive(at moment: Date, in bucket: Bucket, _ database: Database) throws {
            try database.cachedStatement(
                sql: """
                    INSERT INTO version (\(storedColumns), marker, replaced)
                    SELECT \(storedColumns), 0, ? FROM object WHERE bucket = ? AND key = ?
                    """
            ).execute(arguments: [moment.milliseconds, bucket.id, record.key.bytes])
            try remove(in: bucket, database)
        }

        func remove(in bucket: Bucket, _ database: Database) throws {
            try database.cachedStatement(sql: "DELETE FROM object WHERE bucket = ? AND key = ?")
                .execute(arguments: [bucket.id, record.key.bytes])
        }
    }

    /// A row of the other versions.
    private struct Past {
        let entry: VersionEntry
        let sequence: Int

        /// The named version, or the newest of those that are not the latest object.
        static func find(
            _ key: ObjectKey,
            version: VersionID?,
            in bucket: Bucket,
            _ database: Database
        ) throws -> Past? {
            let statement = try database.cachedStatement(
                sql: """
                    SELECT \(allColumns), marker FROM version
                    WHERE bucket = ? AND key = ? AND (?3 IS NULL OR version = ?3) ORDER BY seq DESC LIMIT 1
                    """
            )
            guard
                let row = try Row.fetchOne(
                    statement,
                    arguments: [bucket.id, key.bytes, version?.description]
                )
            else { return nil }
            let sequence: Int = row["seq"]
            guard row["marker"] == 1 else {
                var record = try ObjectRecord(whole: row, bucket: bucket)
                record.isLatest = false
                return Past(entry: .object(record), sequence: sequence)
            }
            let newest = try newestSequence(key, in: bucket, database)
            let marker = DeleteMarker(
                key: key,
                version: VersionID(stored: row["version"]),
                modified: Date(milliseconds: row["modified"]),
                isLatest: newest == sequence
            )
            return Past(entry: .deleteMarker(marker), sequence: sequence)
        }

        func remove(in bucket: Bucket, _ database: Database) throws {
            try database.cachedStatement(sql: "DELETE FROM version WHERE bucket = ? AND key = ? AND seq = ?")
                .execute(arguments: [bucket.id, entry.key.bytes, sequence])
        }
    }

    /// The place of a key's newest version, of either table; 0 if it has none.
    private static func newestSequence(
        _ key: ObjectKey,
        in bucket: Bucket,
        _ database: Database
    ) throws -> Int {
        try Int.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT max(
                        coalesce((SELECT seq FROM object WHERE bucket = ?1 AND key = ?2), 0),
                        coalesce((SELECT max(seq) FROM version WHERE bucket = ?1 AND key = ?2), 0))
                    """
            ),
            arguments: [bucket.id, key.bytes]
        ) ?? 0
    }

    // MARK: Writing

    /// Puts this record in the place of the key's present one, or before it, as the bucket's versioning says.
    ///
    /// Replaced files are marked for removal in the same transaction.
    ///
    /// - Parameters:
    ///   - bucket: Where.
    ///   - condition: What must hold for the object that is replaced.
    ///   - blocks: Digests of the file.
    ///   - database: In a transaction.
    /// - Returns: The record as it was written, and the replaced files.
    /// - Throws: `ObjectStoreError` if the bucket is gone or `condition` does not hold.
    func write(
        in bucket: Bucket,
        if condition: WriteCondition,
        blocks: BlockDigests?,
        _ database: Database
    ) throws -> (ObjectRecord, [FileID]) {
        let versioning = try bucket.presentVersioning(database)
        let present = try Present.find(key, in: bucket, database)
        try condition.check(present?.record, key: key)
        var written = self
        written.isLatest = true
        var dropped: [FileID] = []
        var sequence = present?.sequence ?? 0
        switch versioning {
        case .off:
            written.version = .null
            if let present { dropped.append(present.record.file) }
        case .enabled:
            sequence = try Self.newestSequence(key, in: bucket, database) + 1
            written.version = .new(sequence: sequence)
            try present?.archive(at: modified, in: bucket, database)
        case .suspended:
            sequence = try Self.newestSequence(key, in: bucket, database) + 1
            written.version = .null
            dropped += try Self.dropNull(key, present, at: modified, in: bucket, database)
        }
        dropped.removeAll { $0 == file }
        try written.insert(sequence: sequence, in: bucket, database)
        if let blocks {
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO digest (file, blocks) VALUES (?, ?)")
                .execute(arguments: [file.number, blocks.stored])
        }
        for file in dropped { try file.markRemoved(database) }
        return (written, dropped)
    }

    private func insert(sequence: Int, in bucket: Bucket, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO object (\(Self.storedColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            bucket.id, key.bytes, sequence, version.description, file.number, size,
            eTag, modified.milliseconds, checksum?.stored, listedClass,
            try StoredJSON.text(headers), try parts.map(StoredJSON.text),
        ])
    }

    /// Makes room for another `null` version: the one that there is goes, what else is the latest is kept.
    ///
    /// - Returns: Files that have no name any more.
    private static func dropNull(
        _ key: ObjectKey,
        _ present: Present?,
        at moment: Date,
        in bucket: Bucket,
        _ database: Database
    ) throws -> [FileID] {
        var dropped: [FileID] = []
        if let present, present.record.version == .null {
            dropped.append(present.record.file)
            try present.remove(in: bucket, database)
        } else {
            try present?.archive(at: moment, in: bucket, database)
            if let past = try Past.find(key, version: .null, in: bucket, database) {
                if case .object(let record) = past.entry { dropped.append(record.file) }
                try past.remove(in: bucket, database)
            }
        }
        return dropped
    }

    // MARK: Deleting

    /// Deletes as S3 does without a version: for good in a bucket without versioning, else behind a delete marker.
    ///
    /// - Returns: What was done, and the files that have no name any more.
    static func delete(
        _ deletion: Deletion,
        in bucket: Bucket,
        now: Date,
        _ database: Database
    ) throws -> (DeletionOutcome, [FileID]) {
        if let version = deletion.version {
            return try delete(version, deletion, in: bucket, now: now, database)
        }
        let versioning = try bucket.presentVersioning(database)
        let key = deletion.key
        let present = try Present.find(key, in: bucket, database)
        try deletion.check(present?.record)
        if present == nil, deletion.isConditional {
            guard try Past.find(key, version: nil, in: bucket, database) != nil else {
                return (DeletionOutcome(), [])
            }
            try deletion.checkMarker()
        }
        guard versioning != .off else {
            guard let present else { return (DeletionOutcome(), []) }
            try present.remove(in: bucket, database)
            try present.record.file.markRemoved(database)
            return (DeletionOutcome(), [present.record.file])
        }
        let sequence = try newestSequence(key, in: bucket, database) + 1
        var dropped: [FileID] = []
        let version: VersionID
        if versioning == .enabled {
            version = .new(sequence: sequence)
            try present?.archive(at: now, in: bucket, database)
        } else {
            version = .null
            dropped = try dropNull(key, present, at: now, in: bucket, database)
        }
        try database.cachedStatement(
            sql: """
                INSERT INTO version (\(storedColumns), marker, replaced)
                VALUES (?, ?, ?, ?, 0, 0, '', ?, NULL, NULL, '{"metadata":{},"tags":{}}', NULL, 1, NULL)
                """
        ).execute(arguments: [
            bucket.id, key.bytes, sequence, version.description, now.milliseconds,
        ])
        for file in dropped { try file.markRemoved(database) }
        return (DeletionOutcome(version: version, isMarker: true), dropped)
    }

    /// Deletes one version for good.
    private static func delete(
        _ version: VersionID,
        _ deletion: Deletion,
        in bucket: Bucket,
        now: Date,
        _ database: Database
    ) throws -> (DeletionOutcome, [FileID]) {
        let key = deletion.key
        var dropped: [FileID] = []
        var outcome = DeletionOutcome(version: version, isMarker: false)
        if let present = try Present.find(key, in: bucket, database), present.record.version == version {
            try deletion.check(present.record)
            try deletion.checkLock(of: present.record, now: now)
            try present.remove(in: bucket, database)
            dropped.append(present.record.file)
        } else if let past = try Past.find(key, version: version, in: bucket, database) {
            switch past.entry {
            case .object(let record):
                try deletion.check(record)
                try deletion.checkLock(of: record, now: now)
                dropped.append(record.file)
            case .deleteMarker:
                try deletion.checkMarker()
                outcome.isMarker = true
            }
            try past.remove(in: bucket, database)
        } else {
            return (outcome, [])
        }
        try promote(key, in: bucket, database)
        for file in dropped { try file.markRemoved(database) }
        return (outcome, dropped)
    }

    /// Makes the newest version that is left the latest object, unless there is one or it is a delete marker.
    private static func promote(_ key: ObjectKey, in bucket: Bucket, _ database: Database) throws {
        guard try Present.find(key, in: bucket, database) == nil,
            let past = try Past.find(key, version: nil, in: bucket, database),
            case .object = past.entry
        else { return }
        try database.cachedStatement(
            sql: """
                INSERT INTO object (\(storedColumns))
                SELECT \(storedColumns) FROM version WHERE bucket = ? AND key = ? AND seq = ?
                """
        ).execute(arguments: [bucket.id, key.bytes, past.sequence])
        try past.remove(in: bucket, database)
    }

    // MARK: Changing

    /// Changes what is stored beside the bytes of a version.
    ///
    /// - Returns: The record before.
    /// - Throws: What `change` throws, or `ObjectStoreError` if there is no such object.
    static func change(
        _ key: ObjectKey,
        version: VersionID?,
        in bucket: Bucket,
        _ database: Database,
        _ change: (inout ObjectHeaders) throws -> Void
    ) throws -> ObjectRecord {
        let record = try find(key, version: version, in: bucket, database).object(key, version)
        var headers = record.headers
        try change(&headers)
        let table = record.isLatest ? "object" : "version"
        try database.execute(
            sql: "UPDATE \(table) SET headers = ? WHERE bucket = ? AND key = ? AND version = ?",
            arguments: [try StoredJSON.text(headers), bucket.id, key.bytes, record.version.description]
        )
        return record
    }
}
