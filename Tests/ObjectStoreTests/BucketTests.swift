import ObjectStore
import Resources
import Testing

@Suite struct BucketTests {
    @Test(arguments: [
        "abc", "a.b-c", "0bucket9", String(repeating: "b", count: 63), "sagemaker-us-east-1-000000000000",
    ])
    func `legal names are accepted`(name: String) { #expect(Bucket.isLegalName(name)) }

    @Test(arguments: [
        "", "ab", "Abc", "a_b", "-abc", "abc-", ".abc", "a..b", "a.-b", "a-.b", "192.168.0.1", "xn--abc",
        "abc-s3alias",
        "a b", "é-bucket",
        String(repeating: "b", count: 64), "_clary",
    ])
    func `other names are refused`(name: String) { #expect(!Bucket.isLegalName(name)) }

    @Test func `a name belongs to one account`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket("one")
        await #expect(throws: ObjectStoreError.bucketExists(bucket)) {
            try await temporary.bucket("one")
        }
        #expect(temporary.store.buckets(of: .standard) == [bucket])
        let stranger = try #require(AccountID("111111111111"))
        #expect(temporary.store.buckets(of: stranger).isEmpty)
    }

    @Test func `a bucket with an object stays, one with an open upload goes`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket("one")
        try await temporary.store.put("x", "k", in: bucket)
        await #expect(throws: ObjectStoreError.bucketNotEmpty("one")) {
            try await temporary.store.delete(bucket)
        }
        try await temporary.store.delete(ObjectKey("k"), in: bucket)
        let upload = try await temporary.store.createUpload(ObjectKey("k"), in: bucket)
        _ = try await temporary.store.part(2, noise(10), of: upload)
        try await temporary.store.delete(bucket)
        #expect(try temporary.files("incoming").isEmpty)
        await #expect(throws: ObjectStoreError.noSuchBucket("one")) {
            try await temporary.store.delete(bucket)
        }
        #expect(throws: ObjectStoreError.noSuchBucket("one")) { try temporary.store.bucket("one") }
        await #expect(throws: ObjectStoreError.noSuchBucket("one")) {
            try await temporary.store.put("x", "k", in: bucket)
        }
        #expect(try await temporary.bucket("one") != bucket)
        #expect(try temporary.files("objects").isEmpty)
    }
}
