import AWSWire
import HTTPTypes
import Testing

@Suite struct S3ListingTests {
    private func client(_ keys: [String]) async throws -> S3TestClient {
        let client = try await S3TestClient.withBucket()
        for key in keys {
            try await client.call(.put, "/bucket-1/\(PercentEncoding.encode(key, slash: .kept))", body: key)
        }
        return client
    }

    private func keys(_ document: XMLElement) -> [String] {
        document.children(named: "Contents").compactMap { $0.text("Key") }
    }

    private func prefixes(_ document: XMLElement) -> [String] {
        document.children(named: "CommonPrefixes").compactMap { $0.text("Prefix") }
    }

    @Test func `the first version pages by markers`() async throws {
        let client = try await client(["a/1", "a/2", "b", "c/1", "d"])
        let first = try await client.call(.get, "/bucket-1?delimiter=/&max-keys=2").document()
        #expect(first.name == "ListBucketResult")
        #expect(prefixes(first) == ["a/"])
        #expect(keys(first) == ["b"])
        #expect(first.text("IsTruncated") == "true")
        #expect(first.text("NextMarker") == "b")
        #expect(first.text("MaxKeys") == "2")
        let second = try await client.call(.get, "/bucket-1?delimiter=/&max-keys=2&marker=b").document()
        #expect(prefixes(second) == ["c/"])
        #expect(keys(second) == ["d"])
        #expect(second.text("IsTruncated") == "false")
        let plain = try await client.call(.get, "/bucket-1?max-keys=1").document()
        #expect(plain["NextMarker"] == nil)
        #expect(plain["Contents"]?.text("Owner", "DisplayName") == "000000000000")
    }

    @Test func `the second version pages by tokens`() async throws {
        let client = try await client(["a/1", "a/2", "b", "c/1", "d"])
        var target = "/bucket-1?list-type=2&max-keys=2"
        var seen: [String] = []
        while true {
            let page = try await client.call(.get, target).document()
            #expect(page.text("KeyCount") == "\(keys(page).count)")
            #expect(page["Contents"]?["Owner"] == nil)
            seen += keys(page)
            guard let token = page.text("NextContinuationToken") else { break }
            target = "/bucket-1?list-type=2&max-keys=2&continuation-token=\(PercentEncoding.encode(token))"
        }
        #expect(seen == ["a/1", "a/2", "b", "c/1", "d"])
        let after = try await client.call(.get, "/bucket-1?list-type=2&start-after=b&fetch-owner=true")
            .document()
        #expect(keys(after) == ["c/1", "d"])
        #expect(after["Contents"]?["Owner"] != nil)
    }

    @Test func `an entry holds what clients read of it`() async throws {
        let client = try await client(["k"])
        let entry = try #require(try await client.call(.get, "/bucket-1?list-type=2").document()["Contents"])
        #expect(entry.text("Size") == "1")
        #expect(entry.text("ETag") == "\"8ce4b16b22b58894aa86c421e8759df3\"")
        #expect(entry.text("StorageClass") == "STANDARD")
        let modified = try #require(entry.text("LastModified"))
        #expect(modified.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    }

    @Test func `keys that XML cannot hold come percent-encoded if the client asks`() async throws {
        let client = try await client(["a b", "a&b", "ä", "nul\u{0}"])
        let page = try await client.call(.get, "/bucket-1?list-type=2&encoding-type=url&prefix=").document()
        #expect(keys(page) == ["a%20b", "a%26b", "nul%00", "%C3%A4"])
        #expect(page.text("EncodingType") == "url")
        #expect(try await client.error(.get, "/bucket-1?encoding-type=base64").code == "InvalidArgument")
    }

    @Test func `odd parameters are refused or capped`() async throws {
        let client = try await client(["a"])
        for query in ["max-keys=-1", "max-keys=x", "list-type=3", "list-type=2&continuation-token=x"] {
            #expect(try await client.error(.get, "/bucket-1?\(query)").code == "InvalidArgument")
        }
        let capped = try await client.call(.get, "/bucket-1?max-keys=5000&delimiter=&marker=").document()
        #expect(capped.text("MaxKeys") == "1000")
        let none = try await client.call(.get, "/bucket-1?max-keys=0").document()
        #expect(none.text("IsTruncated") == "false")
        #expect(keys(none).isEmpty)
    }

    @Test func `each object is its only version`() async throws {
        let client = try await client(["a", "b"])
        let page = try await client.call(.get, "/bucket-1?versions").document()
        let versions = page.children(named: "Version")
        #expect(versions.compactMap { $0.text("Key") } == ["a", "b"])
        #expect(versions.allSatisfy { $0.text("VersionId") == "null" && $0.text("IsLatest") == "true" })
        #expect(try await client.call(.get, "/bucket-1/a?versionId=null").text == "a")
    }
}
