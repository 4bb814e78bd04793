import Databases
import Foundation
import GRDB

/// Who did what, in a file of its own that is only ever added to.
///
/// As durable as logs are: a killed process loses nothing, a power cut may take the last
/// moments.
package final class AuditDatabase: Sendable {
    private let pool: DatabasePool

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
        try await pool.write { database in
            try database.execute(
                sql: "INSERT INTO entry (time, principal, action, body) VALUES (?, ?, ?, ?)",
                arguments: [time, principal, action, body]
            )
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

    /// The newest entries of a filter, oldest first.
    package func entries<Entry: Decodable & Sendable>(
        _ type: Entry.Type,
        _ filter: Filter
    ) async throws -> [Entry] {
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

    /// Closes every connection; later calls fail.
    package func close() throws { try pool.close() }

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
