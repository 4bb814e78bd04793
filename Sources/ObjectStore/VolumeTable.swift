import Foundation
import GRDB
import Glibc
import NIOCore

/// The volumes of a store, as its index remembers them.
///
/// Each has a mark, a file with a random text that the index knows too. So a disk that is not mounted is not taken for an
/// empty one, a disk that was mounted elsewhere is recognised, and no two stores write in one directory.
struct VolumeTable {
    /// The store's own directory.
    let root: String
    let index: DatabasePool
    /// Bytes to leave free on the disk of a directory.
    let reserve: (_ directory: String) -> Int

    private struct Entry {
        let id: Int64
        let path: String
        let mark: String
    }

    static let markName = "clary-volume"

    /// Opens the volumes and begins a run of each.
    ///
    /// Blocks.
    ///
    /// - Parameter directories: Where new files of some buckets go.
    /// - Returns: The files, ready to be written.
    /// - Throws: `VolumeError`, `ObjectStoreError`, or an error of the index.
    func open(_ directories: [BucketDirectory]) throws -> StoreFiles {
        let known = try index.read { database in
            try Row.fetchAll(database, sql: "SELECT id, path, mark FROM volume ORDER BY id").map {
                Entry(id: $0[0], path: $0[1], mark: $0[2])
            }
        }
        var entries: [Entry] = []
        var assignments: [(BucketDirectory, volume: Int)] = []
        for directory in directories {
            let entry = try claim(directory.path, known)
            let position = entries.firstIndex { $0.id == entry.id } ?? entries.count
            if position == entries.count { entries.append(entry) }
            assignments.append((directory, volume: position + 1))
        }
        for entry in known where !entries.contains(where: { $0.id == entry.id }) {
            // Nothing new goes there, but what is there is still somebody's.
            if Self.mark(of: entry.path) == entry.mark {
                entries.append(entry)
            } else {
                try requireUnused(entry)
            }
        }
        return try begin(entries, assignments)
    }

    /// The entry of a directory that the administrator has named; a new one if it was none before.
    private func claim(_ path: String, _ known: [Entry]) throws -> Entry {
        guard let path = Self.realPath(path) else {
            if let entry = known.first(where: { $0.path == path }) { try requireUnused(entry) }
            throw VolumeError.noDirectory(path)
        }
        guard let root = Self.realPath(root), path != root, !path.hasPrefix(root + "/") else {
            throw VolumeError.isTheStore(path)
        }
        if let mark = Self.mark(of: path) {
            guard let entry = known.first(where: { $0.mark == mark }) else { throw VolumeError.foreign(path) }
            if entry.path != path {
                try index.write { database in
                    let arguments: StatementArguments = [path, entry.id]
                    try database.execute(sql: "UPDATE volume SET path = ? WHERE id = ?", arguments: arguments)
                }
            }
            return Entry(id: entry.id, path: path, mark: mark)
        }
        if let entry = known.first(where: { $0.path == path }) {
            try requireUnused(entry)
            try writeMark(entry)
            return entry
        }
        let mark = (0..<4).map { _ in String(UInt32.random(in: 1 << 28 ... .max), radix: 16) }.joined()
        let id = try index.write { database in
            try database.execute(
                sql: "INSERT INTO volume (path, mark) VALUES (?, ?)",
                arguments: [path, mark]
            )
            return database.lastInsertedRowID
        }
        let entry = Entry(id: id, path: path, mark: mark)
        try writeMark(entry)
        return entry
    }

    /// Begins a run of every volume.
    private func begin(
        _ entries: [Entry],
        _ assignments: [(BucketDirectory, volume: Int)]
    ) throws -> StoreFiles {
        let ids = [0] + entries.map(\.id)
        let (numbers, runs) = try index.write { database in
            var numbers: [Int] = []
            for id in ids {
                try database.execute(sql: "INSERT INTO run (checked, volume) VALUES (0, ?)", arguments: [id])
                numbers.append(Int(database.lastInsertedRowID))
            }
            var runs: [Int: Int?] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT number, volume FROM run WHERE volume <> 0") {
                runs.updateValue(ids.firstIndex(of: row[1]), forKey: row[0])
            }
            return (numbers, runs)
        }
        let paths = [root] + entries.map(\.path)
        let volumes = zip(paths, numbers).map { Volume(root: $0, run: $1, reserve: reserve($0)) }
        for volume in volumes { try volume.prepare() }
        return StoreFiles(volumes: volumes, runs: runs, assignments: assignments)
    }

    /// Makes sure that a volume that is not there has nothing that anybody could miss.
    private func requireUnused(_ entry: Entry) throws {
        let count = try index.read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM run JOIN (
                        SELECT file FROM named UNION ALL SELECT file FROM upload
                        UNION ALL SELECT file FROM part WHERE file IS NOT NULL
                    ) AS used ON used.file >> 32 = run.number
                    WHERE run.volume = ?
                    """,
                arguments: [entry.id]
            ) ?? 0
        }
        if count > 0 { throw VolumeError.absent(entry.path, mark: entry.mark, files: count) }
    }

    // MARK: The mark

    private static func mark(of path: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(markName)")
            .map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
    }

    private func writeMark(_ entry: Entry) throws {
        let path = "\(entry.path)/\(Self.markName)"
        let draft = path + ".new"
        unlink(draft)
        let file = try OpenFile(draft, .create)
        try file.write(.init(string: entry.mark + "\n"), at: 0)
        try file.synchronize()
        guard rename(draft, path) == 0 else { throw ObjectStoreError.last("rename", draft) }
        try Volume.synchronize(folder: entry.path)
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// Why a directory cannot hold files of the store.
package enum VolumeError: Error, CustomStringConvertible, Equatable {
    case noDirectory(String)
    /// The store's own directory, or one in it.
    case isTheStore(String)
    /// Another store's.
    case foreign(String)
    /// It held files, and what is there now is not it.
    case absent(String, mark: String, files: Int)

    package var description: String {
        switch self {
        case .noDirectory(let path): "There is no directory '\(path)' for buckets. Make it first."
        case .isTheStore(let path):
            "'\(path)' belongs to the data directory itself. Name a directory outside of it."
        case .foreign(let path):
            """
            '\(path)' has objects of another data directory (its file '\(VolumeTable.markName)' is not ours). Name an \
            empty directory.
            """
        case .absent(let path, let mark, let files):
            """
            '\(path)' held \(files) file\(files == 1 ? "" : "s") of this data directory's objects and is not there: is its disk mounted? If it \
            was mounted elsewhere, name the new place with --bucket-directory. If it is lost for good, make a directory \
            there with a file '\(VolumeTable.markName)' that says \(mark): its objects then count as damaged until they \
            are deleted or put again.
            """
        }
    }
}
