import Foundation
import Store
import Testing

@Suite struct AuditDatabaseTests {
    private struct Note: Codable, Sendable, Equatable {
        let text: String
    }

    @Test func `entries are found by time, principal and action, and stay`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "audit.sqlite").path
        let database = try AuditDatabase(file: file)
        let entries = [
            (1.0, "user/ada", "s3:PutObject"), (2, "user/eve", "s3:PutObject"), (3, "user/ada", "iam:X"),
        ]
        for (time, principal, action) in entries {
            try await database.append(
                time: time,
                principal: principal,
                action: action,
                entry: Note(text: "\(time)")
            )
        }
        func texts(_ filter: AuditDatabase.Filter) async throws -> [String] {
            try await database.entries(Note.self, filter).map(\.text)
        }
        #expect(try await texts(.init()) == ["1.0", "2.0", "3.0"])
        #expect(try await texts(.init(limit: 2)) == ["2.0", "3.0"])
        #expect(try await texts(.init(since: 2)) == ["2.0", "3.0"])
        #expect(try await texts(.init(principal: "ada")) == ["1.0", "3.0"])
        #expect(try await texts(.init(action: "s3:")) == ["1.0", "2.0"])
        try database.close()
        #expect(try await AuditDatabase(file: file).entries(Note.self, .init()).count == 3)
    }

    @Test func `entries that nobody waits for are found at once, in their order, and stay`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "audit.sqlite").path
        let database = try AuditDatabase(file: file)
        func enqueue(_ numbers: Range<Int>) {
            for number in numbers {
                database.enqueue(
                    time: Double(number),
                    principal: "user/ada",
                    action: "s3:PutObject",
                    entry: Note(text: "\(number)")
                ) { Issue.record($0) }
            }
        }
        enqueue(0..<500)
        let found = try await database.entries(Note.self, .init(limit: 1000)).map(\.text)
        #expect(found == (0..<500).map(String.init))
        enqueue(500..<700)
        try database.close()
        #expect(try await AuditDatabase(file: file).entries(Note.self, .init(limit: 1000)).count == 700)
    }
}
