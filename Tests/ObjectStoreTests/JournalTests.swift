import Foundation
import NIOCore
import ObjectStore
import Testing

/// Small objects whose own files may still be in memory when they are acknowledged.
@Suite struct JournalTests {
    private let temporary: TemporaryStore

    /// The journal is settled when a test says so.
    init() throws { temporary = try TemporaryStore(rest: .seconds(3600)) }

    /// What a power cut leaves of a file that was never flushed: nothing, an empty one, zeros, half of it.
    enum Ruin: CaseIterable {
        case gone, empty, zeros, half

        func happen(to path: String) throws {
            let content = try Data(contentsOf: URL(filePath: path))
            try FileManager.default.removeItem(atPath: path)
            let left: Data
            switch self {
            case .gone: return
            case .empty: left = Data()
            case .zeros: left = Data(count: content.count)
            case .half: left = content.prefix(content.count / 2)
            }
            #expect(FileManager.default.createFile(atPath: path, contents: left))
        }
    }

    @Test(arguments: Ruin.allCases)
    func `a power cut takes nothing that was acknowledged`(_ ruin: Ruin) async throws {
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let sizes = [1, 1000, 16 << 10]
        var paths: [String] = []
        for size in sizes {
            paths.append(store.filePath(of: try await store.put(noise(size), "k\(size)", in: bucket)))
        }
        try await store.put("overwritten", "o", in: bucket)
        let last = try await store.put("last", "o", in: bucket)
        try await store.put("deleted", "d", in: bucket)
        try await store.delete(ObjectKey("d"), in: bucket)
        for path in paths + [store.filePath(of: last)] { try ruin.happen(to: path) }
        let again = try temporary.reopened()
        for size in sizes {
            #expect(try await again.open(ObjectKey("k\(size)"), in: bucket).whole() == noise(size))
        }
        #expect(try await again.text("o", in: bucket) == "last")
        #expect(try temporary.files("objects").count == sizes.count + 1)
        #expect(again.knownDamage.isEmpty)
        #expect(try await again.scrub(before: .distantFuture, limit: 100).damaged.isEmpty)
    }

    @Test func `what is on the disk leaves the journal, and later damage is damage`() async throws {
        let bucket = try await temporary.bucket()
        let record = try await temporary.store.put("kept", "k", in: bucket)
        #expect(await temporary.store.unsettledCount == 1)
        await temporary.store.settle()
        #expect(await temporary.store.unsettledCount == 0)
        try Ruin.zeros.happen(to: temporary.store.filePath(of: record))
        let again = try temporary.reopened()
        await #expect(throws: ObjectStoreError.self) { try await again.text("k", in: bucket) }
    }

    @Test func `files are settled by themselves after a moment`() async throws {
        let temporary = try TemporaryStore(rest: .milliseconds(200))
        let bucket = try await temporary.bucket()
        for number in 0..<20 { try await temporary.store.put("\(number)", "k\(number)", in: bucket) }
        let deadline = ContinuousClock.now + .seconds(30)
        while await temporary.store.unsettledCount > 0, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(await temporary.store.unsettledCount == 0)
    }

    @Test func `a copy of such an object survives by itself`() async throws {
        let bucket = try await temporary.bucket()
        let source = try await temporary.store.put("text", "a", in: bucket)
        let copy = try await temporary.store.copy(source, to: ObjectKey("b"), in: bucket)
        // The copy has the file; the power takes the name of the original.
        try Ruin.gone.happen(to: temporary.store.filePath(of: source))
        let again = try temporary.reopened()
        #expect(try await again.text("a", in: bucket) == "text")
        #expect(try await again.text("b", in: bucket) == "text")
        #expect(again.filePath(of: copy) != again.filePath(of: source))
    }
}
