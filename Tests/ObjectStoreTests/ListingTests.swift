import Foundation
import ObjectStore
import Resources
import Testing

@Suite struct ListingTests {
    private func store(_ keys: [String]) async throws -> (TemporaryStore, Bucket) {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        try await withThrowingTaskGroup { group in
            for key in keys { group.addTask { _ = try await temporary.store.put("", key, in: bucket) } }
            try await group.waitForAll()
        }
        return (temporary, bucket)
    }

    /// All entries in the order of a listing with pages of one size; prefixes in brackets.
    private func entries(
        _ store: ObjectStore,
        _ bucket: Bucket,
        _ query: ListQuery
    ) async throws -> [[String]] {
        var query = query
        var pages: [[String]] = []
        repeat {
            let page = try await store.list(bucket, query)
            let keys = page.objects.map { ($0.key.description, $0.key.description) }
            let prefixes = page.commonPrefixes.map { ($0, "[\($0)]") }
            let all = (keys + prefixes).sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            pages.append(all.map(\.1))
            query.startAfter = page.next
        } while query.startAfter != nil
        return pages
    }

    @Test func `keys come in the order of their UTF-8`() async throws {
        let keys = ["z", "a", "B", "é", "e\u{301}", "\u{FFFD}", "🦜", "a/", "a//b", "a/b", "a0"]
        let (temporary, bucket) = try await store(keys)
        let page = try await temporary.store.list(bucket, ListQuery())
        let listed = page.objects.map { Array($0.key.description.utf8) }
        #expect(listed == keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(page.next == nil)
    }

    @Test func `a delimiter folds what lies behind it`() async throws {
        let keys = ["a", "b/1", "b/2", "b/c/3", "d", "e//f", "e/", "g/h"]
        let (temporary, bucket) = try await store(keys)
        #expect(
            try await entries(temporary.store, bucket, ListQuery(delimiter: "/"))
                == [["a", "[b/]", "d", "[e/]", "[g/]"]]
        )
        #expect(
            try await entries(temporary.store, bucket, ListQuery(prefix: "b/", delimiter: "/"))
                == [["b/1", "b/2", "[b/c/]"]]
        )
        #expect(
            try await entries(temporary.store, bucket, ListQuery(prefix: "e/", delimiter: "/")) == [
                ["e/", "[e//]"]
            ]
        )
        #expect(
            try await entries(temporary.store, bucket, ListQuery(prefix: "b/c/3", delimiter: "/")) == [
                ["b/c/3"]
            ]
        )
        #expect(try await entries(temporary.store, bucket, ListQuery(prefix: "nothing")) == [[]])
    }

    @Test(arguments: [1, 2, 3, 7])
    func `pages of any size add up to the whole, each entry once`(limit: Int) async throws {
        let keys = ["a", "b/1", "b/2", "b/c/3", "d", "e//f", "e/", "g/h", "i"]
        let (temporary, bucket) = try await store(keys)
        for query in [ListQuery(), ListQuery(delimiter: "/"), ListQuery(prefix: "b/", delimiter: "/")] {
            let whole = try await entries(temporary.store, bucket, query)
            var paged = query
            paged.limit = limit
            let pages = try await entries(temporary.store, bucket, paged)
            #expect(pages.flatMap(\.self) == whole.flatMap(\.self))
            #expect(pages.dropLast().allSatisfy { $0.count == limit })
        }
    }

    @Test func `a page that is exactly full and last says so`() async throws {
        let (temporary, bucket) = try await store(["a", "b/1", "b/2"])
        #expect(try await temporary.store.list(bucket, ListQuery(delimiter: "/", limit: 2)).next == nil)
        #expect(try await temporary.store.list(bucket, ListQuery(limit: 0)).objects.isEmpty)
    }

    @Test func `a marker need not be a key`() async throws {
        let (temporary, bucket) = try await store(["a/1", "a/2", "b"])
        let after = ListQuery(startAfter: "a/15")
        #expect(try await temporary.store.list(bucket, after).objects.map(\.key.description) == ["a/2", "b"])
        let inside = ListQuery(delimiter: "/", startAfter: "a/1")
        #expect(try await temporary.store.list(bucket, inside).commonPrefixes == ["a/"])
        let before = ListQuery(prefix: "b", startAfter: "a")
        #expect(try await temporary.store.list(bucket, before).objects.count == 1)
    }

    @Test func `a prefix is bytes, not characters`() async throws {
        let (temporary, bucket) = try await store(["e\u{301}/x", "é/x"])
        let page = try await temporary.store.list(bucket, ListQuery(prefix: "e"))
        #expect(page.objects.count == 1)
    }

    @Test func `near objects come with files that hold their bytes`() async throws {
        let (temporary, bucket) = try await store(["other"])
        for number in 0..<5 { try await temporary.store.put("\(number)", "train/\(number)", in: bucket) }
        let near = try await temporary.store.objects(under: S3Location(bucket: "bucket-1", key: "train/"))
        #expect(near.map(\.location.key) == (0..<5).map { "train/\($0)" })
        #expect(
            try near.map { try String(contentsOfFile: #require($0.path), encoding: .utf8) }
                == (0..<5).map(String.init)
        )
        await #expect(throws: ObjectStoreError.noSuchBucket("none")) {
            try await temporary.store.objects(under: S3Location(bucket: "none", key: ""))
        }
    }
}
