import ControlPlane
import Foundation
import ObjectStore
import Resources
import Store
import Testing

@Suite struct DamageHistoryTests {
    private func damage(_ object: String, found: Double) throws -> Damage {
        let text = """
            {"object":"\(object)","path":"/objects/1","reason":"It is missing.","found":\(found)}
            """
        return try JSONDecoder().decode(Damage.self, from: Data(text.utf8))
    }

    private func withDatabase(_ body: (StateDatabase) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "clary-damage-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(StateDatabase(file: folder.appending(path: "state.sqlite").path))
    }

    @Test func `damage is told once, and again when it comes again`() async throws {
        try await withDatabase { database in
            let scope = Scope(account: .standard, region: .standard)
            let history = DamageHistory(database: database) { $0 == "gone" ? nil : scope }
            let (first, second) = (
                try damage("s3://b/a/k: 1", found: 1), try damage("s3://b/other", found: 2)
            )
            try await history.record([first])
            try await history.record([first])
            try await history.record([first, second, damage("s3://gone/k", found: 3)])
            try await history.record([second])
            try await history.record([])
            try await history.record([first])
            let events = try database.read { try $0.events(after: 0, limit: 10) }.map(\.event)
            #expect(
                events.map(\.arn)
                    == [first, second, first].map {
                        "arn:aws:s3:us-east-1:000000000000:stored-object/\($0.object.dropFirst(5))"
                    }
            )
        }
    }

    @Test func `it has the form of an event of S3`() async throws {
        try await withDatabase { database in
            let scope = Scope(account: .standard, region: .standard)
            try await DamageHistory(database: database) { _ in scope }.record([
                damage("s3://bucket/a:b//c", found: 0)
            ])
            let change = try database.read { transaction in
                let (number, event) = try #require(try transaction.events(after: 0, limit: 1).first)
                return try #require(try StateChange(number: number, event: event, in: transaction))
            }
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(change.document)) as? [String: Any]
            )
            #expect(document["source"] as? String == "clary.s3")
            #expect(document["detail-type"] as? String == "Stored Object Damaged")
            #expect(document["resources"] as? [String] == ["arn:aws:s3:::bucket/a:b//c"])
            let detail = try #require(document["detail"] as? [String: Any])
            #expect(detail["bucket"] as? [String: String] == ["name": "bucket"])
            #expect(detail["object"] as? [String: String] == ["key": "a:b//c"])
            #expect(detail["reason"] as? String == "It is missing.")
        }
    }
}
