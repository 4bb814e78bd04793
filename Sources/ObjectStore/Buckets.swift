import Foundation
import GRDB
package import Resources
import Synchronization

extension ObjectStore {
    /// The bucket of a name, whoever owns it.
    package func bucket(_ name: String) throws(ObjectStoreError) -> Bucket {
        guard let bucket = buckets.withLock({ $0[name] }) else { throw .noSuchBucket(name) }
        return bucket
    }

    /// The buckets of an account in the order of their names.
    package func buckets(of account: AccountID) -> [Bucket] {
        buckets.withLock { $0.values.filter { $0.account == account } }.sorted { $0.name < $1.name }
    }

    /// Every bucket, in the order of their names.
    package var allBuckets: [Bucket] { buckets.withLock { Array($0.values) }.sorted { $0.name < $1.name } }

    /// Makes a bucket.
    ///
    /// - Parameters:
    ///   - name: Unique in the store.
    ///   - scope: Whose it is, and where.
    ///   - versioning: Whether it keeps versions from the start.
    ///   - settings: Documents by the names of their sub-resources.
    /// - Returns: The bucket.
    /// - Throws: `ObjectStoreError.invalidBucketName`, or `.bucketExists` with the bucket that has the name.
    package func createBucket(
        _ name: String,
        in scope: Scope,
        versioning: Bucket.Versioning = .off,
        settings: [String: String] = [:]
    ) async throws -> Bucket {
        guard Bucket.isLegalName(name) else { throw ObjectStoreError.invalidBucketName(name) }
        let created = Date(milliseconds: now().milliseconds)
        let bucket = try await committer.commit { database in
            if let taken = try Bucket.all(database)[name] { throw ObjectStoreError.bucketExists(taken) }
            try database.execute(
                sql: "INSERT INTO bucket (name, account, region, created, versioning) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    name, scope.account.description, scope.region.description, created.milliseconds,
                    versioning.rawValue,
                ]
            )
            let id = database.lastInsertedRowID
            for (setting, value) in settings { try Bucket.set(setting, to: value, of: id, database) }
            return Bucket(
                id: id,
                name: name,
                account: scope.account,
                region: scope.region,
                created: created,
                versioning: versioning,
                settings: settings
            )
        }
        buckets.withLock { $0[name] = bucket }
        return bucket
    }

    /// Removes an empty bucket, and its open multipart uploads with it.
    ///
    /// - Throws: `ObjectStoreError.bucketNotEmpty` while it holds an object.
    package func delete(_ bucket: Bucket) async throws {
        let leftovers = try await committer.commit { database in
            let isUsed = try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM object WHERE bucket = ?1)
                        OR EXISTS (SELECT 1 FROM version WHERE bucket = ?1)
                    """,
                arguments: [bucket.id]
            )
            if isUsed == true { throw ObjectStoreError.bucketNotEmpty(bucket.name) }
            let leftovers = try MultipartUpload.removeAll(in: bucket, database)
            try database.execute(sql: "DELETE FROM setting WHERE bucket = ?", arguments: [bucket.id])
            try database.execute(sql: "DELETE FROM bucket WHERE id = ?", arguments: [bucket.id])
            if database.changesCount == 0 { throw ObjectStoreError.noSuchBucket(bucket.name) }
            return leftovers
        }
        buckets.withLock { buckets in
            if buckets[bucket.name]?.id == bucket.id { buckets[bucket.name] = nil }
        }
        await removeIncoming(leftovers)
    }

    /// Changes one of a bucket's settings.
    ///
    /// - Parameters:
    ///   - setting: Name of its sub-resource.
    ///   - value: The document; `nil` removes it.
    ///   - bucket: Whose.
    ///   - versioning: Changed in the same step, if given.
    /// - Throws: `ObjectStoreError.noSuchBucket`.
    package func set(
        _ setting: String,
        to value: String?,
        of bucket: Bucket,
        versioning: Bucket.Versioning? = nil
    ) async throws {
        try await committer.commit { database in
            guard try bucket.exists(database) else { throw ObjectStoreError.noSuchBucket(bucket.name) }
            try Bucket.set(setting, to: value, of: bucket.id, database)
            guard let versioning else { return }
            try database.execute(
                sql: "UPDATE bucket SET versioning = ? WHERE id = ?",
                arguments: [versioning.rawValue, bucket.id]
            )
        }
        // What is read now is not older than what was written, whoever else writes.
        let present = try await index.read(Bucket.all)
        buckets.withLock { buckets in
            if let changed = present[bucket.name], buckets[bucket.name]?.id == changed.id {
                buckets[bucket.name] = changed
            }
        }
    }

    /// Switches versioning.
    ///
    /// - Throws: `ObjectStoreError.noSuchBucket`.
    package func setVersioning(_ versioning: Bucket.Versioning, of bucket: Bucket) async throws {
        try await set("versioning", to: versioning.rawValue, of: bucket, versioning: versioning)
    }
}

extension Bucket {
    /// Every bucket by its name.
    static func all(_ database: Database) throws -> [String: Bucket] {
        var settings: [Int64: [String: String]] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT bucket, name, value FROM setting") {
            settings[row[0], default: [:]][row[1]] = row[2]
        }
        let columns = "id, name, account, region, created, versioning"
        return try Row.fetchAll(database, sql: "SELECT \(columns) FROM bucket")
            .reduce(into: [:]) { buckets, row in
                guard let account = AccountID(row[2]), let region = Region(row[3]) else {
                    throw DatabaseError(message: "the bucket \(row[1] as String) has no legal owner")
                }
                buckets[row[1]] = Bucket(
                    id: row[0],
                    name: row[1],
                    account: account,
                    region: region,
                    created: Date(milliseconds: row[4]),
                    versioning: Versioning(rawValue: row[5]) ?? .off,
                    settings: settings[row[0]] ?? [:]
                )
            }
    }

    static func set(_ setting: String, to value: String?, of bucket: Int64, _ database: Database) throws {
        if let value {
            try database.execute(
                sql: "INSERT OR REPLACE INTO setting (bucket, name, value) VALUES (?, ?, ?)",
                arguments: [bucket, setting, value]
            )
        } else {
            try database.execute(
                sql: "DELETE FROM setting WHERE bucket = ? AND name = ?",
                arguments: [bucket, setting]
            )
        }
    }

    func exists(_ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM bucket WHERE id = ?)"),
            arguments: [id]
        )
            ?? false
    }

    /// As the index says now: this value may be older.
    ///
    /// - Throws: `ObjectStoreError.noSuchBucket`.
    func presentVersioning(_ database: Database) throws -> Versioning {
        let text = try String.fetchOne(
            database.cachedStatement(sql: "SELECT versioning FROM bucket WHERE id = ?"),
            arguments: [id]
        )
        guard let text else { throw ObjectStoreError.noSuchBucket(name) }
        return Versioning(rawValue: text) ?? .off
    }
}
