import Foundation
import GRDB
package import Resources

extension StateTransaction {
    /// Keeps what must be known of a running instance: its document survives the control plane.
    package func setInstance(
        _ id: String,
        owner: String,
        scope: Scope,
        document: some Encodable & Sendable
    ) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO instance VALUES (?, ?, ?, ?, ?)",
            arguments: [
                id, owner, scope.account.description, scope.region.description, try Self.encode(document),
            ]
        )
    }

    /// Forgets an instance.
    package func removeInstance(_ id: String) throws {
        try database.execute(sql: "DELETE FROM instance WHERE id = ?", arguments: [id])
    }

    /// The documents of every instance on the books.
    package func instances<Document: Decodable>(_ type: Document.Type) throws -> [Document] {
        try Data.fetchAll(database, sql: "SELECT body FROM instance ORDER BY id")
            .map { try Self.decode(type, from: $0) }
    }

    /// A single value of the platform, such as its owner's key.
    package func fact<Value: Decodable>(_ key: String, as type: Value.Type) throws -> Value? {
        try Data.fetchOne(database, sql: "SELECT value FROM fact WHERE key = ?", arguments: [key])
            .map { try Self.decode(type, from: $0) }
    }

    /// Sets a single value of the platform.
    package func setFact(_ key: String, to value: some Encodable) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO fact VALUES (?, ?)",
            arguments: [key, try Self.encode(value)]
        )
    }
}
