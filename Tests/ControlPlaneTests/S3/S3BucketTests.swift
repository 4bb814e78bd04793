import AWSWire
import HTTPTypes
import Testing

@Suite struct S3BucketTests {
    @Test func `buckets are created, listed, found and deleted`() async throws {
        let client = try S3TestClient()
        for name in ["beta", "alpha", "gamma"] {
            #expect(try await client.call(.put, "/\(name)")["Location"] == "/\(name)")
        }
        let list = try await client.call(.get, "/").document()
        #expect(list.name == "ListAllMyBucketsResult")
        #expect(list["Buckets"]?.children.compactMap { $0.text("Name") } == ["alpha", "beta", "gamma"])
        #expect(list.text("Owner", "ID")?.utf8.count == 64)
        let head = try await client.call(.head, "/alpha")
        #expect(head.status == 200)
        #expect(head["x-amz-bucket-region"] == "us-east-1")
        #expect(try await client.call(.delete, "/alpha").status == 204)
        #expect(try await client.error(.head, "/alpha").status == 404)
        #expect(try await client.error(.delete, "/alpha").code == "NoSuchBucket")
    }

    @Test func `a list of buckets comes in pages that a prefix narrows`() async throws {
        let client = try S3TestClient()
        for name in ["a-1", "a-2", "a-3", "b-1"] { try await client.call(.put, "/\(name)") }
        var names: [[String]] = []
        var token: String? = ""
        while let current = token {
            let suffix = current.isEmpty ? "" : "&continuation-token=\(PercentEncoding.encode(current))"
            let page = try await client.call(.get, "/?max-buckets=2&prefix=a-\(suffix)").document()
            names.append(page["Buckets"]?.children.compactMap { $0.text("Name") } ?? [])
            token = page.text("ContinuationToken")
        }
        #expect(names == [["a-1", "a-2"], ["a-3"]])
        #expect(try await client.error(.get, "/?max-buckets=0").code == "InvalidArgument")
        #expect(try await client.error(.get, "/?continuation-token=zzz").code == "InvalidArgument")
    }

    private func constraint(_ region: String) -> String {
        """
        <CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>\(region)\
        </LocationConstraint></CreateBucketConfiguration>
        """
    }

    @Test func `a bucket lies in the region that its document or its signature names`() async throws {
        let client = try S3TestClient()
        try await client.call(.put, "/from-east", body: constraint("eu-west-1"))
        try await client.call(.put, "/from-west", body: constraint("eu-west-1"), region: "eu-west-1")
        try await client.call(.put, "/plain")
        for (bucket, region) in [("from-east", "eu-west-1"), ("from-west", "eu-west-1"), ("plain", "")] {
            let location = try await client.call(.get, "/\(bucket)?location").document()
            #expect(location.name == "LocationConstraint")
            #expect(location.text == region)
        }
    }

    @Test func `a location constraint must fit`() async throws {
        let client = try S3TestClient()
        let illegal = "IllegalLocationConstraintException"
        #expect(try await client.error(.put, "/one", region: "eu-west-1").code == illegal)
        #expect(
            try await client.error(.put, "/one", body: constraint("us-west-2"), region: "eu-west-1").code
                == illegal
        )
        for region in ["us-east-1", "nowhere"] {
            #expect(
                try await client.error(.put, "/one", body: constraint(region)).code
                    == "InvalidLocationConstraint"
            )
        }
        #expect(try await client.error(.put, "/one", body: "<Other/>").code == "MalformedXML")
        #expect(try await client.error(.put, "/one", body: "<CreateBucket").code == "MalformedXML")
        #expect(try await client.error(.head, "/one").status == 404)
    }

    @Test func `a name that is taken says by whom`() async throws {
        let client = try S3TestClient()
        try await client.call(.put, "/taken")
        #expect(try await client.call(.put, "/taken").status == 200)
        let stranger = try await client.error(.put, "/taken", account: "111111111111")
        #expect(stranger.code == "BucketAlreadyExists")
        #expect(stranger.status == 409)
        try await client.call(.put, "/west", body: constraint("us-west-2"), region: "us-west-2")
        let again = try await client.error(.put, "/west", body: constraint("us-west-2"), region: "us-west-2")
        #expect(again.code == "BucketAlreadyOwnedByYou")
    }

    @Test func `a bucket is not made again with another access control list`() async throws {
        let client = try S3TestClient()
        let owner = try await #require(client.call(.get, "/").document().text("Owner", "ID"))
        let everybody = "http://acs.amazonaws.com/groups/global/AllUsers"
        try await client.call(.put, "/private")
        try await client.call(.put, "/public", ["x-amz-acl": "public-read"])
        for (bucket, headers) in [
            ("private", [:]), ("private", ["x-amz-acl": "private"]),
            ("private", ["x-amz-grant-full-control": "id=\(owner)"]),
            ("public", ["x-amz-acl": "public-read"]),
            // The same grants, in another order and spelling than the canned list.
            (
                "public",
                ["x-amz-grant-full-control": "id=\"\(owner)\"", "x-amz-grant-read": "uri=\"\(everybody)\""]
            ),
        ] {
            #expect(try await client.call(.put, "/\(bucket)", headers).status == 200)
        }
        for (bucket, headers) in [
            ("private", ["x-amz-acl": "public-read"]), ("public", [:]),
            ("public", ["x-amz-acl": "public-read-write"]),
            ("public", ["x-amz-grant-read": "uri=\(everybody)"]),
        ] {
            let refused = try await client.error(.put, "/\(bucket)", headers)
            #expect(refused.code == "BucketAlreadyExists")
            #expect(refused.status == 409)
        }
    }

    @Test(arguments: ["A", "ab", "under_score", "192.168.0.1", "-x-"])
    func `an illegal name is refused`(name: String) async throws {
        #expect(try await S3TestClient().error(.put, "/\(name)").code == "InvalidBucketName")
    }

    @Test func `only the owner gets in, and only if it is the expected one`() async throws {
        let client = try await S3TestClient.withBucket()
        try await client.call(.put, "/bucket-1/k", body: "x")
        for target in ["/bucket-1", "/bucket-1/k"] {
            let stranger = try await client.error(.get, target, account: "111111111111")
            #expect(stranger.code == "AccessDenied")
            #expect(stranger.status == 403)
        }
        let expected = ["x-amz-expected-bucket-owner": "111111111111"]
        #expect(try await client.error(.head, "/bucket-1", expected).status == 403)
        #expect(try await client.error(.put, "/bucket-1/k2", expected, body: "x").code == "AccessDenied")
        let own = ["x-amz-expected-bucket-owner": "000000000000"]
        #expect(try await client.call(.head, "/bucket-1", own).status == 200)
    }

    @Test func `a bucket with objects is not deleted`() async throws {
        let client = try await S3TestClient.withBucket()
        try await client.call(.put, "/bucket-1/k", body: "x")
        let error = try await client.error(.delete, "/bucket-1")
        #expect(error.code == "BucketNotEmpty")
        #expect(error.status == 409)
    }

    @Test func `what clients probe gets the true answer`() async throws {
        let client = try await S3TestClient.withBucket()
        for (name, root) in [
            ("versioning", "VersioningConfiguration"), ("logging", "BucketLoggingStatus"),
            ("acl", "AccessControlPolicy"), ("requestPayment", "RequestPaymentConfiguration"),
            ("notification", "NotificationConfiguration"), ("accelerate", "AccelerateConfiguration"),
        ] {
            #expect(try await client.call(.get, "/bucket-1?\(name)").document().name == root)
        }
        for (name, code) in [
            ("policy", "NoSuchBucketPolicy"), ("tagging", "NoSuchTagSet"),
            ("cors", "NoSuchCORSConfiguration"),
            ("lifecycle", "NoSuchLifecycleConfiguration"), ("website", "NoSuchWebsiteConfiguration"),
            ("encryption", "ServerSideEncryptionConfigurationNotFoundError"),
            ("object-lock", "ObjectLockConfigurationNotFoundError"),
            ("publicAccessBlock", "NoSuchPublicAccessBlockConfiguration"),
        ] {
            let error = try await client.error(.get, "/bucket-1?\(name)")
            #expect(error.code == code)
            #expect(error.status == 404)
            #expect(error.members["BucketName"] == "bucket-1")
        }
        #expect(try await client.call(.delete, "/bucket-1?policy").status == 204)
        #expect(try await client.error(.get, "/none?versioning").code == "NoSuchBucket")
    }

    @Test func `what is not built is refused by name and changes nothing`() async throws {
        let client = try await S3TestClient.withBucket()
        try await client.call(.put, "/bucket-1/k", body: "kept")
        for (method, target, name) in [
            ("PUT", "/bucket-1?website", "PutBucketWebsite"),
            ("PUT", "/bucket-1?replication", "PutBucketReplication"),
            ("POST", "/bucket-1/k?restore", "RestoreObject"),
            ("PUT", "/bucket-1/k?unheard-of", "unheard-of"), ("GET", "/bucket-1/k?unheard=of", "unheard"),
            ("GET", "/bucket-1?inventory&id=1", "GetBucketInventoryConfiguration"),
        ] {
            let error = try await client.error(try #require(.init(method)), target, body: "lost")
            #expect(error.code == "NotImplemented")
            #expect(error.status == 501)
            #expect(error.message.contains(name))
        }
        #expect(try await client.error(.post, "/bucket-1/k").code == "MethodNotAllowed")
        #expect(try await client.call(.get, "/bucket-1/k?x-id=GetObject").text == "kept")
    }

    @Test func `access control lists that would grant something are refused where the bucket takes none`()
        async throws
    {
        let client = try S3TestClient()
        try await client.call(.put, "/bucket-1", ["x-amz-object-ownership": "BucketOwnerEnforced"])
        let everybody = "uri=\"http://acs.amazonaws.com/groups/global/AllUsers\""
        for headers in [["x-amz-acl": "public-read"], ["x-amz-grant-read": everybody]] {
            #expect(
                try await client.error(.put, "/bucket-1/k", headers, body: "x").code
                    == "AccessControlListNotSupported"
            )
        }
        let harmless = ["x-amz-acl": "bucket-owner-full-control"]
        #expect(try await client.call(.put, "/bucket-1/k", harmless, body: "x").status == 200)
    }
}
