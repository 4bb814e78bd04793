import Foundation
package import GRDB

extension DatabaseMigrator {
    /// Brings a database up to date; blocks.
    ///
    /// A file that already holds something is copied first: to `FILE.schema-N`, where N is how many migrations it had
    /// seen. The copy stays until somebody removes it, such as `clary gc`.
    ///
    /// - Throws: `NewerSchema` if there is something in it that these migrations do not know, before anything is
    ///   changed; what SQLite says, such as that there is no room for the copy.
    package func update(_ pool: DatabasePool) throws {
        let applied = try pool.read { database in
            guard try !hasBeenSuperseded(database) else { throw NewerSchema(file: pool.path) }
            return try completedMigrations(database)
        }
        if !applied.isEmpty, applied.count < migrations.count {
            try copy(pool, to: "\(pool.path)\(SchemaCopy.suffix)\(applied.count)")
        }
        try migrate(pool)
    }

    /// Copies what the file holds now; an unfinished copy never has the name of a finished one.
    private func copy(_ pool: DatabasePool, to path: String) throws {
        let draft = path + ".part"
        try? FileManager.default.removeItem(atPath: draft)  // Of an attempt that was cut short.
        try pool.vacuum(into: draft)
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: draft, toPath: path)
    }
}

/// The copy of a database that an update has kept.
package enum SchemaCopy {
    /// What comes between the database's name and the number of the schema.
    package static let suffix = ".schema-"
}
