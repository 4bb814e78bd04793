package import Foundation
import GRDB

/// A page of all versions of a bucket: by key, and of each key the newest first.
package struct VersionPage: Sendable {
    package var entries: [VersionEntry] = []
    package var commonPrefixes: [String] = []
    /// The last entry of this page, to start the next one after; `nil` if this is the last page.
    ///
    /// A common prefix has no version.
    package var next: (key: String, version: String?)?
}

extension ObjectStore {
    /// Versions and delete markers.
    ///
    /// - Parameters:
    ///   - bucket: Whose.
    ///   - query: As for objects; `startAfter` is the key marker.
    ///   - version: With a key marker: of that key, only what is older than this version. Without it none of that key.
    /// - Returns: A page.
    /// - Throws: An error of the index.
    package func versions(
        of bucket: Bucket,
        _ query: ListQuery,
        after version: VersionID? = nil
    ) async throws -> VersionPage {
        try await index.read { try VersionListing(bucket: bucket, query: query, version: version).page($0) }
    }

    /// Versions that have been replaced, with when: what a lifecycle looks at.
    ///
    /// - Parameters:
    ///   - bucket: Whose.
    ///   - prefix: Keys that begin with this.
    ///   - moment: Replaced before this.
    /// - Returns: Newest first for each key; how many newer ones of the key there are that were replaced too.
    /// - Throws: An error of the index.
    package func replacedVersions(
        of bucket: Bucket,
        prefix: String,
        before moment: Date
    ) async throws -> [(record: ObjectRecord, newer: Int)] {
        let start = Data(prefix.utf8)
        return try await index.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT key, version, replaced, marker FROM version
                    WHERE bucket = ? AND key >= ? AND substr(key, 1, ?) = ? ORDER BY key, seq DESC
                    """,
                arguments: [bucket.id, start, start.count, start]
            )
            var found: [(ObjectRecord, Int)] = []
            var (last, newer) = (Data(), 0)
            for row in rows {
                let key: Data = row[0]
                if key != last { (last, newer) = (key, 0) }
                guard row["marker"] == 0 else { continue }
                defer { newer += 1 }
                guard let replaced = row["replaced"] as Int64?, replaced < moment.milliseconds,
                    case .object(let record)? = try ObjectRecord.find(
                        ObjectKey(stored: key),
                        version: VersionID(stored: row[1]),
                        in: bucket,
                        database
                    )
                else { continue }
                found.append((record, newer))
            }
            return found
        }
    }

    /// Delete markers that are all that is left of their keys.
    package func loneMarkers(of bucket: Bucket, prefix: String) async throws -> [DeleteMarker] {
        let start = Data(prefix.utf8)
        return try await index.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT key, min(version), min(modified) FROM version
                    WHERE bucket = ? AND key >= ? AND substr(key, 1, ?) = ?
                    GROUP BY key HAVING count(*) = 1 AND min(marker) = 1
                    """,
                arguments: [bucket.id, start, start.count, start]
            ).map { row in
                DeleteMarker(
                    key: ObjectKey(stored: row[0]),
                    version: VersionID(stored: row[1]),
                    modified: Date(milliseconds: row[2]),
                    isLatest: true
                )
            }
        }
    }
}

/// A walk over the versions of a bucket.
private struct VersionListing {
    let bucket: Bucket
    let query: ListQuery
    let version: VersionID?

    private static let columns = ObjectRecord.listedColumns + ", version, seq"

    func page(_ database: Database) throws -> VersionPage {
        var page = VersionPage()
        guard query.limit > 0 else { return page }
        let prefix = Data(query.prefix.utf8)
        let end = Listing.successor(of: prefix)
        var (position, sequence) = try start(prefix, database)
        var last: (String, String?)?
        var count = 0
        // The newest version of this key has been seen.
        var seen = sequence == nil ? nil : query.startAfter.map { Data($0.utf8) }
        walk: while true {
            let rows = try fetch(
                from: position,
                below: sequence,
                to: end,
                limit: query.limit - count + 1,
                database
            )
            sequence = nil
            var skipped: Data?
            while let row = try rows.next() {
                let key: Data = row[0]
                if count == query.limit {
                    page.next = last
                    break walk
                }
                count += 1
                if let common = Listing.commonPrefix(of: key, after: prefix.count, query.delimiter) {
                    let text = String(decoding: common, as: UTF8.self)
                    page.commonPrefixes.append(text)
                    last = (text, nil)
                    skipped = Listing.successor(of: common)
                    break
                }
                let entry = try entry(row, isLatest: seen != key)
                seen = key
                page.entries.append(entry)
                last = (entry.key.description, entry.version.description)
            }
            guard let skipped else { break }
            position = skipped
        }
        return page
    }

    private func entry(_ row: Row, isLatest: Bool) throws -> VersionEntry {
        guard row["marker"] == 1 else {
            var record = try ObjectRecord(listed: row, bucket: bucket)
            record.version = VersionID(stored: row["version"])
            record.isLatest = isLatest
            return .object(record)
        }
        return .deleteMarker(
            DeleteMarker(
                key: ObjectKey(stored: row[0]),
                version: VersionID(stored: row["version"]),
                modified: Date(milliseconds: row["modified"]),
                isLatest: isLatest
            )
        )
    }

    /// The first key that may be listed, and below which place of it.
    private func start(_ prefix: Data, _ database: Database) throws -> (Data, Int?) {
        guard let marker = query.startAfter.map({ Data($0.utf8) }) else { return (prefix, nil) }
        if let version, marker.starts(with: prefix) {
            let sequence = try Int.fetchOne(
                database,
                sql: """
                    SELECT seq FROM object WHERE bucket = ?1 AND key = ?2 AND version = ?3
                    UNION ALL SELECT seq FROM version WHERE bucket = ?1 AND key = ?2 AND version = ?3
                    """,
                arguments: [bucket.id, marker, version.description]
            )
            // A version that is gone meanwhile still has its place in its name.
            if let place = sequence ?? Int(version.description.prefix(16), radix: 16) {
                return (marker, place)
            }
        }
        if marker.starts(with: prefix),
            Listing.commonPrefix(of: marker, after: prefix.count, query.delimiter) == marker,
            let behind = Listing.successor(of: marker)
        {
            return (behind, nil)
        }
        let next = marker + [0]
        return (prefix.lexicographicallyPrecedes(next) ? next : prefix, nil)
    }

    private func fetch(
        from: Data,
        below sequence: Int?,
        to end: Data?,
        limit: Int,
        _ database: Database
    ) throws -> RowCursor {
        let bounds = """
            bucket = ?1 AND key >= ?2 AND (?3 IS NULL OR key < ?3) AND (?4 IS NULL OR key > ?2 OR seq < ?4)
            """
        // Both halves come in the order of their keys, so that SQLite merges them as it goes.
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(Self.columns), 0 AS marker FROM object WHERE \(bounds)
                UNION ALL
                SELECT \(Self.columns), marker FROM version WHERE \(bounds)
                ORDER BY key, seq DESC LIMIT ?5
                """
        )
        return try Row.fetchCursor(statement, arguments: [bucket.id, from, end, sequence, limit])
    }
}
