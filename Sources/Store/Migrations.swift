import GRDB

/// The schema's history; a released migration is never edited.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 resources") { database in
            try database.execute(
                sql: """
                    CREATE TABLE resource (
                        kind TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                        arn TEXT NOT NULL, status TEXT NOT NULL, created REAL NOT NULL, modified REAL NOT NULL,
                        body BLOB NOT NULL,
                        PRIMARY KEY (kind, account, region, name)
                    ) WITHOUT ROWID;
                    CREATE INDEX resource_by_creation ON resource (kind, account, region, created, name);
                    CREATE INDEX resource_by_arn ON resource (arn);
                    CREATE TABLE event (
                        id INTEGER PRIMARY KEY, arn TEXT NOT NULL, time REAL NOT NULL,
                        status TEXT NOT NULL, message TEXT NOT NULL
                    );
                    CREATE INDEX event_by_arn ON event (arn, id);
                    CREATE TABLE usage (
                        id INTEGER PRIMARY KEY, arn TEXT NOT NULL, component TEXT NOT NULL,
                        instance_type TEXT NOT NULL, instance_count INTEGER NOT NULL,
                        start REAL NOT NULL, end REAL, bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL
                    );
                    CREATE INDEX usage_by_arn ON usage (arn, id);
                    CREATE TABLE tag (
                        arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)
                    ) WITHOUT ROWID;
                    CREATE TABLE instance (
                        id TEXT PRIMARY KEY, owner TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
                        body BLOB NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX instance_by_owner ON instance (owner);
                    CREATE TABLE fact (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
                    """
            )
        }
        migrator.registerMigration("2 identity") { database in
            try database.execute(
                sql: """
                    CREATE TABLE role (
                        account TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (account, name)
                    ) WITHOUT ROWID;
                    CREATE TABLE session (
                        access_key_id TEXT PRIMARY KEY, expiration REAL NOT NULL, body BLOB NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX session_by_expiration ON session (expiration);
                    """
            )
        }
        migrator.registerMigration("3 users") { database in
            try database.execute(
                sql: """
                    CREATE TABLE identity (
                        kind TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL,
                        PRIMARY KEY (kind, account, name)
                    ) WITHOUT ROWID;
                    """
            )
        }
        return migrator
    }
}
