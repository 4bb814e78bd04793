import Databases
import Foundation
import GRDB

/// The index: one SQLite file that says which objects there are.
///
/// A file that it does not name does not exist.
enum Index {
    /// Opens the index of a store, making or migrating it first.
    ///
    /// Blocks.
    ///
    /// - Throws: What SQLite says; `NewerSchema`.
    static func open(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        let pool = try ReservedRoom.open(path, configuration, commitsOutlive: .powerCut)
        try migrator.update(pool)
        return pool
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: objects") { database in
            // Keys are blobs: SQLite orders them by their bytes, as S3 does, and a NUL does not end them.
            try database.execute(
                sql: """
                    CREATE TABLE bucket (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        name TEXT NOT NULL UNIQUE,
                        account TEXT NOT NULL,
                        region TEXT NOT NULL,
                        created INTEGER NOT NULL
                    );
                    CREATE TABLE object (
                        bucket INTEGER NOT NULL REFERENCES bucket (id),
                        key BLOB NOT NULL,
                        file INTEGER NOT NULL,
                        size INTEGER NOT NULL,
                        etag TEXT NOT NULL,
                        modified INTEGER NOT NULL,
                        checksum TEXT,
                        storage_class TEXT,
                        headers TEXT NOT NULL,
                        parts TEXT,
                        PRIMARY KEY (bucket, key)
                    ) WITHOUT ROWID;
                    CREATE INDEX object_file ON object (file);
                    CREATE TABLE upload (
                        id TEXT PRIMARY KEY,
                        bucket INTEGER NOT NULL REFERENCES bucket (id),
                        key BLOB NOT NULL,
                        created INTEGER NOT NULL,
                        headers TEXT NOT NULL,
                        algorithm TEXT,
                        form TEXT,
                        file INTEGER NOT NULL,
                        part_size INTEGER
                    ) WITHOUT ROWID;
                    CREATE INDEX upload_key ON upload (bucket, key, id);
                    CREATE TABLE part (
                        upload TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
                        number INTEGER NOT NULL,
                        size INTEGER NOT NULL,
                        md5 BLOB NOT NULL,
                        checksum BLOB,
                        algorithm TEXT,
                        modified INTEGER NOT NULL,
                        file INTEGER,
                        PRIMARY KEY (upload, number)
                    ) WITHOUT ROWID;
                    CREATE TABLE garbage (file INTEGER PRIMARY KEY);
                    CREATE TABLE run (number INTEGER PRIMARY KEY AUTOINCREMENT, checked INTEGER NOT NULL);
                    """
            )
        }
        registerVersions(in: &migrator)
        return migrator
    }

    private static func registerVersions(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("2: versions, settings, digests") { database in
            // `version` has every version but the latest object of a key, and all delete markers (see ObjectRow.swift).
            try database.execute(
                sql: """
                    ALTER TABLE bucket ADD COLUMN versioning TEXT NOT NULL DEFAULT 'off';
                    CREATE TABLE setting (
                        bucket INTEGER NOT NULL REFERENCES bucket (id) ON DELETE CASCADE,
                        name TEXT NOT NULL,
                        value TEXT NOT NULL,
                        PRIMARY KEY (bucket, name)
                    ) WITHOUT ROWID;
                    ALTER TABLE object ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE object ADD COLUMN version TEXT NOT NULL DEFAULT 'null';
                    CREATE TABLE version (
                        bucket INTEGER NOT NULL REFERENCES bucket (id),
                        key BLOB NOT NULL,
                        seq INTEGER NOT NULL,
                        version TEXT NOT NULL,
                        marker INTEGER NOT NULL,
                        replaced INTEGER,
                        file INTEGER NOT NULL,
                        size INTEGER NOT NULL,
                        etag TEXT NOT NULL,
                        modified INTEGER NOT NULL,
                        checksum TEXT,
                        storage_class TEXT,
                        headers TEXT NOT NULL,
                        parts TEXT,
                        PRIMARY KEY (bucket, key, seq DESC)
                    ) WITHOUT ROWID;
                    CREATE INDEX version_file ON version (file);
                    CREATE VIEW named AS
                        SELECT file, size, bucket, key, etag, modified, parts FROM object
                        UNION ALL
                        SELECT file, size, bucket, key, etag, modified, parts FROM version WHERE marker = 0;
                    ALTER TABLE part ADD COLUMN blocks BLOB;
                    CREATE TABLE digest (file INTEGER PRIMARY KEY, blocks BLOB NOT NULL, checked INTEGER);
                    CREATE TABLE damage (file INTEGER PRIMARY KEY, found INTEGER NOT NULL, reason TEXT NOT NULL);
                    """
            )
        }
        migrator.registerMigration("3: streams of encrypted parts") { database in
            try database.execute(sql: "ALTER TABLE part ADD COLUMN stream INTEGER")
        }
        migrator.registerMigration("4: volumes") { database in
            // A run is of one volume; 0 is the store's own directory.
            try database.execute(
                sql: """
                    ALTER TABLE run ADD COLUMN volume INTEGER NOT NULL DEFAULT 0;
                    CREATE TABLE volume (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        path TEXT NOT NULL,
                        mark TEXT NOT NULL UNIQUE
                    );
                    """
            )
        }
        migrator.registerMigration("5: journal of small files") { database in
            try database.execute(
                sql: "CREATE TABLE journal (file INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"
            )
        }
    }
}

extension Date {
    /// Whole milliseconds since the epoch: how the index stores times.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

/// Values that the index stores as JSON text.
enum StoredJSON {
    static func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
