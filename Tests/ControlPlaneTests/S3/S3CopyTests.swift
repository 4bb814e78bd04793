import AWSWire
import HTTPTypes
import Testing

@Suite struct S3CopyTests {
    private func client() async throws -> S3TestClient {
        let client = try await S3TestClient.withBucket()
        let headers = ["Content-Type": "text/csv", "x-amz-meta-a": "1", "x-amz-tagging": "t=1"]
        try await client.call(.put, "/bucket-1/a%20b/%C3%A9", headers, body: "hello")
        return client
    }

    private let source = "/bucket-1/a%20b/%C3%A9"

    @Test func `a copy has the bytes, headers and tags of its source`() async throws {
        let client = try await client()
        for source in [source, String(source.dropFirst()), "\(source)?versionId=null"] {
            let result = try await client.call(.put, "/bucket-1/copy", ["x-amz-copy-source": source])
                .document()
            #expect(result.name == "CopyObjectResult")
            #expect(result.text("ETag") == "\"5d41402abc4b2a76b9719d911017c592\"")
            #expect(result.text("LastModified") != nil)
        }
        let copy = try await client.call(.get, "/bucket-1/copy")
        #expect(copy.text == "hello")
        #expect(copy["Content-Type"] == "text/csv")
        #expect(copy["x-amz-meta-a"] == "1")
        #expect(copy["x-amz-tagging-count"] == "1")
    }

    @Test func `directives replace headers and tags`() async throws {
        let client = try await client()
        try await client.call(
            .put,
            "/bucket-1/copy",
            [
                "x-amz-copy-source": source, "x-amz-metadata-directive": "REPLACE", "x-amz-meta-b": "2",
                "x-amz-tagging-directive": "REPLACE", "x-amz-tagging": "u=1&v=2",
            ]
        )
        let copy = try await client.call(.head, "/bucket-1/copy")
        #expect(copy["x-amz-meta-a"] == nil)
        #expect(copy["x-amz-meta-b"] == "2")
        #expect(copy["Content-Type"] == "binary/octet-stream")
        #expect(copy["x-amz-tagging-count"] == "2")
        let ignored = ["x-amz-copy-source": source, "x-amz-meta-b": "2"]
        try await client.call(.put, "/bucket-1/copy", ignored)
        #expect(try await client.call(.head, "/bucket-1/copy")["x-amz-meta-b"] == nil)
        let unknown = ["x-amz-copy-source": source, "x-amz-metadata-directive": "MERGE"]
        #expect(try await client.error(.put, "/bucket-1/copy", unknown).code == "InvalidArgument")
    }

    @Test func `an object is copied onto itself only to change it`() async throws {
        let client = try await client()
        #expect(try await client.error(.put, source, ["x-amz-copy-source": source]).code == "InvalidRequest")
        let headers = [
            "x-amz-copy-source": source, "x-amz-metadata-directive": "REPLACE", "Content-Type": "text/plain",
        ]
        try await client.call(.put, source, headers)
        let changed = try await client.call(.get, source)
        #expect(changed["Content-Type"] == "text/plain")
        #expect(changed.text == "hello")
    }

    @Test func `a copy gets the checksum that is asked for`() async throws {
        let client = try await client()
        let headers = ["x-amz-copy-source": source, "x-amz-checksum-algorithm": "SHA256"]
        let result = try await client.call(.put, "/bucket-1/copy", headers).document()
        #expect(result.text("ChecksumSHA256") == "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=")
        #expect(try await client.call(.get, "/bucket-1/copy").text == "hello")
    }

    @Test func `the source must be there, be allowed and meet its conditions`() async throws {
        let client = try await client()
        for (value, code) in [
            ("bucket-1/none", "NoSuchKey"), ("none/k", "NoSuchBucket"), ("bucket-1", "InvalidArgument"),
            ("/", "InvalidArgument"), ("bucket-1/", "InvalidArgument"),
            ("\(source)?versionId=1", "InvalidArgument"),
            ("arn:aws:s3:us-east-1:000000000000:accesspoint/x/object/k", "NotImplemented"),
        ] {
            #expect(try await client.error(.put, "/bucket-1/copy", ["x-amz-copy-source": value]).code == code)
        }
        let eTag = "\"5d41402abc4b2a76b9719d911017c592\""
        for (name, value, status) in [
            ("if-match", "\"x\"", 412), ("if-none-match", eTag, 412), ("if-match", eTag, 200),
            ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT", 412),
            ("if-unmodified-since", "Wed, 01 Jan 2020 00:00:00 GMT", 412),
        ] {
            let headers = ["x-amz-copy-source": source, "x-amz-copy-source-\(name)": value]
            if status == 200 {
                #expect(try await client.call(.put, "/bucket-1/copy", headers).status == 200)
            } else {
                #expect(try await client.error(.put, "/bucket-1/copy", headers).status == status)
            }
        }
        let owner = ["x-amz-copy-source": source, "x-amz-source-expected-bucket-owner": "111111111111"]
        #expect(try await client.error(.put, "/bucket-1/copy", owner).code == "AccessDenied")
        try await client.call(.put, "/theirs", account: "111111111111")
        #expect(
            try await client.error(.put, "/theirs/k", ["x-amz-copy-source": source], account: "111111111111")
                .code
                == "AccessDenied"
        )
    }
}
