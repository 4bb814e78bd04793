import GRDB

/// A change of a resource's status, as it happened.
package struct StatusEvent: Sendable, Equatable {
    package let arn: String
    /// Seconds since the epoch.
    package let time: Double
    package let status: String
    package let message: String

    package init(arn: String, time: Double, status: String, message: String) {
        self.arn = arn
        self.time = time
        self.status = status
        self.message = message
    }
}

/// A stretch of time in which a resource used instances: what a price is put on.
package struct UsageRecord: Sendable, Equatable {
    package let arn: String
    /// `training`, `hosting`, …: the price list's component.
    package let component: String
    package let instanceType: String
    package let instanceCount: Int
    /// Seconds since the epoch.
    package let start: Double
    /// Absent while the use goes on.
    package let end: Double?
    package let bytesIn: Int
    package let bytesOut: Int

    package init(
        arn: String,
        component: String,
        instanceType: String,
        instanceCount: Int,
        start: Double,
        end: Double?,
        bytesIn: Int = 0,
        bytesOut: Int = 0
    ) {
        self.arn = arn
        self.component = component
        self.instanceType = instanceType
        self.instanceCount = instanceCount
        self.start = start
        self.end = end
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
    }
}

extension StateTransaction {
    /// Appends to the history of a resource.
    package func record(_ event: StatusEvent) throws {
        try database.execute(
            sql: "INSERT INTO event (arn, time, status, message) VALUES (?, ?, ?, ?)",
            arguments: [event.arn, event.time, event.status, event.message]
        )
    }

    /// The history of a resource, oldest first.
    package func events(of arn: String) throws -> [StatusEvent] {
        try Row.fetchAll(
            database,
            sql: "SELECT time, status, message FROM event WHERE arn = ? ORDER BY id",
            arguments: [arn]
        ).map { StatusEvent(arn: arn, time: $0["time"], status: $0["status"], message: $0["message"]) }
    }

    /// Changes of every resource after a number, in the order in which they became durable.
    package func events(after number: Int, limit: Int) throws -> [(number: Int, event: StatusEvent)] {
        try Row.fetchAll(
            database,
            sql: "SELECT id, arn, time, status, message FROM event WHERE id > ? ORDER BY id LIMIT ?",
            arguments: [number, limit]
        ).map {
            let event = StatusEvent(
                arn: $0["arn"],
                time: $0["time"],
                status: $0["status"],
                message: $0["message"]
            )
            return ($0["id"], event)
        }
    }

    /// The number of the last change; 0 before the first.
    package func newestEvent() throws -> Int {
        try Int.fetchOne(database, sql: "SELECT max(id) FROM event") ?? 0
    }

    /// Begins a use of instances; `end` is absent.
    package func beginUsage(_ usage: UsageRecord) throws {
        try database.execute(
            sql: """
                INSERT INTO usage
                (arn, component, instance_type, instance_count, start, end, bytes_in, bytes_out)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                usage.arn, usage.component, usage.instanceType, usage.instanceCount, usage.start, usage.end,
                usage.bytesIn, usage.bytesOut,
            ]
        )
    }

    /// Ends every open use of a resource: exactly once, because an ended one is left alone.
    ///
    /// The bytes are the resource's, whatever types of instances it used: they stand with the first use.
    package func endUsage(of arn: String, at end: Double, bytesIn: Int = 0, bytesOut: Int = 0) throws {
        let open = "FROM usage WHERE arn = ? AND end IS NULL"
        let first = try Int.fetchOne(database, sql: "SELECT min(id) \(open)", arguments: [arn])
        try database.execute(
            sql: "UPDATE usage SET bytes_in = bytes_in + ?, bytes_out = bytes_out + ? WHERE id = ?",
            arguments: [bytesIn, bytesOut, first]
        )
        try database.execute(
            sql: "UPDATE usage SET end = max(start, ?) WHERE arn = ? AND end IS NULL",
            arguments: [end, arn]
        )
    }

    /// The uses of a resource, oldest first.
    package func usage(of arn: String) throws -> [UsageRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM usage WHERE arn = ? ORDER BY id", arguments: [arn]).map
        {
            UsageRecord(
                arn: arn,
                component: $0["component"],
                instanceType: $0["instance_type"],
                instanceCount: $0["instance_count"],
                start: $0["start"],
                end: $0["end"],
                bytesIn: $0["bytes_in"],
                bytesOut: $0["bytes_out"]
            )
        }
    }
}
