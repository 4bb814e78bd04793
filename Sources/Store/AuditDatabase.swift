import Databases
import Foundation
import GRDB
import Synchronization

/// Who did what, in a file of its own that is only ever added to.
///
/// As durable as logs are: a killed process loses nothing, a power cut may take the last
/// moments.
package final class AuditDatabase: Sendable {
    private let pool: DatabasePool
    /// Entries whose callers do not wait, in their order.
    private let waiting = Mutex<[Line]>([])

    /// An entry as the file has it.
    private struct Line: Sendable {
        let time: Double
        let principal: String
        let action: String
        let body: @Sendable () throws -> Data
        let fail: @Sendable (any Error) -> Void

        func insert(_ database: Database) throws {
            try database.cachedStatement(
                sql: "INSERT INTO entry (time, principal, action, body) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [time, principal, action, try body()])
        }
    }

    /// Opens the database, creating it.
    ///
    /// - Parameter file: Path of the SQLite file; its directory exists.
    /// - Throws: What SQLite says; `NewerSchema`.
    package init(file: String) throws {
        var configuration = Configuration()
        configuration.label = "audit"
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(5)
        pool = try ReservedRoom.open(file, configuration, commitsOutlive: .kill)
        try Self.migrations.update(pool)
    }

    /// Adds an entry.
    ///
    /// - Parameters:
    ///   - time: Seconds since the epoch.
    ///   - principal: ARN of who called.
    ///   - action: Such as `s3:PutObject`.
    ///   - entry: The whole entry.
    /// - Throws: What SQLite says.
    package func append(time: Double, principal: String, action: String, entry: some Encodable) async throws {
        let body = try StateTransaction.encode(entry)
        let line = Line(time: time, principal: principal, action: action, body: { body }, fail: { _ in })
        try await pool.writeWithoutTransaction { [self] database in
            // What was called before comes before.
            drain(database)
            try database.inTransaction {
                try line.insert(database)
                return .commit
            }
        }
    }

    /// Adds an entry soon, for a caller who does not wait: a process that is killed may take the last moment's entries.
    ///
    /// What waits while the file is written shares the next transaction, so the file keeps up with any number of callers.
    ///
    /// - Parameters:
    ///   - time: Seconds since the epoch.
    ///   - principal: ARN of who called.
    ///   - action: Such as `s3:PutObject`.
    ///   - entry: The whole entry.
    ///   - fail: Is told what kept the entry from the file.
    package func enqueue(
        time: Double,
        principal: String,
        action: String,
        entry: some Encodable & Sendable,
        orElse fail: @escaping @Sendable (any Error) -> Void
    ) {
        let line = Line(
            time: time,
            principal: principal,
            action: action,
            body: { try StateTransaction.encode(entry) },
            fail: fail
        )
        let isFirst = waiting.withLock { lines in
            lines.append(line)
            return lines.count == 1
        }
        guard isFirst else { return }
        // A transaction for each would keep a processor busy that callers need.
        Task.detached(priority: .utility) { [self] in
            try? await Task.sleep(for: Self.patience)
            pool.asyncWriteWithoutTransaction { [self] in drain($0) }
        }
    }

    /// How long entries gather whose callers do not wait.
    private static let patience = Duration.milliseconds(50)

    private func drain(_ database: Database) {
        let lines = waiting.withLock { lines in
            defer { lines = [] }
            return lines
        }
        guard !lines.isEmpty else { return }
        do {
            try database.inTransaction {
                for line in lines { try line.insert(database) }
                return .commit
            }
        } catch {
            for line in lines { line.fail(error) }
        }
    }

    /// What is looked for; `nil` for everything.
    package struct Filter: Sendable {
        /// Seconds since the epoch.
        package var since: Double?
        /// The end of a principal's ARN: a user's name, or all of it.
        package var principal: String?
        /// An action, or its beginning.
        package var action: String?
        package var limit: Int

        package init(since: Double? = nil, principal: String? = nil, action: String? = nil, limit: Int = 100)
        {
            self.since = since
            self.principal = principal
            self.action = action
            self.limit = limit
        }
    }

    /// The newest entries of a filter, oldest first; everything that was added or enqueued before is among them.
    package func entries<Entry: Decodable & Sendable>(
        _ type: Entry.Type,
        _ filter: Filter
    ) async throws -> [Entry] {
        try await pool.writeWithoutTransaction { [self] in drain($0) }
        let bodies = try await pool.read { database in
            try Data.fetchAll(
                database,
                sql: """
                    SELECT body FROM entry
                    WHERE time >= ? AND (? IS NULL OR substr(principal, -length(?)) = ?)
                        AND (? IS NULL OR substr(action, 1, length(?)) = ?)
                    ORDER BY id DESC LIMIT ?
                    """,
                arguments: [
                    filter.since ?? 0, filter.principal, filter.principal, filter.principal, filter.action,
                    filter.action, filter.action, filter.limit,
                ]
            )
        }
        return try bodies.reversed().map { try StateTransaction.decode(type, from: $0) }
    }

    /// Writes what is enqueued and closes every connection; later calls fail.
    package func close() throws {
        pool.writeWithoutTransaction { drain($0) }
        try pool.close()
    }

    private static var migrations: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 audit") { database in
            try database.execute(
                sql: """
                    CREATE TABLE entry (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, principal TEXT NOT NULL,
                        action TEXT NOT NULL, body BLOB NOT NULL
                    );
                    CREATE INDEX entry_by_time ON entry (time);
                    CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
                    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
                    CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
                    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
                    """
            )
        }
        return migrator
    }
}
