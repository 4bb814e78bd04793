package import Foundation
import GRDB

/// An open multipart upload.
package struct MultipartUpload: Sendable {
    package let id: String
    package let key: ObjectKey
    package let created: Date
    package let headers: ObjectHeaders
    /// Checksum of parts and object; `nil` if the client asked for none.
    package let algorithm: ChecksumAlgorithm?
    package let form: ChecksumForm?
    /// The common file in `incoming`.
    let file: FileID
    /// Distance of two parts in the common file, once one is committed there.
    let partSize: Int?
}

/// A part that was uploaded.
package struct UploadedPart: Sendable {
    package let number: Int
    /// Bytes.
    package let size: Int
    let md5: Data
    /// Big-endian digest.
    let digest: Data?
    let algorithm: ChecksumAlgorithm?
    package let modified: Date
    /// A file of its own in `incoming`; `nil` if it is in its place in the common file.
    let file: FileID?
    /// Digests of its blocks; `nil` for a part that a Clary without them took in, and where they were not asked for.
    var blocks: BlockDigests?
    /// Which stream of the upload's cipher the bytes have, if there is one.
    var stream: UInt64?

    /// Hex MD5, without quotes.
    package var eTag: String { md5.hex }

    package var checksum: ObjectChecksum? {
        guard let digest, let algorithm else { return nil }
        return ObjectChecksum(algorithm: algorithm, form: .fullObject, value: digest.base64EncodedString())
    }
}

extension MultipartUpload {
    static let columns = "id, key, created, headers, algorithm, form, file, part_size"

    init(_ row: Row) throws {
        self.init(
            id: row[0],
            key: ObjectKey(stored: row[1]),
            created: Date(milliseconds: row[2]),
            headers: try StoredJSON.value(ObjectHeaders.self, row[3]),
            algorithm: (row[4] as String?).flatMap(ChecksumAlgorithm.init),
            form: (row[5] as String?).flatMap(ChecksumForm.init),
            file: FileID(number: row[6]),
            partSize: row[7]
        )
    }

    /// The upload of an id.
    ///
    /// - Throws: `ObjectStoreError.noSuchUpload` also if it is for another key.
    static func find(
        _ id: String,
        key: ObjectKey,
        in bucket: Bucket,
        _ database: Database
    ) throws -> MultipartUpload {
        let statement = try database.cachedStatement(
            sql: "SELECT \(columns) FROM upload WHERE id = ? AND bucket = ? AND key = ?"
        )
        guard let row = try Row.fetchOne(statement, arguments: [id, bucket.id, key.bytes]) else {
            throw ObjectStoreError.noSuchUpload(id)
        }
        return try MultipartUpload(row)
    }

    func insert(in bucket: Bucket, _ database: Database) throws {
        guard try bucket.exists(database) else { throw ObjectStoreError.noSuchBucket(bucket.name) }
        try database.execute(
            sql: "INSERT INTO upload (\(Self.columns), bucket) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                id, key.bytes, created.milliseconds, try StoredJSON.text(headers), algorithm?.rawValue,
                form?.rawValue, file.number, partSize, bucket.id,
            ]
        )
    }

    /// Ends the upload in the index.
    ///
    /// - Returns: Its files in `incoming`.
    func remove(_ database: Database) throws -> [FileID] {
        let files = try Int64.fetchAll(
            database,
            sql: "SELECT file FROM part WHERE upload = ? AND file IS NOT NULL",
            arguments: [id]
        )
        try database.execute(sql: "DELETE FROM upload WHERE id = ?", arguments: [id])
        if database.changesCount == 0 { throw ObjectStoreError.noSuchUpload(id) }
        return files.map(FileID.init) + [file]
    }

    /// Ends every upload of a bucket.
    static func removeAll(in bucket: Bucket, _ database: Database) throws -> [FileID] {
        try Row.fetchAll(
            database,
            sql: "SELECT \(columns) FROM upload WHERE bucket = ?",
            arguments: [bucket.id]
        ).flatMap { try MultipartUpload($0).remove(database) }
    }

    /// Uploads of a bucket by key and id, whose keys begin with `prefix`.
    ///
    /// Only those of keys after `key` are given, and of `key` itself those after `id` if there is one.
    static func fetch(
        in bucket: Bucket,
        prefix: Data,
        after key: String?,
        _ id: String?,
        _ database: Database
    ) throws -> [MultipartUpload] {
        let marker = Data((key ?? "").utf8)
        return try Row.fetchAll(
            database,
            sql: """
                SELECT \(columns) FROM upload
                WHERE bucket = ? AND key >= ? AND substr(key, 1, ?) = ? AND (key > ? OR (key = ? AND id > ?))
                ORDER BY key, id
                """,
            // No id comes after "~": ids are letters and digits.
            arguments: [bucket.id, prefix, prefix.count, prefix, marker, marker, id ?? "~"]
        ).map(MultipartUpload.init)
    }
}

extension UploadedPart {
    private static let columns = "number, size, md5, checksum, algorithm, modified, file, blocks, stream"

    private init(_ row: Row) {
        self.init(
            number: row[0],
            size: row[1],
            md5: row[2],
            digest: row[3],
            algorithm: (row[4] as String?).flatMap(ChecksumAlgorithm.init),
            modified: Date(milliseconds: row[5]),
            file: (row[6] as Int64?).map(FileID.init),
            blocks: (row[7] as Data?).map(BlockDigests.init),
            stream: (row[8] as Int64?).map(UInt64.init(bitPattern:))
        )
    }

    /// Parts of an upload by number, from the one after `number` on.
    static func fetch(
        of upload: MultipartUpload,
        after number: Int = 0,
        limit: Int = .max,
        _ database: Database
    ) throws -> [UploadedPart] {
        try Row.fetchAll(
            database.cachedStatement(
                sql: "SELECT \(columns) FROM part WHERE upload = ? AND number > ? ORDER BY number LIMIT ?"
            ),
            arguments: [upload.id, number, limit]
        ).map(UploadedPart.init)
    }

    /// Puts the part in the place of an earlier one with its number.
    ///
    /// - Parameters:
    ///   - upload: Which the part belongs to.
    ///   - partSize: Distance of two parts, if the part is in its place in the common file.
    ///   - database: In a transaction.
    /// - Returns: The file of the earlier part.
    /// - Throws: `ObjectStoreError.noSuchUpload` if the upload is over.
    func write(to upload: MultipartUpload, partSize: Int?, _ database: Database) throws -> FileID? {
        let exists = try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM upload WHERE id = ?)"),
            arguments: [upload.id]
        )
        guard exists == true else { throw ObjectStoreError.noSuchUpload(upload.id) }
        let earlier = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT file FROM part WHERE upload = ? AND number = ?"),
            arguments: [upload.id, number]
        )
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO part (\(Self.columns), upload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            number, size, md5, digest, algorithm?.rawValue, modified.milliseconds, file?.number,
            blocks?.stored, stream.map(Int64.init(bitPattern:)), upload.id,
        ])
        if let partSize {
            try database.cachedStatement(sql: "UPDATE upload SET part_size = ? WHERE id = ?")
                .execute(arguments: [partSize, upload.id])
        }
        return earlier.map(FileID.init)
    }
}
