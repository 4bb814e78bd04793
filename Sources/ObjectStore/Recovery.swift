import Foundation
import GRDB

/// What a start does about files that a crash left without a name in the index.
struct Recovery {
    let files: StoreFiles
    let index: DatabasePool

    /// Removes what no committed record names.
    ///
    /// Blocks; its work is bounded by what earlier runs wrote since the last start.
    func run() throws {
        try removeGarbage()
        try removeIncoming()
        let unchecked = try index.read { database in
            try Int.fetchAll(
                database,
                sql: "SELECT number FROM run WHERE checked = 0"
            )
        }
        let present = files.volumes.map(\.run)
        for run in unchecked where !present.contains(run) {
            // One of a volume that is not there has to wait.
            guard let volume = files.volume(ofRun: run) else { continue }
            try check(run, of: volume)
        }
    }

    /// Objects that were overwritten or deleted, but whose file may still be there.
    private func removeGarbage() throws {
        let garbage = try index.read { try Int64.fetchAll($0, sql: "SELECT file FROM garbage") }
        for number in garbage { try files.remove(FileID(number: number)) }
        try index.write { try $0.execute(sql: "DELETE FROM garbage") }
    }

    /// Uploads that never ended; parts of open multipart uploads stay.
    private func removeIncoming() throws {
        let named = try index.read { database in
            try Set(
                Int64.fetchCursor(
                    database,
                    sql: "SELECT file FROM upload UNION SELECT file FROM part WHERE file IS NOT NULL"
                )
            )
        }
        for volume in files.volumes {
            for name in try FileManager.default.contentsOfDirectory(atPath: volume.incoming) {
                guard let file = FileID(name: name), !named.contains(file.number) else { continue }
                try volume.removeIncoming(file)
            }
        }
    }

    /// Complete files of one run that did not make it into the index.
    private func check(_ run: Int, of volume: Volume) throws {
        let folder = volume.folder(ofRun: run)
        if FileManager.default.fileExists(atPath: folder) {
            let bounds = [FileID(run: run, count: 0).number, FileID(run: run + 1, count: 0).number]
            let named = try index.read { database in
                try Set(
                    Int64.fetchCursor(
                        database,
                        sql: "SELECT file FROM named WHERE file >= ? AND file < ?",
                        arguments: StatementArguments(bounds)
                    )
                )
            }
            for part in try FileManager.default.contentsOfDirectory(atPath: folder) {
                for name in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)") {
                    guard let file = FileID(name: name), !named.contains(file.number) else { continue }
                    try volume.remove(file)
                }
            }
        }
        try index.write { database in
            try database.execute(sql: "UPDATE run SET checked = 1 WHERE number = ?", arguments: [run])
        }
    }
}
