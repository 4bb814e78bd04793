import GRDB
package import Resources

/// A line to be stored.
package struct LogRecord: Sendable, Equatable {
    /// Milliseconds since the epoch.
    package let timeMS: Int
    package let message: String

    package init(timeMS: Int, message: String) {
        self.timeMS = timeMS
        self.message = message
    }
}

/// A stored line.
package struct LogEvent: Sendable, Equatable {
    package let stream: String
    /// Milliseconds since the epoch.
    package let timeMS: Int
    package let ingestionMS: Int
    package let message: String
    package let position: LogPosition
}

/// A place in the order of events: by time, and within one time by arrival.
package struct LogPosition: Sendable, Hashable, Comparable {
    package let timeMS: Int
    /// Grows with every stored event.
    package let serial: Int64

    package init(timeMS: Int, serial: Int64) {
        self.timeMS = timeMS
        self.serial = serial
    }

    /// Before every event.
    package static let start = LogPosition(timeMS: 0, serial: 0)

    package static func < (left: LogPosition, right: LogPosition) -> Bool {
        (left.timeMS, left.serial) < (right.timeMS, right.serial)
    }

    /// Thirty-five digits, which sort as the positions do.
    package var digits: String {
        func padded(_ number: String, to count: Int) -> String {
            String(repeating: "0", count: max(0, count - number.count)) + number
        }
        return padded(String(timeMS), to: 16) + padded(String(serial), to: 19)
    }

    /// Reads `digits` back; `nil` for anything else.
    package init?(digits: some StringProtocol) {
        guard digits.utf8.count == 35, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let timeMS = Int(digits.prefix(16)), let serial = Int64(digits.suffix(19))
        else { return nil }
        self.init(timeMS: timeMS, serial: serial)
    }
}

/// Which events of a stream, and in which direction.
package struct LogWindow: Sendable {
    /// Inclusive, milliseconds.
    package var startMS: Int?
    /// Exclusive, milliseconds.
    package var endMS: Int?
    package var from: Edge
    /// Most events, at least 1.
    package var limit: Int
    /// Most bytes of messages, each counted with `LogWindow.overhead`; one event is always given.
    package var maximumBytes: Int

    /// What an event counts beside its message, in bytes (quotas of the service).
    package static let overhead = 26

    package init(startMS: Int? = nil, endMS: Int? = nil, from: Edge, limit: Int, maximumBytes: Int = 1 << 20)
    {
        self.startMS = startMS
        self.endMS = endMS
        self.from = from
        self.limit = limit
        self.maximumBytes = maximumBytes
    }

    package enum Edge: Sendable, Equatable {
        /// The earliest events.
        case head
        /// The latest events.
        case tail
        /// The earliest events after a position.
        case after(LogPosition)
        /// The latest events before a position.
        case before(LogPosition)

        /// Whether events are taken from late to early.
        var isBackward: Bool {
            switch self {
            case .head, .after: false
            case .tail, .before: true
            }
        }
    }
}

extension LogDatabase {
    /// Stores lines, making the group and the stream if they are not there: what the platform itself calls.
    ///
    /// `nowMS` is the time of ingestion in milliseconds since the epoch.
    package func append(
        group: String,
        stream: String,
        scope: Scope,
        lines: [LogRecord],
        nowMS: Int
    ) async throws {
        try await write { database in
            let groupID =
                try groupID(group, scope, database)
                ?? insertGroup(
                    group,
                    scope,
                    nowMS,
                    retentionDays: Self.defaultRetentionDays,
                    database
                )
            let streamID =
                try streamID(stream, groupID, database) ?? insertStream(stream, groupID, nowMS, database)
            try Self.insert(lines, groupID: groupID, streamID: streamID, nowMS: nowMS, database)
        }
    }

    /// Stores lines in a stream that exists.
    ///
    /// - Throws: `LogDatabaseError.groupMissing` or `.streamMissing`.
    package func put(
        group: String,
        stream: String,
        scope: Scope,
        lines: [LogRecord],
        nowMS: Int
    ) async throws {
        try await write { database in
            let groupID = try requiredGroupID(group, scope, database)
            let streamID = try requiredStreamID(stream, groupID, database)
            try Self.insert(lines, groupID: groupID, streamID: streamID, nowMS: nowMS, database)
        }
    }

    /// Events of one stream, always from early to late.
    ///
    /// - Throws: `LogDatabaseError.groupMissing` or `.streamMissing`.
    package func events(
        group: String,
        stream: String,
        scope: Scope,
        window: LogWindow
    ) async throws -> [LogEvent] {
        try await read { database in
            let groupID = try requiredGroupID(group, scope, database)
            let streamID = try requiredStreamID(stream, groupID, database)
            var query = EventQuery(column: "stream_id", id: streamID)
            query.restrict(startMS: window.startMS, endMS: window.endMS)
            switch window.from {
            case .head, .tail: break
            case .after(let position): query.restrict(after: position)
            case .before(let position): query.restrict(before: position)
            }
            let rows = try query.cursor(database, window.from.isBackward ? .newestFirst : .oldestFirst)
            var events: [LogEvent] = []
            var bytes = 0
            while events.count < window.limit, let row = try rows.next() {
                let event = LogEvent(row, stream: stream)
                bytes += event.message.utf8.count + LogWindow.overhead
                if bytes > window.maximumBytes, !events.isEmpty { break }
                events.append(event)
            }
            return window.from.isBackward ? events.reversed() : events
        }
    }

    /// A page of the events of a group that `matches` accepts, in the order of their positions.
    ///
    /// `after` is the last position that the page before looked at. Beside the events stands where the next
    /// page begins, `nil` if everything was looked at; a page may be empty and yet not the last, because at
    /// most a fixed number of events is looked at. Throws `LogDatabaseError.groupMissing`, or `.streamMissing`
    /// for a stream that is named but not there.
    package func filter(
        group: String,
        streams: LogStreamSelection,
        scope: Scope,
        startMS: Int?,
        endMS: Int?,
        after: LogPosition?,
        limit: Int,
        matching matches: @escaping @Sendable (String) -> Bool
    ) async throws -> (events: [LogEvent], next: LogPosition?) {
        try await read { database in
            let groupID = try requiredGroupID(group, scope, database)
            let names = try Self.selected(streams, groupID: groupID, database)
            var query = EventQuery(column: "group_id", id: groupID)
            query.restrict(startMS: startMS, endMS: endMS)
            if let after { query.restrict(after: after) }
            let rows = try query.cursor(database, .oldestFirst)
            var events: [LogEvent] = []
            var bytes = 0
            var last: LogPosition?
            for _ in 0..<Self.maximumExamined {
                if events.count == limit || bytes > 1 << 20 { return (events, last) }
                guard let row = try rows.next() else { return (events, nil) }
                let position = LogPosition(timeMS: row["time"], serial: row["id"])
                last = position
                guard let name = names[row["stream_id"]] else { continue }
                let event = LogEvent(row, stream: name)
                guard matches(event.message) else { continue }
                bytes += event.message.utf8.count + LogWindow.overhead
                events.append(event)
            }
            return (events, last)
        }
    }

    /// Events that one page of `filter` looks at: some tens of milliseconds of work.
    private static let maximumExamined = 50_000

    private static func selected(
        _ selection: LogStreamSelection,
        groupID: Int64,
        _ database: Database
    ) throws -> [Int64: String] {
        switch selection {
        case .prefix(let prefix):
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT id, name FROM log_stream WHERE group_id = ? AND substr(name, 1, length(?)) = ?",
                arguments: [groupID, prefix, prefix]
            )
            return Dictionary(rows.map { ($0["id"], $0["name"]) }) { first, _ in first }
        case .names(let names):
            var selected: [Int64: String] = [:]
            for name in names { selected[try requiredStreamID(name, groupID, database)] = name }
            return selected
        }
    }

    private static func insert(
        _ lines: [LogRecord],
        groupID: Int64,
        streamID: Int64,
        nowMS: Int,
        _ database: Database
    ) throws {
        guard let first = lines.map(\.timeMS).min(), let last = lines.map(\.timeMS).max() else { return }
        let statement = try database.cachedStatement(
            sql:
                "INSERT INTO log_event (group_id, stream_id, time, ingestion, message) VALUES (?, ?, ?, ?, ?)"
        )
        for line in lines {
            try statement.execute(arguments: [groupID, streamID, line.timeMS, nowMS, line.message])
        }
        try database.execute(
            sql: """
                UPDATE log_stream SET first_event = min(coalesce(first_event, ?1), ?1),
                    last_event = max(coalesce(last_event, ?2), ?2), last_ingestion = ?3 WHERE id = ?4
                """,
            arguments: [first, last, nowMS, streamID]
        )
        try database.execute(
            sql: "UPDATE log_group SET bytes = bytes + ? WHERE id = ?",
            arguments: [lines.reduce(0) { $0 + $1.message.utf8.count }, groupID]
        )
    }
}

/// Which streams of a group a search looks at.
package enum LogStreamSelection: Sendable {
    /// Those whose name begins so; the empty prefix is all.
    case prefix(String)
    case names([String])
}

/// A selection of events that an index answers in order.
private struct EventQuery {
    private var conditions: String
    private var arguments: StatementArguments

    init(column: String, id: Int64) {
        conditions = "\(column) = ?"
        arguments = [id]
    }

    mutating func restrict(startMS: Int?, endMS: Int?) {
        if let startMS { add("time >= ?", [startMS]) }
        if let endMS { add("time < ?", [endMS]) }
    }

    mutating func restrict(after position: LogPosition) {
        add("(time, id) > (?, ?)", [position.timeMS, position.serial])
    }

    mutating func restrict(before position: LogPosition) {
        add("(time, id) < (?, ?)", [position.timeMS, position.serial])
    }

    private mutating func add(_ condition: String, _ values: StatementArguments) {
        conditions += " AND " + condition
        arguments += values
    }

    /// The raw value is SQL's word for it.
    enum Order: String {
        case oldestFirst = "ASC"
        case newestFirst = "DESC"
    }

    func cursor(_ database: Database, _ order: Order) throws -> RowCursor {
        try Row.fetchCursor(
            database,
            sql: """
                SELECT id, stream_id, time, ingestion, message FROM log_event
                WHERE \(conditions) ORDER BY time \(order.rawValue), id \(order.rawValue)
                """,
            arguments: arguments
        )
    }
}

extension LogEvent {
    fileprivate init(_ row: Row, stream: String) {
        self.init(
            stream: stream,
            timeMS: row["time"],
            ingestionMS: row["ingestion"],
            message: row["message"],
            position: LogPosition(timeMS: row["time"], serial: row["id"])
        )
    }
}
