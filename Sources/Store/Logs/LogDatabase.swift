import Databases
import GRDB

/// Log events and metric samples of one data directory.
///
/// A file of its own: what jobs write never waits for a state transition, nor a state transition for it. It
/// is less durable on purpose (`synchronous = NORMAL`): a power cut may take the last moments of a log, never
/// a resource.
package final class LogDatabase: Sendable {
    private let pool: DatabasePool

    /// Opens the database, creating or migrating it.
    ///
    /// - Parameter file: Path of the SQLite file; its directory exists.
    /// - Throws: What SQLite says; `NewerSchema`.
    package init(file: String) throws {
        var configuration = Configuration()
        configuration.label = "logs"
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        pool = try DatabasePool(path: file, configuration: configuration)
        try Self.migrations.update(pool)
    }

    /// Runs `body` in one transaction.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value
    {
        try await pool.write(body)
    }

    /// Runs `body` on a consistent snapshot.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.read(body)
    }

    /// Closes every connection; later calls fail.
    package func close() throws { try pool.close() }

    /// The schema's history; a released migration is never edited.
    ///
    /// Times of events and streams are milliseconds since the epoch, as in the API; those of samples are
    /// seconds.
    private static var migrations: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 logs") { database in
            try database.execute(
                sql: """
                    CREATE TABLE log_group (
                        id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                        created INTEGER NOT NULL, bytes INTEGER NOT NULL DEFAULT 0,
                        UNIQUE (account, region, name)
                    );
                    CREATE TABLE log_stream (
                        id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, name TEXT NOT NULL,
                        created INTEGER NOT NULL, first_event INTEGER, last_event INTEGER, last_ingestion INTEGER,
                        UNIQUE (group_id, name)
                    );
                    CREATE TABLE log_event (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER NOT NULL,
                        stream_id INTEGER NOT NULL, time INTEGER NOT NULL, ingestion INTEGER NOT NULL,
                        message TEXT NOT NULL
                    );
                    CREATE INDEX log_event_by_stream ON log_event (stream_id, time, id);
                    CREATE INDEX log_event_by_group ON log_event (group_id, time, id);
                    CREATE TABLE metric_sample (
                        id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, job TEXT NOT NULL,
                        name TEXT NOT NULL, time REAL NOT NULL, value REAL NOT NULL
                    );
                    CREATE INDEX metric_sample_by_job ON metric_sample (account, region, job, name, time, id);
                    """
            )
        }
        migrator.registerMigration("2 retention") { database in
            // Days; NULL keeps events for ever.
            try database.execute(
                sql: """
                    ALTER TABLE log_group ADD COLUMN retention INTEGER;
                    UPDATE log_group SET retention = 30 WHERE substr(name, 1, 15) = '/aws/sagemaker/';
                    """
            )
        }
        return migrator
    }
}

/// What is wrong with a call on groups and streams.
package enum LogDatabaseError: Error, Equatable {
    case groupMissing
    case groupExists
    case streamMissing
    case streamExists
}
