import Databases
import Foundation
import GRDB
import Glibc
import Testing

/// The blocks that a database has in advance.
@Suite struct ReservedRoomTests {
    /// Bytes of a file, and bytes of the blocks that it has.
    private func measure(_ path: String) -> (length: Int, room: Int) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return (-1, -1) }
        return (Int(facts.st_size), Int(facts.st_blocks) * 512)
    }

    @Test func roomIsThereFromTheFirstCommitAndRenewed() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "room-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.path + "/state.sqlite"
        let pool = try ReservedRoom.open(file, Configuration(), commitsOutlive: .kill)
        try pool.write { try $0.execute(sql: "CREATE TABLE t (x)") }
        for path in [file, file + "-wal"] {
            let (length, room) = measure(path)
            #expect(length >= 0 && room - length >= ReservedRoom.size, "\(path): \(length) \(room)")
        }
        // More than the room of the beginning, and a checkpoint that brings it all into the database.
        for _ in 0..<40 {
            try pool.write { try $0.execute(sql: "INSERT INTO t VALUES (randomblob(100000))") }
        }
        _ = try pool.writeWithoutTransaction { try $0.checkpoint() }
        for _ in 0..<8 { try pool.write { try $0.execute(sql: "INSERT INTO t VALUES (1)") } }
        let (length, room) = measure(file)
        #expect(length > 2 * ReservedRoom.size)
        #expect(room - length >= ReservedRoom.size)
        try pool.close()
    }

    @Test(arguments: [(ReservedRoom.Outage.kill, 1), (.powerCut, 2)])
    func `commits wait for the disk where a power cut must not take them`(
        outage: ReservedRoom.Outage,
        synchronous: Int
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "room-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pool = try ReservedRoom.open(
            folder.path + "/state.sqlite",
            Configuration(),
            commitsOutlive: outage
        )
        let found = try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        #expect(found == synchronous)
        try pool.close()
    }
}
