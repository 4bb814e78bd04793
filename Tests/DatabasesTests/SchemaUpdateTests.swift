import Databases
import Foundation
import GRDB
import Testing

/// What opening a database of another version does.
final class SchemaUpdateTests {
    private let folder: URL
    private var file: String { folder.path + "/state.sqlite" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "schema-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A history of so many migrations, each of which adds a table.
    private func history(_ count: Int) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for number in 1...count {
            migrator.registerMigration("\(number)") { try $0.execute(sql: "CREATE TABLE t\(number) (x)") }
        }
        return migrator
    }

    /// Opens the file with so many migrations and says how many tables there are.
    private func open(_ count: Int, _ then: (Database) throws -> Void = { _ in }) throws -> Int {
        let pool = try DatabasePool(path: file)
        defer { try? pool.close() }
        try history(count).update(pool)
        return try pool.write { database in
            try then(database)
            return try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM sqlite_master WHERE name LIKE 't_'"
            ) ?? -1
        }
    }

    private var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.sorted()
        }
    }

    @Test func aNewFileAndOneThatIsUpToDateAreNotCopied() throws {
        let first = try open(2)
        let second = try open(2)
        #expect(first == 2 && second == 2)
        let names = try names
        #expect(names == ["state.sqlite"])
    }

    @Test func anOlderFileIsCopiedBeforeItChanges() throws {
        _ = try open(1) { try $0.execute(sql: "INSERT INTO t1 VALUES ('kept')") }
        // An attempt that was cut short left a piece.
        try Data("half".utf8).write(to: URL(filePath: file + ".schema-1.part"))
        let tables = try open(3)
        #expect(tables == 3)
        let names = try names
        #expect(names == ["state.sqlite", "state.sqlite.schema-1"])
        let copy = try DatabaseQueue(path: file + ".schema-1")
        defer { try? copy.close() }
        let (kept, applied) = try copy.read { database in
            (
                try String.fetchAll(database, sql: "SELECT x FROM t1"),
                try self.history(1).completedMigrations(database)
            )
        }
        #expect(kept == ["kept"])
        #expect(applied == ["1"])
    }

    @Test func aNewerFileIsRefusedAndNotChanged() throws {
        _ = try open(3)
        #expect(throws: NewerSchema(file: file)) { _ = try self.open(2) }
        let tables = try open(3)
        #expect(tables == 3)
        let names = try names
        #expect(names == ["state.sqlite"])
    }
}
