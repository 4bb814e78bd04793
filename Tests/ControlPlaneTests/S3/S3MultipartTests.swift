import AWSWire
import HTTPTypes
import NIOCore
import Testing

@Suite struct S3MultipartTests {
    private let large = ByteBuffer(repeating: 7, count: 5 << 20)

    private func begin(
        _ client: S3TestClient,
        _ key: String = "k",
        _ headers: [String: String] = [:]
    ) async throws -> String {
        let document = try await client.call(.post, "/bucket-1/\(key)?uploads", headers).document()
        #expect(document.name == "InitiateMultipartUploadResult")
        return try #require(document.text("UploadId"))
    }

    private func list(_ parts: [(Int, String?)]) -> String {
        let items = parts.map { "<Part><PartNumber>\($0)</PartNumber><ETag>\($1 ?? "")</ETag></Part>" }
        return "<CompleteMultipartUpload>\(items.joined())</CompleteMultipartUpload>"
    }

    @Test func `an upload in parts becomes one object`() async throws {
        let client = try await S3TestClient.withBucket()
        let headers = [
            "Content-Type": "text/plain", "x-amz-meta-a": "1", "x-amz-server-side-encryption": "AES256",
        ]
        let id = try await begin(client, "k", headers)
        #expect(try await client.error(.get, "/bucket-1/k").code == "NoSuchKey")
        let two = try await client.call(.put, "/bucket-1/k?uploadId=\(id)&partNumber=2", body: "tail")
        let one = try await client.call(.put, "/bucket-1/k?partNumber=1&uploadId=\(id)", bytes: large)
        let parts = try await client.call(.get, "/bucket-1/k?uploadId=\(id)&max-parts=1").document()
        #expect(parts["Part"]?.text("Size") == "\(5 << 20)")
        #expect(parts.text("IsTruncated") == "true")
        #expect(parts.text("NextPartNumberMarker") == "1")
        let uploads = try await client.call(.get, "/bucket-1?uploads&encoding-type=url").document()
        #expect(uploads["Upload"]?.text("UploadId") == id)
        let body = list([(1, one["ETag"]), (2, two["ETag"])])
        let done = try await client.call(.post, "/bucket-1/k?uploadId=\(id)", body: body)
        #expect(done["x-amz-server-side-encryption"] == "AES256")
        let result = try done.document()
        #expect(result.text("Location") == "http://localhost:9000/bucket-1/k")
        #expect(result.text("ETag")?.hasSuffix("-2\"") == true)
        let whole = try await client.call(.get, "/bucket-1/k")
        #expect(whole.length == (5 << 20) + 4)
        #expect(whole["Content-Type"] == "text/plain")
        #expect(whole["x-amz-meta-a"] == "1")
        let part = try await client.call(.get, "/bucket-1/k?partNumber=2")
        #expect(part.status == 206)
        #expect(part.text == "tail")
        #expect(part["x-amz-mp-parts-count"] == "2")
        #expect(try await client.error(.get, "/bucket-1/k?partNumber=3").code == "InvalidPart")
        #expect(
            try await client.error(.post, "/bucket-1/k?uploadId=\(id)", body: body).code == "NoSuchUpload"
        )
    }

    @Test func `a list that does not fit the parts is refused`() async throws {
        let client = try await S3TestClient.withBucket()
        let id = try await begin(client)
        let target = "/bucket-1/k?uploadId=\(id)"
        let one = try await client.call(.put, "\(target)&partNumber=1", body: "small")["ETag"]
        let two = try await client.call(.put, "\(target)&partNumber=2", body: "small")["ETag"]
        for (body, code) in [
            (list([(1, one), (2, two)]), "EntityTooSmall"), (list([(2, two), (1, one)]), "InvalidPartOrder"),
            (list([(1, one), (3, two)]), "InvalidPart"), (list([(1, "\"0\"")]), "InvalidPart"),
            (list([]), "MalformedXML"), ("", "MalformedXML"), (list([(0, one)]), "InvalidArgument"),
            ("<CompleteMultipartUpload><Part/></CompleteMultipartUpload>", "MalformedXML"),
        ] {
            #expect(try await client.error(.post, target, body: body).code == code)
        }
        let size = ["x-amz-mp-object-size": "6"]
        #expect(try await client.error(.post, target, size, body: list([(1, one)])).code == "IncompleteBody")
        #expect(try await client.call(.post, target, body: list([(1, one)])).status == 200)
        #expect(try await client.call(.get, "/bucket-1/k").text == "small")
    }

    @Test func `parts go only to uploads that are open, under legal numbers`() async throws {
        let client = try await S3TestClient.withBucket()
        let id = try await begin(client)
        for number in ["0", "10001", "x", "-1"] {
            let error = try await client.error(
                .put,
                "/bucket-1/k?uploadId=\(id)&partNumber=\(number)",
                body: "x"
            )
            #expect(error.code == "InvalidArgument")
        }
        #expect(
            try await client.error(.put, "/bucket-1/other?uploadId=\(id)&partNumber=1", body: "x").code
                == "NoSuchUpload"
        )
        #expect(try await client.call(.delete, "/bucket-1/k?uploadId=\(id)").status == 204)
        for method in ["PUT", "GET", "DELETE"] {
            let suffix = method == "PUT" ? "&partNumber=1" : ""
            let error = try await client.error(
                try #require(.init(method)),
                "/bucket-1/k?uploadId=\(id)\(suffix)",
                body: ""
            )
            #expect(error.code == "NoSuchUpload")
            #expect(error.status == 404)
        }
    }

    @Test func `a checksum chosen at the beginning holds for parts and object`() async throws {
        let client = try await S3TestClient.withBucket()
        let id = try await begin(client, "k", ["x-amz-checksum-algorithm": "CRC32"])
        let target = "/bucket-1/k?uploadId=\(id)"
        let wrong = ["x-amz-checksum-crc32": "AAAAAA=="]
        #expect(
            try await client.error(.put, "\(target)&partNumber=1", wrong, body: "hello").code == "BadDigest"
        )
        let other = ["x-amz-checksum-sha1": "qvTGHdzF6KLavt4PO0gs2a6pQ00="]
        #expect(
            try await client.error(.put, "\(target)&partNumber=1", other, body: "hello").code
                == "InvalidRequest"
        )
        let good = ["x-amz-checksum-crc32": "NhCmhg=="]
        let part = try await client.call(.put, "\(target)&partNumber=1", good, body: "hello")
        #expect(part["x-amz-checksum-crc32"] == "NhCmhg==")
        let checksum = "<ChecksumCRC32>NhCmhg==</ChecksumCRC32>"
        let body = list([(1, part["ETag"])]).replacing("</Part>", with: "\(checksum)</Part>")
        let bad = body.replacing("NhCm", with: "AAAA")
        #expect(try await client.error(.post, target, body: bad).code == "InvalidPart")
        let result = try await client.call(.post, target, body: body).document()
        #expect(result.text("ChecksumCRC32")?.hasSuffix("-1") == true)
        #expect(result.text("ChecksumType") == "COMPOSITE")
        let full = ["x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-type": "FULL_OBJECT"]
        #expect(try await client.error(.post, "/bucket-1/k?uploads", full).code == "InvalidRequest")
    }

    @Test func `a full-object checksum in the header of Complete is compared with the object`() async throws {
        let client = try await S3TestClient.withBucket()
        let id = try await begin(
            client,
            "k",
            ["x-amz-checksum-algorithm": "CRC64NVME", "x-amz-checksum-type": "FULL_OBJECT"]
        )
        let target = "/bucket-1/k?uploadId=\(id)"
        let part = try await client.call(.put, "\(target)&partNumber=1", body: "hello")["ETag"]
        let wrong = ["x-amz-checksum-crc64nvme": "AAAAAAAAAAA="]
        #expect(try await client.error(.post, target, wrong, body: list([(1, part)])).code == "BadDigest")
        let right = ["x-amz-checksum-crc64nvme": "M3eFcAZSQlc="]
        let result = try await client.call(.post, target, right, body: list([(1, part)])).document()
        #expect(result.text("ChecksumCRC64NVME") == "M3eFcAZSQlc=")
    }

    @Test func `parts are copied from objects, whole and in ranges`() async throws {
        let client = try await S3TestClient.withBucket()
        try await client.call(.put, "/bucket-1/source", body: "0123456789")
        let id = try await begin(client)
        let target = "/bucket-1/k?uploadId=\(id)"
        let source = ["x-amz-copy-source": "bucket-1/source", "x-amz-copy-source-range": "bytes=2-4"]
        let part = try await client.call(.put, "\(target)&partNumber=1", source).document()
        #expect(part.name == "CopyPartResult")
        let refused = [
            ("bytes=2-", "InvalidArgument"), ("bytes=2-10", "InvalidRange"), ("2-4", "InvalidArgument"),
        ]
        for (range, code) in refused {
            let headers = ["x-amz-copy-source": "bucket-1/source", "x-amz-copy-source-range": range]
            #expect(try await client.error(.put, "\(target)&partNumber=2", headers).code == code)
        }
        try await client.call(.post, target, body: list([(1, part.text("ETag"))]))
        #expect(try await client.call(.get, "/bucket-1/k").text == "234")
    }
}
