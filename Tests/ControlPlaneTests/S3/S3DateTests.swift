import HTTPTypes
import Testing

@Suite struct S3DateTests {
    @Test func `the dates of headers are read in the forms that clients send`() async throws {
        let client = try await S3TestClient.withBucket()
        let stored = try await client.call(.put, "/bucket-1/k", body: "x")
        #expect(stored.status == 200)
        let modified = try #require(try await client.call(.head, "/bucket-1/k")["Last-Modified"])
        // The header has no fractions of a second, and the object is not newer than what it says of itself.
        for condition in ["If-Modified-Since", "If-Unmodified-Since"] {
            let status = condition == "If-Modified-Since" ? 304 : 200
            #expect(try await client.call(.get, "/bucket-1/k", [condition: modified]).status == status)
        }
        for date in [
            "Fri, 01 Jan 2100 00:00:00 GMT", "2100-01-01T00:00:00Z", "Fri, 01 Jan 2100 00:00:00 UTC",
        ] {
            #expect(try await client.call(.get, "/bucket-1/k", ["If-Modified-Since": date]).status == 304)
        }
    }
}
