import GRDB
package import Resources

/// A group of log streams, such as `/aws/sagemaker/TrainingJobs`.
package struct LogGroup: Sendable, Equatable {
    package let name: String
    /// Milliseconds since the epoch.
    package let createdMS: Int
    /// Bytes of all messages.
    package let storedBytes: Int
    /// How long events are kept; `nil` for ever.
    package let retentionDays: Int?
}

/// A sequence of events from one source.
package struct LogStream: Sendable, Equatable {
    package let name: String
    /// Milliseconds since the epoch.
    package let createdMS: Int
    /// Times of the earliest and latest event in milliseconds; `nil` as long as there is none.
    package let firstEventMS: Int?
    package let lastEventMS: Int?
    package let lastIngestionMS: Int?
}

/// The order of a list of streams.
package enum LogStreamOrder: Sendable {
    case name
    /// Streams without an event count as oldest.
    case lastEvent
}

extension LogDatabase {
    /// Adds a group.
    ///
    /// - Throws: `LogDatabaseError.groupExists`.
    package func createGroup(_ name: String, in scope: Scope, nowMS: Int) async throws {
        try await write { database in
            guard try groupID(name, scope, database) == nil else { throw LogDatabaseError.groupExists }
            _ = try insertGroup(name, scope, nowMS, retentionDays: nil, database)
        }
    }

    /// Removes a group with its streams and events.
    ///
    /// - Throws: `LogDatabaseError.groupMissing`.
    package func deleteGroup(_ name: String, in scope: Scope) async throws {
        try await write { database in
            let id = try requiredGroupID(name, scope, database)
            try database.execute(sql: "DELETE FROM log_event WHERE group_id = ?", arguments: [id])
            try database.execute(sql: "DELETE FROM log_stream WHERE group_id = ?", arguments: [id])
            try database.execute(sql: "DELETE FROM log_group WHERE id = ?", arguments: [id])
        }
    }

    /// Groups in the order of their names.
    ///
    /// Their names begin with `prefix`, contain `part` in any case, and come after `after`, the last name of the
    /// page before.
    package func groups(
        prefix: String?,
        containing part: String?,
        after: String?,
        limit: Int,
        in scope: Scope
    ) async throws -> [LogGroup] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT name, created, bytes, retention FROM log_group
                    WHERE account = ? AND region = ? AND name > ? AND substr(name, 1, length(?)) = ?
                        AND instr(lower(name), ?) > 0
                    ORDER BY name LIMIT ?
                    """,
                arguments: [
                    scope.account.description, scope.region.description, after ?? "", prefix ?? "",
                    prefix ?? "",
                    part?.lowercased() ?? "", limit,
                ]
            ).map {
                LogGroup(
                    name: $0["name"],
                    createdMS: $0["created"],
                    storedBytes: $0["bytes"],
                    retentionDays: $0["retention"]
                )
            }
        }
    }

    /// Adds a stream to a group that exists.
    ///
    /// - Throws: `LogDatabaseError.groupMissing` or `.streamExists`.
    package func createStream(_ name: String, group: String, in scope: Scope, nowMS: Int) async throws {
        try await write { database in
            let groupID = try requiredGroupID(group, scope, database)
            guard try streamID(name, groupID, database) == nil else { throw LogDatabaseError.streamExists }
            _ = try insertStream(name, groupID, nowMS, database)
        }
    }

    /// Removes a stream with its events.
    ///
    /// - Throws: `LogDatabaseError.groupMissing` or `.streamMissing`.
    package func deleteStream(_ name: String, group: String, in scope: Scope) async throws {
        try await write { database in
            let groupID = try requiredGroupID(group, scope, database)
            let id = try requiredStreamID(name, groupID, database)
            try database.execute(
                sql: """
                    UPDATE log_group SET bytes = bytes - (
                        SELECT coalesce(sum(length(CAST(message AS BLOB))), 0) FROM log_event WHERE stream_id = ?
                    ) WHERE id = ?
                    """,
                arguments: [id, groupID]
            )
            try database.execute(sql: "DELETE FROM log_event WHERE stream_id = ?", arguments: [id])
            try database.execute(sql: "DELETE FROM log_stream WHERE id = ?", arguments: [id])
        }
    }

    /// Streams of a group.
    ///
    /// Their names begin with `prefix`; `offset` streams are passed over, those of the pages before. Throws
    /// `LogDatabaseError.groupMissing`.
    package func streams(
        group: String,
        prefix: String?,
        order: LogStreamOrder,
        descending: Bool,
        offset: Int,
        limit: Int,
        in scope: Scope
    ) async throws -> [LogStream] {
        let direction = descending ? "DESC" : "ASC"
        let key =
            switch order {
            case .name: "name \(direction)"
            case .lastEvent: "coalesce(last_event, 0) \(direction), name \(direction)"
            }
        return try await read { database in
            let groupID = try requiredGroupID(group, scope, database)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT name, created, first_event, last_event, last_ingestion FROM log_stream
                    WHERE group_id = ? AND substr(name, 1, length(?)) = ? ORDER BY \(key) LIMIT ? OFFSET ?
                    """,
                arguments: [groupID, prefix ?? "", prefix ?? "", limit, offset]
            ).map {
                LogStream(
                    name: $0["name"],
                    createdMS: $0["created"],
                    firstEventMS: $0["first_event"],
                    lastEventMS: $0["last_event"],
                    lastIngestionMS: $0["last_ingestion"]
                )
            }
        }
    }
}

/// The row of a group, or `nil`.
func groupID(_ name: String, _ scope: Scope, _ database: Database) throws -> Int64? {
    try Int64.fetchOne(
        database.cachedStatement(
            sql: "SELECT id FROM log_group WHERE account = ? AND region = ? AND name = ?"
        ),
        arguments: [scope.account.description, scope.region.description, name]
    )
}

/// The row of a group.
///
/// - Throws: `LogDatabaseError.groupMissing`.
func requiredGroupID(_ name: String, _ scope: Scope, _ database: Database) throws -> Int64 {
    guard let id = try groupID(name, scope, database) else { throw LogDatabaseError.groupMissing }
    return id
}

/// The row of a stream, or `nil`.
func streamID(_ name: String, _ groupID: Int64, _ database: Database) throws -> Int64? {
    try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT id FROM log_stream WHERE group_id = ? AND name = ?"),
        arguments: [groupID, name]
    )
}

/// The row of a stream.
///
/// - Throws: `LogDatabaseError.streamMissing`.
func requiredStreamID(_ name: String, _ groupID: Int64, _ database: Database) throws -> Int64 {
    guard let id = try streamID(name, groupID, database) else { throw LogDatabaseError.streamMissing }
    return id
}

/// Adds the row of a group and tells its number.
func insertGroup(
    _ name: String,
    _ scope: Scope,
    _ nowMS: Int,
    retentionDays: Int?,
    _ database: Database
) throws -> Int64 {
    try database.execute(
        sql: "INSERT INTO log_group (account, region, name, created, retention) VALUES (?, ?, ?, ?, ?)",
        arguments: [scope.account.description, scope.region.description, name, nowMS, retentionDays]
    )
    return database.lastInsertedRowID
}

/// Adds the row of a stream and tells its number.
func insertStream(_ name: String, _ groupID: Int64, _ nowMS: Int, _ database: Database) throws -> Int64 {
    try database.execute(
        sql: "INSERT INTO log_stream (group_id, name, created) VALUES (?, ?, ?)",
        arguments: [groupID, name, nowMS]
    )
    return database.lastInsertedRowID
}
