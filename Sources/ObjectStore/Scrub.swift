import Crypto
package import Foundation
import GRDB
import Glibc
import NIOCore
import Synchronization

/// A file of the store that is not what was written.
package struct Damage: Sendable, Hashable, Codable {
    /// `s3://bucket/key`; several objects may share the bytes, one is named.
    package let object: String
    package let path: String
    /// What is wrong with it.
    package let reason: String
    package let found: Date

    static func all(_ database: Database, in files: StoreFiles) throws -> [FileID: Damage] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT damage.file, damage.found, damage.reason, bucket.name, named.key
                FROM damage JOIN named ON named.file = damage.file JOIN bucket ON bucket.id = named.bucket
                """
        ).reduce(into: [:]) { all, row in
            let file = FileID(number: row[0])
            all[file] = Damage(
                object: "s3://\(row[3] as String)/\(ObjectKey(stored: row[4]))",
                path: files.path(file),
                reason: row[2],
                found: Date(milliseconds: row[1])
            )
        }
    }
}

/// What a scrub has seen.
package struct ScrubReport: Sendable, Codable {
    package var files = 0
    package var bytes = 0
    /// Files that were stored without digests and have them now.
    package var adopted = 0
    /// Directories of buckets that are not there; nothing is known of what is in them.
    package var absentDirectories: [String] = []
    /// Damage of these files, old and new.
    package var damaged: [Damage] = []

    package init() {}
}

extension ObjectStore {
    /// Objects that are known to be damaged.
    package var knownDamage: [Damage] {
        damage.withLock { Array($0.values) }.sorted { $0.object < $1.object }
    }

    /// Writes down that a file is not what was written, unless nothing names it any more.
    func note(damaged file: FileID, _ reason: String) async {
        let now = now()
        do {
            let all = try await committer.commit { [files] database in
                try database.execute(
                    sql: """
                        INSERT OR IGNORE INTO damage (file, found, reason)
                        SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM named WHERE file = ?1)
                        """,
                    arguments: [file.number, now.milliseconds, reason]
                )
                return try Damage.all(database, in: files)
            }
            let isNew = damage.withLock { $0[file] == nil }
            damage.withLock { $0 = all }
            if isNew, let found = damage.withLock({ $0[file] }) { onDamage(found) }
        } catch {
            // The reader is told of the damage all the same; the next scrub finds it again.
        }
    }

    /// Reads every file that was not verified since a moment and compares it with its digests.
    ///
    /// Files that were stored before there were digests get them; where such an object was put at once, its ETag says
    /// first whether they are worth anything.
    ///
    /// - Parameters:
    ///   - moment: What was verified since is left out.
    ///   - limit: Files of this call.
    ///   - pause: Waits between two pieces of at most 1 MiB, so that the disk is free for others.
    /// - Returns: What was seen; fewer files than `limit` mean that all is done.
    /// - Throws: An error of the index, or what `pause` throws.
    package func scrub(
        before moment: Date,
        limit: Int,
        pause: () async throws -> Void = {}
    ) async throws -> ScrubReport {
        let absent = files.volumes.filter { !$0.isThere }.map(\.root)
        let runs = files.runs(of: absent)
        let due = try await index.read { database in
            try ScrubItem.due(before: moment, limit: limit, leavingOut: runs, database)
        }
        var report = ScrubReport()
        report.absentDirectories = absent
        for item in due {
            report.files += 1
            report.bytes += item.size
            let verdict = try await verify(item, pause)
            let now = now().milliseconds
            switch verdict {
            case .good:
                try await committer.commit { database in
                    try database.execute(
                        sql: "UPDATE digest SET checked = ? WHERE file = ?",
                        arguments: [now, item.file.number]
                    )
                    // Somebody has put it right.
                    try database.execute(
                        sql: "DELETE FROM damage WHERE file = ?",
                        arguments: [item.file.number]
                    )
                }
            case .adopted(let blocks):
                report.adopted += 1
                try await committer.commit { database in
                    try database.execute(
                        sql: """
                            INSERT OR REPLACE INTO digest (file, blocks, checked)
                            SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM named WHERE file = ?1)
                            """,
                        arguments: [item.file.number, blocks.stored, now]
                    )
                }
            case .gone, .absent: break
            case .damaged(let reason):
                await note(damaged: item.file, reason)
                try await committer.commit { database in
                    try database.execute(
                        sql: """
                            INSERT INTO digest (file, blocks, checked) VALUES (?1, x'', ?2)
                            ON CONFLICT (file) DO UPDATE SET checked = ?2
                            """,
                        arguments: [item.file.number, now]
                    )
                }
            }
        }
        let known = try await index.read { [files] in try Damage.all($0, in: files) }
        damage.withLock { $0 = known }
        report.damaged = due.compactMap { known[$0.file] }
        return report
    }

    private enum Verdict {
        case good
        case adopted(BlockDigests)
        case damaged(String)
        /// Its directory is not there.
        case absent
        /// Deleted meanwhile.
        case gone
    }

    private func verify(_ item: ScrubItem, _ pause: () async throws -> Void) async throws -> Verdict {
        let path = files.path(item.file)
        let file: OpenFile
        do {
            file = try await BlockingWork.run { try OpenFile(path, .read) }
            // What is in memory says nothing of the disk.
            try await BlockingWork.run { file.forgetCache() }
            guard try file.size() >= item.size else { throw ObjectStoreError.damaged(path: path) }
        } catch {
            // Of a disk that is not mounted nothing can be said.
            guard files.volume(of: item.file).isThere else { return .absent }
            return try await isNamed(item.file) ? .damaged("It is missing or too short.") : .gone
        }
        var digests = RunningDigests()
        var blocks = RunningBlocks()
        let expected = item.blocks.flatMap { BlockMap($0, size: item.size, parts: item.parts) }
        var sums = BlockDigests()
        var position = 0
        while position < item.size {
            let range = expected?.block(at: position).range ?? item.block(at: position)
            let bytes: ByteBuffer
            do {
                bytes = try await BlockingWork.run { try file.read(range) }
            } catch let error as ObjectStoreError {
                return try await isNamed(item.file) ? .damaged("It cannot be read: \(error)") : .gone
            }
            if let expected {
                guard bytes.crc32c == expected.block(at: position).digest else {
                    return .damaged("The bytes at \(range.lowerBound) are not what was written.")
                }
            } else {
                digests = await Self.advanced(digests, over: bytes)
                blocks = RunningBlocks()
                blocks.update(bytes)
                sums.append(blocks.digests)
            }
            position = range.upperBound
            try await pause()
        }
        try await BlockingWork.run { file.forgetCache() }
        if expected != nil { return .good }
        if item.parts == nil, item.eTag.utf8.count == 32, Data(digests.md5.finalize()).hex != item.eTag {
            return .damaged("Its MD5 is not its ETag.")
        }
        return .adopted(sums)
    }

    private static func advanced(_ digests: RunningDigests, over bytes: ByteBuffer) async -> RunningDigests {
        // It cannot throw.
        (try? await BlockingWork.run { digests.advanced(over: bytes, storedAs: bytes) }) ?? digests
    }

    private func isNamed(_ file: FileID) async throws -> Bool {
        try await index.read { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM named WHERE file = ?)",
                arguments: [file.number]
            ) ?? false
        }
    }
}

/// A file whose turn it is.
private struct ScrubItem: Sendable {
    let file: FileID
    let size: Int
    let eTag: String
    let parts: PartSizes?
    let blocks: BlockDigests?

    /// - Parameters:
    ///   - moment: What was verified since is left out.
    ///   - limit: Files at most.
    ///   - runs: Whose files are left out.
    ///   - database: The index.
    /// - Returns: Those that were verified longest ago.
    /// - Throws: An error of the index.
    static func due(
        before moment: Date,
        limit: Int,
        leavingOut runs: [Int],
        _ database: Database
    ) throws -> [ScrubItem] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT named.file, named.size, named.etag, named.parts, digest.blocks
                FROM named LEFT JOIN digest ON digest.file = named.file
                WHERE coalesce(digest.checked, CASE WHEN digest.file IS NULL THEN 0 ELSE named.modified END) < ?
                    AND named.file >> 32 NOT IN (\(runs.map(String.init).joined(separator: ", ")))
                ORDER BY digest.checked LIMIT ?
                """,
            arguments: [moment.milliseconds, limit]
        ).map { row in
            let blocks: Data? = row[4]
            return ScrubItem(
                file: FileID(number: row[0]),
                size: row[1],
                eTag: row[2],
                parts: try (row[3] as String?).map { try StoredJSON.value(PartSizes.self, $0) },
                // Nothing is known of a damaged file without digests.
                blocks: blocks.flatMap { $0.isEmpty ? nil : BlockDigests(stored: $0) }
            )
        }
    }

    /// The block of a file without digests, laid out as they will be.
    func block(at position: Int) -> Range<Int> {
        let empty = BlockDigests(
            Array(repeating: 0, count: parts?.blockCount ?? BlockDigests.count(of: size))
        )
        return BlockMap(empty, size: size, parts: parts)?.block(at: position).range
            ?? position..<min(position + BlockDigests.blockSize, size)
    }
}
