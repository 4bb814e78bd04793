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

    /// Makes a bucket.
    ///
    /// - Throws: `ObjectStoreError.invalidBucketName`, or `.bucketExists` with the bucket that has the name.
    package func createBucket(_ name: String, in scope: Scope) async throws -> Bucket {
        guard Bucket.isLegalName(name) else { throw ObjectStoreError.invalidBucketName(name) }
        let created = Date(milliseconds: now().milliseconds)
        let bucket = try await committer.commit { database in
            if let taken = try Bucket.all(database)[name] { throw ObjectStoreError.bucketExists(taken) }
            try database.execute(
                sql: "INSERT INTO bucket (name, account, region, created) VALUES (?, ?, ?, ?)",
                arguments: [name, scope.account.description, scope.region.description, created.milliseconds]
            )
            return Bucket(
                id: database.lastInsertedRowID,
                name: name,
                account: scope.account,
                region: scope.region,
                created: created
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
                sql: "SELECT EXISTS (SELECT 1 FROM object WHERE bucket = ?)",
                arguments: [bucket.id]
            )
            if isUsed == true { throw ObjectStoreError.bucketNotEmpty(bucket.name) }
            let leftovers = try MultipartUpload.removeAll(in: bucket, database)
            try database.execute(sql: "DELETE FROM bucket WHERE id = ?", arguments: [bucket.id])
            if database.changesCount == 0 { throw ObjectStoreError.noSuchBucket(bucket.name) }
            return leftovers
        }
        buckets.withLock { buckets in
            if buckets[bucket.name]?.id == bucket.id { buckets[bucket.name] = nil }
        }
        await removeIncoming(leftovers)
    }
}

extension Bucket {
    /// Every bucket by its name.
    static func all(_ database: Database) throws -> [String: Bucket] {
        try Row.fetchAll(database, sql: "SELECT id, name, account, region, created FROM bucket")
            .reduce(into: [:]) { buckets, row in
                guard let account = AccountID(row[2]), let region = Region(row[3]) else {
                    throw DatabaseError(message: "the bucket \(row[1] as String) has no legal owner")
                }
                buckets[row[1]] = Bucket(
                    id: row[0],
                    name: row[1],
                    account: account,
                    region: region,
                    created: Date(milliseconds: row[4])
                )
            }
    }
}
