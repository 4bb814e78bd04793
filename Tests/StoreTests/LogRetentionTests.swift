import Foundation
import Resources
import Store
import Testing

@Suite final class LogRetentionTests {
    private let folder: URL
    private let database: LogDatabase
    private let scope = Scope(account: .standard, region: .standard)
    private static let dayMS = 86_400_000

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "retention-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try LogDatabase(file: folder.appending(path: "logs.sqlite").path)
    }

    deinit {
        // A folder that stays behind in the temporary directory fails no test.
        try? FileManager.default.removeItem(at: folder)
    }

    /// One event of five bytes on each of the days.
    private func append(_ group: String, days: ClosedRange<Int>) async throws {
        let lines = days.map { LogRecord(timeMS: $0 * Self.dayMS, message: "day " + String($0 % 10)) }
        try await database.append(group: group, stream: "s", scope: scope, lines: lines, nowMS: 0)
    }

    private func groups() async throws -> [LogGroup] {
        try await database.groups(prefix: nil, containing: nil, after: nil, limit: 10, in: scope)
    }

    private func days(_ group: String) async throws -> [Int] {
        let window = LogWindow(from: .head, limit: 1000)
        return try await database.events(group: group, stream: "s", scope: scope, window: window)
            .map { $0.timeMS / Self.dayMS }
    }

    @Test func theLogsOfJobsAreKeptForThirtyDaysAndOthersForEver() async throws {
        try await append("jobs", days: 1...50)
        try await database.createGroup("own", in: scope, nowMS: 0)
        try await append("own", days: 1...50)
        #expect(try await groups().map(\.retentionDays) == [30, nil])
        #expect(try await database.removeExpiredEvents(nowMS: 50 * Self.dayMS, limit: 1000) == 19)
        #expect(try await days("jobs") == Array(20...50))
        #expect(try await days("own") == Array(1...50))
        #expect(try await groups().map(\.storedBytes) == [31 * 5, 50 * 5])
    }

    @Test func removalGoesInBatchesAndEndsWithNothingLeft() async throws {
        try await append("jobs", days: 1...50)
        var removed: [Int] = []
        repeat {
            removed.append(try await database.removeExpiredEvents(nowMS: 50 * Self.dayMS, limit: 8))
        } while removed.last != 0
        #expect(removed == [8, 8, 3, 0])
        let streams = try await database.streams(
            group: "jobs",
            prefix: nil,
            order: .name,
            descending: false,
            offset: 0,
            limit: 10,
            in: scope
        )
        #expect(streams.map(\.firstEventMS) == [20 * Self.dayMS])
    }

    @Test func aStreamWithoutEventsStays() async throws {
        try await append("jobs", days: 1...3)
        try await database.setRetention(days: 1, group: "jobs", in: scope)
        #expect(try await database.removeExpiredEvents(nowMS: 50 * Self.dayMS, limit: 10) == 3)
        let streams = try await database.streams(
            group: "jobs",
            prefix: nil,
            order: .lastEvent,
            descending: true,
            offset: 0,
            limit: 10,
            in: scope
        )
        #expect(streams.map(\.name) == ["s"])
        #expect(streams.map(\.lastEventMS) == [nil])
        #expect(try await groups().map(\.storedBytes) == [0])
    }

    @Test func forEverIsForEver() async throws {
        try await append("jobs", days: 1...3)
        try await database.setRetention(days: nil, group: "jobs", in: scope)
        #expect(try await database.removeExpiredEvents(nowMS: 5000 * Self.dayMS, limit: 10) == 0)
        await #expect(throws: LogDatabaseError.groupMissing) {
            try await self.database.setRetention(days: 1, group: "missing", in: self.scope)
        }
    }
}
