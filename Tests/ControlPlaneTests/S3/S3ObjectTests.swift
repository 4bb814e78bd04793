import AWSWire
import Foundation
import HTTPTypes
import Testing

@Suite struct S3ObjectTests {
    @Test func `an object comes back with what was stored beside it`() async throws {
        let client = try await S3TestClient.withBucket()
        let stored = [
            "Content-Type": "text/csv", "Content-Encoding": "gzip", "Content-Disposition": "attachment",
            "Content-Language": "de", "Cache-Control": "no-cache", "Expires": "Wed, 01 Jan 2020 00:00:00 GMT",
            "x-amz-meta-colour": "blue", "x-amz-server-side-encryption": "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id": "key-1", "x-amz-storage-class": "STANDARD_IA",
        ]
        let put = try await client.call(.put, "/bucket-1/a/b%20c+d.csv", stored, body: "hello")
        #expect(put["ETag"] == "\"5d41402abc4b2a76b9719d911017c592\"")
        #expect(put["x-amz-server-side-encryption"] == "aws:kms")
        for method in [HTTPRequest.Method.get, .head] {
            let reply = try await client.call(method, "/bucket-1/a/b%20c+d.csv")
            #expect(reply.status == 200)
            #expect(reply.text == (method == .get ? "hello" : ""))
            #expect(reply.length == 5)
            #expect(reply["ETag"] == put["ETag"])
            #expect(reply["Accept-Ranges"] == "bytes")
            #expect(reply["Last-Modified"]?.hasSuffix(" GMT") == true)
            for (name, value) in stored { #expect(reply[name] == value) }
        }
        let override =
            "?response-content-type=a%2Fb&response-content-disposition=inline&response-expires=never"
        let overridden = try await client.call(.get, "/bucket-1/a/b%20c+d.csv\(override)")
        #expect(overridden["Content-Type"] == "a/b")
        #expect(overridden["Content-Disposition"] == "inline")
        #expect(overridden["Expires"] == "never")
        #expect(try await client.call(.put, "/bucket-1/plain").status == 200)
        #expect(try await client.call(.get, "/bucket-1/plain")["Content-Type"] == "binary/octet-stream")
    }

    @Test func `keys are taken as they are sent`() async throws {
        let client = try await S3TestClient.withBucket()
        for (number, path) in ["//", "/..", "/a//b/", "/%C3%A9", "/e%CC%81", "/%2F", "/a%00b", "/%25"]
            .enumerated()
        {
            try await client.call(.put, "/bucket-1\(path)", body: "\(number)")
            #expect(try await client.call(.get, "/bucket-1\(path)").text == "\(number)")
        }
        #expect(try await client.error(.put, "/bucket-1/%FF", body: "x").code == "InvalidURI")
        let long = String(repeating: "k", count: 1025)
        #expect(try await client.error(.put, "/bucket-1/\(long)", body: "x").code == "KeyTooLongError")
    }

    @Test func `what is missing says so`() async throws {
        let client = try await S3TestClient.withBucket()
        let key = try await client.error(.get, "/bucket-1/none")
        #expect(key.code == "NoSuchKey")
        #expect(key.status == 404)
        #expect(key.members["Key"] == "none")
        #expect(try await client.error(.get, "/none/k").code == "NoSuchBucket")
        #expect(try await client.error(.get, "/bucket-1/none?versionId=null").code == "NoSuchVersion")
        #expect(try await client.error(.head, "/bucket-1/none").status == 404)
        #expect(try await client.call(.delete, "/bucket-1/none").status == 204)
    }

    @Test(arguments: [
        ("bytes=0-4", "01234", "bytes 0-4/10"), ("bytes=5-", "56789", "bytes 5-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"), ("bytes=8-100", "89", "bytes 8-9/10"),
        ("bytes=-100", "0123456789", "bytes 0-9/10"),
    ])
    func `a range is a part of the object`(range: String, text: String, content: String) async throws {
        let client = try await S3TestClient.withBucket()
        try await client.call(.put, "/bucket-1/k", ["x-amz-checksum-crc32": "poTHxg=="], body: "0123456789")
        let headers = ["Range": range, "x-amz-checksum-mode": "ENABLED"]
        let reply = try await client.call(.get, "/bucket-1/k", headers)
        #expect(reply.status == 206)
        #expect(reply.text == text)
        #expect(reply["Content-Range"] == content)
        #expect(reply["x-amz-checksum-crc32"] == nil)
        let head = try await client.call(.head, "/bucket-1/k", headers)
        #expect(head.length == text.utf8.count)
    }

    @Test(arguments: ["bytes=0-1,3-4", "lines=0-1", "bytes=5-2", "bytes=a-b", "bytes=-", "bytes="])
    func `what is not one range means the whole object`(range: String) async throws {
        let client = try await S3TestClient.withBucket()
        try await client.call(.put, "/bucket-1/k", body: "0123456789")
        let reply = try await client.call(.get, "/bucket-1/k", ["Range": range])
        #expect(reply.status == 200)
        #expect(reply.text == "0123456789")
    }

    @Test(arguments: ["bytes=10-", "bytes=10-20", "bytes=-0"])
    func `a range behind the end is refused with the size`(range: String) async throws {
        let client = try await S3TestClient.withBucket()
        try await client.call(.put, "/bucket-1/k", body: "0123456789")
        let error = try await client.error(.get, "/bucket-1/k", ["Range": range])
        #expect(error.code == "InvalidRange")
        #expect(error.status == 416)
        #expect(error.members["ActualObjectSize"] == "10")
    }

    @Test func `conditions on reading hold in their order of precedence`() async throws {
        let client = try await S3TestClient.withBucket()
        let eTag = try #require(try await client.call(.put, "/bucket-1/k", body: "x")["ETag"])
        let (past, future) = ("Wed, 01 Jan 2020 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT")
        let cases: [([String: String], Int)] = [
            (["If-Match": eTag], 200), (["If-Match": "\"other\""], 412), (["If-Match": "*"], 200),
            (["If-None-Match": eTag], 304), (["If-None-Match": "W/\(eTag)"], 304),
            (["If-None-Match": "\"a\", \(eTag)"], 304), (["If-None-Match": "\"other\""], 200),
            (["If-Modified-Since": past], 200), (["If-Modified-Since": future], 304),
            (["If-Unmodified-Since": past], 412), (["If-Unmodified-Since": future], 200),
            (["If-Match": eTag, "If-Unmodified-Since": past], 200),
            (["If-None-Match": "\"other\"", "If-Modified-Since": future], 200),
            (["If-Match": eTag, "If-None-Match": eTag], 304),
            (["If-Match": "\"other\"", "If-None-Match": eTag], 412),
            (["If-Modified-Since": "nonsense"], 200),
        ]
        for method in [HTTPRequest.Method.get, .head] {
            for (headers, status) in cases {
                if status == 412 {
                    #expect(try await client.error(method, "/bucket-1/k", headers).status == 412)
                } else {
                    let reply = try await client.call(method, "/bucket-1/k", headers)
                    #expect(reply.status == status, "\(headers)")
                    #expect(reply["ETag"] == eTag)
                    if status == 304 { #expect(reply.text.isEmpty) }
                }
            }
        }
    }

    @Test func `conditions on writing hold`() async throws {
        let client = try await S3TestClient.withBucket()
        let first = try #require(
            try await client.call(.put, "/bucket-1/k", ["If-None-Match": "*"], body: "1")["ETag"]
        )
        let second = try await client.error(.put, "/bucket-1/k", ["If-None-Match": "*"], body: "2")
        #expect(second.code == "PreconditionFailed")
        #expect(second.status == 412)
        #expect(try await client.error(.put, "/bucket-1/k", ["If-Match": "\"x\""], body: "2").status == 412)
        #expect(
            try await client.error(.put, "/bucket-1/new", ["If-Match": first], body: "2").code == "NoSuchKey"
        )
        #expect(
            try await client.error(.put, "/bucket-1/k", ["If-None-Match": first], body: "2").status == 412
        )
        try await client.call(.put, "/bucket-1/k", ["If-Match": first], body: "3")
        #expect(try await client.call(.get, "/bucket-1/k").text == "3")
        #expect(try await client.error(.delete, "/bucket-1/k", ["If-Match": first]).status == 412)
    }

    @Test func `a checksum is verified, stored and given back for the whole object`() async throws {
        let client = try await S3TestClient.withBucket()
        let put = try await client.call(
            .put,
            "/bucket-1/k",
            ["x-amz-checksum-crc32": "NhCmhg==", "x-amz-sdk-checksum-algorithm": "CRC32"],
            body: "hello"
        )
        #expect(put["x-amz-checksum-crc32"] == "NhCmhg==")
        #expect(put["x-amz-checksum-type"] == "FULL_OBJECT")
        let checked = try await client.call(.get, "/bucket-1/k", ["x-amz-checksum-mode": "ENABLED"])
        #expect(checked["x-amz-checksum-crc32"] == "NhCmhg==")
        #expect(try await client.call(.get, "/bucket-1/k")["x-amz-checksum-crc32"] == nil)
        for (headers, code) in [
            (["x-amz-checksum-crc32": "AAAAAA=="], "BadDigest"),
            (["x-amz-checksum-crc32": "AAAA"], "BadDigest"),
            (["x-amz-checksum-crc32": "NhCmhg==", "x-amz-checksum-sha1": "x"], "InvalidRequest"),
            (["x-amz-checksum-sha512": "AAAA"], "NotImplemented"),
            (["x-amz-sdk-checksum-algorithm": "CRC16"], "InvalidRequest"),
            (["Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="], "BadDigest"),
            (["Content-MD5": "AAAA"], "InvalidDigest"),
        ] {
            #expect(
                try await client.error(.put, "/bucket-1/bad", headers, body: "hello").code == code,
                "\(headers)"
            )
        }
        #expect(try await client.error(.get, "/bucket-1/bad").code == "NoSuchKey")
        let computed = try await client.call(
            .put,
            "/bucket-1/k",
            ["x-amz-sdk-checksum-algorithm": "SHA256"],
            body: "hello"
        )
        #expect(computed["x-amz-checksum-sha256"] == "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=")
        let md5 = ["Content-MD5": "XUFAKrxLKna5cZ2REBfFkg=="]
        #expect(try await client.call(.put, "/bucket-1/k", md5, body: "hello").status == 200)
    }

    @Test func `headers that a presigned URL carries count as headers`() async throws {
        let client = try await S3TestClient.withBucket()
        try await client.call(.put, "/bucket-1/k?x-amz-meta-colour=blue&content-type=text%2Fcsv", body: "x")
        let reply = try await client.call(.head, "/bucket-1/k")
        #expect(reply["x-amz-meta-colour"] == "blue")
        #expect(reply["Content-Type"] == "text/csv")
        let refused = "/bucket-1/k?x-amz-server-side-encryption-customer-algorithm=AES256"
        #expect(try await client.error(.put, refused, body: "x").code == "InvalidArgument")
    }

    @Test func `what would change the object's fate is refused, not ignored`() async throws {
        let client = try await S3TestClient.withBucket()
        for (headers, code) in [
            (["x-amz-server-side-encryption-customer-key": "x"], "InvalidArgument"),
            (["x-amz-server-side-encryption-context": "e30="], "NotImplemented"),
            (["x-amz-object-lock-mode": "GOVERNANCE"], "InvalidRequest"),
            (["x-amz-storage-class": "GLACIER"], "NotImplemented"),
            (["x-amz-storage-class": "SOMETHING"], "InvalidStorageClass"),
            (["x-amz-server-side-encryption": "rot13"], "InvalidArgument"),
            (["x-amz-meta-long": String(repeating: "x", count: 2048)], "MetadataTooLarge"),
        ] {
            #expect(
                try await client.error(.put, "/bucket-1/k", headers, body: "x").code == code,
                "\(headers)"
            )
        }
    }

    @Test func `many objects are deleted at once`() async throws {
        let client = try await S3TestClient.withBucket()
        for key in ["a", "b", "c"] { try await client.call(.put, "/bucket-1/\(key)", body: key) }
        let entries = "<Object><Key>a</Key></Object><Object><Key>none</Key></Object>"
        let bad = "<Object><Key>b</Key><VersionId>v1</VersionId></Object>"
        let reply = try await client.call(
            .post,
            "/bucket-1?delete",
            body: "<Delete>\(entries)\(bad)</Delete>"
        )
        let result = try reply.document()
        #expect(result.children(named: "Deleted").compactMap { $0.text("Key") } == ["a", "none"])
        #expect(result.text("Error", "Key") == "b")
        #expect(result.text("Error", "Code") == "NoSuchVersion")
        #expect(try await client.error(.head, "/bucket-1/a").status == 404)
        #expect(try await client.call(.get, "/bucket-1/b").text == "b")
        let quiet = "<Delete><Quiet>true</Quiet><Object><Key>b</Key></Object></Delete>"
        #expect(try await client.call(.post, "/bucket-1?delete", body: quiet).document().children.isEmpty)
        let many = String(repeating: "<Object><Key>k</Key></Object>", count: 1001)
        for body in [
            "", "<Delete/>", "<Delete><Object/></Delete>", "<Other/>", "<Delete>\(many)</Delete>", "junk",
        ] {
            #expect(try await client.error(.post, "/bucket-1?delete", body: body).code == "MalformedXML")
        }
        let checksum = ["x-amz-checksum-crc32": "AAAAAA=="]
        #expect(try await client.error(.post, "/bucket-1?delete", checksum, body: quiet).code == "BadDigest")
    }

    @Test func `tags are stored, counted, read, replaced and removed`() async throws {
        let client = try await S3TestClient.withBucket()
        try await client.call(.put, "/bucket-1/k", ["x-amz-tagging": "a=1&b%20c=x%26y"], body: "x")
        #expect(try await client.call(.head, "/bucket-1/k")["x-amz-tagging-count"] == "2")
        let tags = { () async throws -> [String] in
            let set = try await client.call(.get, "/bucket-1/k?tagging").document()["TagSet"]
            return set?.children.map { "\($0.text("Key") ?? "")=\($0.text("Value") ?? "")" } ?? []
        }
        #expect(try await tags() == ["a=1", "b c=x&y"])
        let document = "<Tagging><TagSet><Tag><Key>z</Key><Value>9</Value></Tag></TagSet></Tagging>"
        #expect(try await client.call(.put, "/bucket-1/k?tagging", body: document).status == 200)
        #expect(try await tags() == ["z=9"])
        #expect(try await client.call(.delete, "/bucket-1/k?tagging").status == 204)
        #expect(try await tags() == [])
        let eleven = (0..<11).map { "k\($0)=v" }.joined(separator: "&")
        #expect(try await client.error(.put, "/bucket-1/k", ["x-amz-tagging": eleven]).code == "InvalidTag")
        #expect(
            try await client.error(.put, "/bucket-1/k", ["x-amz-tagging": "a=1&a=2"]).code
                == "InvalidArgument"
        )
    }

    @Test func `attributes and access control of an object can be read`() async throws {
        let client = try await S3TestClient.withBucket()
        try await client.call(.put, "/bucket-1/k", ["x-amz-checksum-crc32": "NhCmhg=="], body: "hello")
        let asked = ["x-amz-object-attributes": "ETag,Checksum,ObjectSize,StorageClass,ObjectParts"]
        let attributes = try await client.call(.get, "/bucket-1/k?attributes", asked).document()
        #expect(attributes.text("ETag") == "5d41402abc4b2a76b9719d911017c592")
        #expect(attributes.text("Checksum", "ChecksumCRC32") == "NhCmhg==")
        #expect(attributes.text("ObjectSize") == "5")
        #expect(attributes.text("StorageClass") == "STANDARD")
        #expect(attributes["ObjectParts"] == nil)
        #expect(try await client.error(.get, "/bucket-1/k?attributes").code == "InvalidArgument")
        let acl = try await client.call(.get, "/bucket-1/k?acl").document()
        #expect(acl.text("AccessControlList", "Grant", "Permission") == "FULL_CONTROL")
    }
}
