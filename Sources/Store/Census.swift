import Foundation
import GRDB

/// What people ask for across every account and region.
extension StateTransaction {
    /// The newest resources of a kind, the newest first.
    ///
    /// - Parameters:
    ///   - type: The kind.
    ///   - name: Only those of this name; `nil` for all.
    ///   - limit: How many at most.
    /// - Returns: Resources of every account and region.
    /// - Throws: What SQLite says.
    package func newest<Resource: StoredResource>(
        _ type: Resource.Type,
        named name: String? = nil,
        limit: Int
    ) throws -> [Resource] {
        let bodies = try Data.fetchAll(
            database,
            sql: """
                SELECT body FROM resource WHERE kind = ? AND (? IS NULL OR name = ?)
                ORDER BY created DESC, name LIMIT ?
                """,
            arguments: [Resource.kind, name, name, limit]
        )
        return try bodies.map { try Self.decode(type, from: $0) }
    }

    /// How many resources of a kind there are in each status.
    package func census<Resource: StoredResource>(_ type: Resource.Type) throws -> [String: Int] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT status, count(*) AS number FROM resource WHERE kind = ? GROUP BY status",
            arguments: [Resource.kind]
        )
        return Dictionary(rows.map { ($0["status"], $0["number"]) }) { first, _ in first }
    }
}
