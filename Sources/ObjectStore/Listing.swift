import Foundation
import GRDB
package import Resources

/// What to list of a bucket.
package struct ListQuery: Sendable {
    /// Keys that begin with this, byte by byte.
    package var prefix = ""
    /// Keys that share what comes between the prefix and the next delimiter are one entry.
    package var delimiter: String?
    /// Only entries after this key or common prefix.
    package var startAfter: String?
    /// Entries at most.
    package var limit = 1000

    package init(prefix: String = "", delimiter: String? = nil, startAfter: String? = nil, limit: Int = 1000)
    {
        self.prefix = prefix
        self.delimiter = delimiter
        self.startAfter = startAfter
        self.limit = limit
    }
}

/// Entries of a bucket in the order of their UTF-8.
package struct ListPage: Sendable {
    /// Without headers and part sizes.
    package var objects: [ObjectRecord] = []
    package var commonPrefixes: [String] = []
    /// The last entry of this page, to start the next one after; `nil` if this is the last page.
    package var next: String?
}

extension ObjectStore {
    /// A page of a bucket, straight from the index: its cost is that of the entries listed, not of the keys skipped.
    package func list(_ bucket: Bucket, _ query: ListQuery) async throws -> ListPage {
        try await index.read { try Listing(bucket: bucket, query: query).page($0) }
    }

    /// Every object below a location, with what a job on this machine needs to read it without a copy.
    ///
    /// - Parameters:
    ///   - location: Bucket and key prefix; the prefix is taken as text, as `S3Prefix` data sources do.
    ///   - most: Stops after so many.
    /// - Returns: In the order of the keys.
    /// - Throws: `ObjectStoreError.noSuchBucket`.
    package func objects(
        under location: S3Location,
        atMost most: Int = .max
    ) async throws -> [NearObject] {
        let bucket = try bucket(location.bucket)
        var query = ListQuery(prefix: location.key, limit: min(most, 10_000))
        var objects: [NearObject] = []
        repeat {
            let page = try await list(bucket, query)
            objects += page.objects.map { record in
                NearObject(
                    location: S3Location(bucket: bucket.name, key: record.key.description),
                    size: record.size,
                    eTag: record.eTag,
                    path: record.isEncrypted ? nil : filePath(of: record)
                )
            }
            query.startAfter = page.next
        } while query.startAfter != nil && objects.count < most
        return objects
    }
}

/// An object whose bytes can be read, or hard-linked, as a file.
package struct NearObject: Sendable, Hashable {
    package let location: S3Location
    /// Bytes.
    package let size: Int
    package let eTag: String
    /// The immutable file; `nil` if it is of no use without a key of a client's.
    ///
    /// Overwriting or deleting the object removes it, so link or open it early.
    package let path: String?
}

/// A walk over the keys of a bucket.
struct Listing {
    let bucket: Bucket
    let query: ListQuery

    func page(_ database: Database) throws -> ListPage {
        var page = ListPage()
        guard query.limit > 0 else { return page }
        let prefix = Data(query.prefix.utf8)
        let end = Self.successor(of: prefix)
        var position = start(prefix)
        var last: String?
        var count = 0
        // Keys come in runs of objects; a common prefix ends a run and the walk goes on behind everything below it.
        walk: while true {
            let rows = try fetch(from: position, to: end, limit: query.limit - count + 1, database)
            var skipped: Data?
            while let row = try rows.next() {
                let key: Data = row[0]
                if count == query.limit {
                    page.next = last
                    break walk
                }
                count += 1
                if let common = commonPrefix(of: key, after: prefix.count) {
                    let text = String(decoding: common, as: UTF8.self)
                    page.commonPrefixes.append(text)
                    last = text
                    skipped = Self.successor(of: common)
                    break
                }
                let record = try ObjectRecord(listed: row, bucket: bucket)
                page.objects.append(record)
                last = record.key.description
            }
            guard let skipped else { break }
            position = skipped
        }
        return page
    }

    /// The first key that may be listed.
    private func start(_ prefix: Data) -> Data {
        guard let marker = query.startAfter.map({ Data($0.utf8) }) else { return prefix }
        // After a common prefix come the keys behind all that it stands for.
        if marker.starts(with: prefix), commonPrefix(of: marker, after: prefix.count) == marker,
            let behind = Self.successor(of: marker)
        {
            return behind
        }
        let next = marker + [0]
        return prefix.lexicographicallyPrecedes(next) ? next : prefix
    }

    private func fetch(from: Data, to end: Data?, limit: Int, _ database: Database) throws -> RowCursor {
        let bound = end == nil ? "" : "AND key < ?"
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(ObjectRecord.listedColumns) FROM object
                WHERE bucket = ? AND key >= ? \(bound) ORDER BY key LIMIT ?
                """
        )
        let arguments: [(any DatabaseValueConvertible)?] =
            [bucket.id, from] + (end.map { [$0] } ?? []) + [limit]
        return try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
    }

    private func commonPrefix(of key: Data, after start: Int) -> Data? {
        Self.commonPrefix(of: key, after: start, query.delimiter)
    }

    /// What the key shares with others up to and with the delimiter.
    static func commonPrefix(of key: Data, after start: Int, _ delimiter: String?) -> Data? {
        guard let delimiter, !delimiter.isEmpty,
            let range = key.dropFirst(start).firstRange(of: Data(delimiter.utf8))
        else { return nil }
        return key.prefix(upTo: range.upperBound)
    }

    /// The first bytes behind everything that begins with `prefix`; `nil` if nothing can be behind it.
    static func successor(of prefix: Data) -> Data? {
        guard let last = prefix.lastIndex(where: { $0 < 0xFF }) else { return nil }
        return prefix.prefix(upTo: last) + [prefix[last] + 1]
    }
}
