import GRDB
package import Resources

extension LogDatabase {
    /// How long the events of groups that the platform makes are kept, in days.
    package static let defaultRetentionDays = 30

    private static let dayMS = 86_400_000

    /// Sets how long a group's events are kept.
    ///
    /// - Parameters:
    ///   - days: At least 1; `nil` for ever.
    ///   - group: Name of the group.
    ///   - scope: Whose it is.
    /// - Throws: `LogDatabaseError.groupMissing`.
    package func setRetention(days: Int?, group: String, in scope: Scope) async throws {
        try await write { database in
            let id = try requiredGroupID(group, scope, database)
            try database.execute(
                sql: "UPDATE log_group SET retention = ? WHERE id = ?",
                arguments: [days, id]
            )
        }
    }

    /// Removes events that are older than their groups keep them, at most a number of them.
    ///
    /// One call is one short transaction, so that writers of logs do not wait. Streams stay, as in the service.
    ///
    /// - Parameters:
    ///   - nowMS: Milliseconds since the epoch.
    ///   - limit: Most events that are removed.
    /// - Returns: How many were removed; 0 when none is left.
    /// - Throws: What SQLite says.
    package func removeExpiredEvents(nowMS: Int, limit: Int) async throws -> Int {
        try await write { database in
            let groups = try Row.fetchAll(
                database,
                sql: "SELECT id, retention FROM log_group WHERE retention IS NOT NULL ORDER BY id"
            )
            var left = limit
            for group in groups where left > 0 {
                let days: Int = group["retention"]
                left -= try Self.removeEvents(
                    of: group["id"],
                    before: nowMS - days * Self.dayMS,
                    limit: left,
                    database
                )
            }
            return limit - left
        }
    }

    private static func removeEvents(
        of group: Int64,
        before timeMS: Int,
        limit: Int,
        _ database: Database
    ) throws -> Int {
        let expired = try Row.fetchAll(
            database,
            sql: """
                SELECT id, stream_id, length(CAST(message AS BLOB)) AS bytes FROM log_event
                WHERE group_id = ? AND time < ? ORDER BY time, id LIMIT ?
                """,
            arguments: [group, timeMS, limit]
        )
        guard !expired.isEmpty else { return 0 }
        let removal = try database.cachedStatement(sql: "DELETE FROM log_event WHERE id = ?")
        for event in expired { try removal.execute(arguments: [event["id"] as Int64]) }
        for stream in Set(expired.map { $0["stream_id"] as Int64 }) {
            try database.execute(
                sql: """
                    UPDATE log_stream SET
                        first_event = (SELECT min(time) FROM log_event WHERE stream_id = ?1),
                        last_event = (SELECT max(time) FROM log_event WHERE stream_id = ?1)
                    WHERE id = ?1
                    """,
                arguments: [stream]
            )
        }
        try database.execute(
            sql: "UPDATE log_group SET bytes = max(0, bytes - ?) WHERE id = ?",
            arguments: [expired.reduce(0) { $0 + ($1["bytes"] as Int) }, group]
        )
        return expired.count
    }
}
