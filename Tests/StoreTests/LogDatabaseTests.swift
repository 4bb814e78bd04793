import Foundation
import Resources
import Store
import Testing

/// A log database in a folder that goes away with it.
private struct Logs: ~Copyable {
    let database: LogDatabase
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try LogDatabase(file: folder.appending(path: "logs.sqlite").path)
    }

    deinit {
        // A folder that stays behind in the temporary directory fails no test.
        try? FileManager.default.removeItem(at: folder)
    }
}

@Suite struct LogDatabaseTests {
    private let scope = Scope(account: .standard, region: .standard)

    private func lines(_ numbers: ClosedRange<Int>) -> [LogRecord] {
        numbers.map { LogRecord(timeMS: 1000 + $0, message: "line \($0)") }
    }

    @Test func `what is appended makes its group and stream`() async throws {
        let logs = try Logs()
        try await logs.database.append(
            group: "g",
            stream: "s",
            scope: scope,
            lines: lines(1...3),
            nowMS: 5000
        )
        let groups = try await logs.database.groups(
            prefix: nil,
            containing: nil,
            after: nil,
            limit: 10,
            in: scope
        )
        #expect(groups.map(\.name) == ["g"])
        #expect(groups.map(\.createdMS) == [5000])
        #expect(groups.map(\.storedBytes) == [18])
        let streams = try await logs.database.streams(
            group: "g",
            prefix: nil,
            order: .name,
            descending: false,
            offset: 0,
            limit: 10,
            in: scope
        )
        #expect(streams.map(\.name) == ["s"])
        #expect(streams.map(\.firstEventMS) == [1001])
        #expect(streams.map(\.lastEventMS) == [1003])
        #expect(streams.map(\.lastIngestionMS) == [5000])
    }

    @Test func `events of one time stay in the order of their arrival`() async throws {
        let logs = try Logs()
        let first = ["a", "b", "c"].map { LogRecord(timeMS: 7, message: $0) }
        try await logs.database.append(group: "g", stream: "s", scope: scope, lines: first, nowMS: 1)
        let second = [LogRecord(timeMS: 6, message: "early"), LogRecord(timeMS: 7, message: "d")]
        try await logs.database.append(group: "g", stream: "s", scope: scope, lines: second, nowMS: 2)
        for edge in [LogWindow.Edge.head, .tail] {
            let events = try await logs.database.events(
                group: "g",
                stream: "s",
                scope: scope,
                window: LogWindow(from: edge, limit: 10)
            )
            #expect(events.map(\.message) == ["early", "a", "b", "c", "d"])
        }
    }

    @Test func `a window begins with its start and ends before its end`() async throws {
        let logs = try Logs()
        try await logs.database.append(group: "g", stream: "s", scope: scope, lines: lines(1...9), nowMS: 1)
        let window = LogWindow(startMS: 1003, endMS: 1006, from: .head, limit: 10)
        let events = try await logs.database.events(group: "g", stream: "s", scope: scope, window: window)
        #expect(events.map(\.timeMS) == [1003, 1004, 1005])
    }

    @Test func `pages follow each other in both directions`() async throws {
        let logs = try Logs()
        try await logs.database.append(group: "g", stream: "s", scope: scope, lines: lines(1...5), nowMS: 1)
        func page(_ edge: LogWindow.Edge) async throws -> [LogEvent] {
            try await logs.database.events(
                group: "g",
                stream: "s",
                scope: scope,
                window: LogWindow(from: edge, limit: 2)
            )
        }
        let head = try await page(.head)
        #expect(head.map(\.timeMS) == [1001, 1002])
        #expect(try await page(.after(#require(head.last).position)).map(\.timeMS) == [1003, 1004])
        let tail = try await page(.tail)
        #expect(tail.map(\.timeMS) == [1004, 1005])
        #expect(try await page(.before(#require(tail.first).position)).map(\.timeMS) == [1002, 1003])
    }

    @Test func `a page stops before it grows too large but never stays empty`() async throws {
        let logs = try Logs()
        let big = (0..<4).map { LogRecord(timeMS: $0, message: String(repeating: "x", count: 400_000)) }
        try await logs.database.append(group: "g", stream: "s", scope: scope, lines: big, nowMS: 1)
        let two = try await logs.database.events(
            group: "g",
            stream: "s",
            scope: scope,
            window: LogWindow(from: .head, limit: 10)
        )
        #expect(two.map(\.timeMS) == [0, 1])
        let one = try await logs.database.events(
            group: "g",
            stream: "s",
            scope: scope,
            window: LogWindow(from: .tail, limit: 10, maximumBytes: 10)
        )
        #expect(one.map(\.timeMS) == [3])
    }

    @Test func `a search goes through the streams of a group in one order`() async throws {
        let logs = try Logs()
        for (stream, offset) in [("a/1", 0), ("a/2", 1), ("b/1", 2)] {
            let records = (0..<3).map { LogRecord(timeMS: 10 * $0 + offset, message: "\(stream) \($0)") }
            try await logs.database.append(group: "g", stream: stream, scope: scope, lines: records, nowMS: 1)
        }
        var found: [String] = []
        var after: LogPosition?
        repeat {
            let page = try await logs.database.filter(
                group: "g",
                streams: .prefix("a/"),
                scope: scope,
                startMS: nil,
                endMS: 20,
                after: after,
                limit: 3,
                matching: { _ in true }
            )
            found += page.events.map(\.message)
            after = page.next
        } while after != nil
        #expect(found == ["a/1 0", "a/2 0", "a/1 1", "a/2 1"])
        let named = try await logs.database.filter(
            group: "g",
            streams: .names(["b/1"]),
            scope: scope,
            startMS: 10,
            endMS: nil,
            after: nil,
            limit: 10,
            matching: { $0.hasSuffix("2") }
        )
        #expect(named.events.map(\.message) == ["b/1 2"])
        #expect(named.next == nil)
    }

    @Test func `what is missing or there already is said`() async throws {
        let logs = try Logs()
        let database = logs.database
        await #expect(throws: LogDatabaseError.groupMissing) {
            try await database.put(group: "g", stream: "s", scope: scope, lines: [], nowMS: 1)
        }
        try await database.createGroup("g", in: scope, nowMS: 1)
        await #expect(throws: LogDatabaseError.groupExists) {
            try await database.createGroup("g", in: scope, nowMS: 1)
        }
        await #expect(throws: LogDatabaseError.streamMissing) {
            try await database.put(group: "g", stream: "s", scope: scope, lines: [], nowMS: 1)
        }
        try await database.createStream("s", group: "g", in: scope, nowMS: 1)
        await #expect(throws: LogDatabaseError.streamExists) {
            try await database.createStream("s", group: "g", in: scope, nowMS: 1)
        }
        let elsewhere = Scope(account: .standard, region: try #require(Region("eu-west-1")))
        await #expect(throws: LogDatabaseError.groupMissing) {
            try await database.deleteGroup("g", in: elsewhere)
        }
    }

    @Test func `what is deleted is gone with its events`() async throws {
        let logs = try Logs()
        try await logs.database.append(group: "g", stream: "s", scope: scope, lines: lines(1...3), nowMS: 1)
        try await logs.database.append(group: "g", stream: "t", scope: scope, lines: lines(1...2), nowMS: 1)
        try await logs.database.deleteStream("s", group: "g", in: scope)
        let groups = try await logs.database.groups(
            prefix: "g",
            containing: nil,
            after: nil,
            limit: 1,
            in: scope
        )
        #expect(groups.map(\.storedBytes) == [12])
        try await logs.database.deleteGroup("g", in: scope)
        try await logs.database.append(group: "g", stream: "s", scope: scope, lines: [], nowMS: 1)
        let events = try await logs.database.events(
            group: "g",
            stream: "s",
            scope: scope,
            window: LogWindow(from: .head, limit: 10)
        )
        #expect(events.isEmpty)
    }

    @Test func `groups and streams are listed by prefix, part and order`() async throws {
        let logs = try Logs()
        let database = logs.database
        for name in ["/aws/b", "/aws/a", "other%_"] {
            try await database.createGroup(name, in: scope, nowMS: 1)
        }
        func names(prefix: String? = nil, part: String? = nil, after: String? = nil) async throws -> [String]
        {
            try await database.groups(prefix: prefix, containing: part, after: after, limit: 2, in: scope)
                .map(\.name)
        }
        #expect(try await names() == ["/aws/a", "/aws/b"])
        #expect(try await names(after: "/aws/b") == ["other%_"])
        #expect(try await names(prefix: "/aws/") == ["/aws/a", "/aws/b"])
        #expect(try await names(part: "THER%") == ["other%_"])
        for (stream, time) in [("x1", 3), ("x2", 1), ("y", 2)] {
            let line = LogRecord(timeMS: time, message: "")
            try await database.append(group: "/aws/a", stream: stream, scope: scope, lines: [line], nowMS: 1)
        }
        let latest = try await database.streams(
            group: "/aws/a",
            prefix: nil,
            order: .lastEvent,
            descending: true,
            offset: 0,
            limit: 2,
            in: scope
        )
        #expect(latest.map(\.name) == ["x1", "y"])
        let second = try await database.streams(
            group: "/aws/a",
            prefix: "x",
            order: .name,
            descending: false,
            offset: 1,
            limit: 2,
            in: scope
        )
        #expect(second.map(\.name) == ["x2"])
    }

    @Test func `positions keep their order as digits`() throws {
        let positions = [
            LogPosition.start, LogPosition(timeMS: 9, serial: 10), LogPosition(timeMS: 10, serial: 9),
            LogPosition(timeMS: 1_712_345_678_123, serial: .max),
        ]
        #expect(positions.map(\.digits) == positions.map(\.digits).sorted())
        for position in positions { #expect(LogPosition(digits: position.digits) == position) }
        #expect(LogPosition(digits: "12") == nil)
        #expect(LogPosition(digits: String(repeating: "9", count: 35)) == nil)
        #expect(LogPosition(digits: String(repeating: "x", count: 35)) == nil)
    }

    @Test func `samples of a job are read back by metric and time`() async throws {
        let logs = try Logs()
        let samples = [
            StoredSample(name: "rmse", time: 2, value: 0.5), StoredSample(name: "rmse", time: 1, value: 0.75),
            StoredSample(name: "auc", time: 1, value: 0.25), StoredSample(name: "auc", time: 3, value: .nan),
        ]
        try await logs.database.appendSamples(samples, job: "j", scope: scope)
        try await logs.database.appendSamples([samples[0]], job: "other", scope: scope)
        #expect(
            try await logs.database.samples(job: "j", scope: scope) == [samples[2], samples[1], samples[0]]
        )
        #expect(try await logs.database.samples(job: "j", scope: scope, name: "auc") == [samples[2]])
        #expect(try await logs.database.lastSamples(job: "j", scope: scope) == [samples[2], samples[0]])
        try await logs.database.deleteSamples(job: "j", scope: scope)
        #expect(try await logs.database.samples(job: "j", scope: scope).isEmpty)
    }
}
