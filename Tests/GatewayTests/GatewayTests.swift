import AWSWire
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import Testing

@Suite struct GatewayTests {
    private let fixture = GatewayFixture()
    private let json = ["x-amz-target": "SageMaker.Echo", "content-type": "application/x-amz-json-1.1"]
    private let form = ["content-type": "application/x-www-form-urlencoded; charset=utf-8"]

    // MARK: What needs no signature

    @Test func `Clary's own paths go to the platform, unsigned`() async throws {
        let reply = try await fixture.sendAsIs(.get, "/_clary/healthz?x=1")
        #expect(reply.status == 200)
        #expect(reply.body == "platform /_clary/healthz")
    }

    @Test func `a browser at the front door is sent to the console`() async throws {
        let reply = try await fixture.sendAsIs(.get, "/", headers: ["accept": "text/html"])
        #expect(reply.status == 307)
        #expect(reply.header("location") == "/_clary/console")
    }

    // MARK: JSON

    @Test func `a signed JSON call reaches its handler with its caller`() async throws {
        let reply = try await fixture.send(
            region: "eu-west-1",
            headers: json,
            body: #"{"Text":"hi","New":1}"#
        )
        #expect(reply.status == 200)
        #expect(reply.body == #"{"Text":"hi","Account":"000000000000","Region":"eu-west-1"}"#)
        #expect(reply.header("content-type") == "application/x-amz-json-1.1")
        #expect(reply.header("x-amzn-requestid")?.utf8.count == 36)
    }

    @Test func `a handler's error keeps its code`() async throws {
        let reply = try await fixture.send(
            headers: ["x-amz-target": "SageMaker.Fail"],
            body: #"{"Text":"hi"}"#
        )
        #expect(reply.status == 400)
        #expect(reply.header("x-amzn-errortype") == "ResourceInUse")
        #expect(reply.body.contains(#""__type":"ResourceInUse""#))
        #expect(reply.body.contains(#""message":"It is \"used\".""#))
        #expect(reply.header("x-amzn-requestid") != nil)
    }

    @Test func `broken constraints are reported before the handler runs`() async throws {
        let reply = try await fixture.send(headers: json, body: #"{"Text":"too long"}"#)
        #expect(reply.status == 400)
        #expect(reply.body.contains("ValidationException"))
        #expect(reply.body.contains("1 validation error detected: Value 'too long' at 'text' failed"))
    }

    @Test(arguments: [
        "{", "[]", "nonsense", #"{"Text":1}"#, "\u{0}", "{\"Text\":\"\u{1}\"}", "Action=Echo&Text=hi",
    ])
    func `a body that is not the operation's JSON is a serialization error`(body: String) async throws {
        let reply = try await fixture.send(headers: json, body: body)
        #expect(reply.status == 400)
        #expect(reply.body.contains("SerializationException"))
    }

    @Test func `a known operation without handler is named, an unknown one refused`() async throws {
        let known = try await fixture.send(
            headers: ["x-amz-target": "SageMaker.CreateLabelingJob"],
            body: "{}"
        )
        #expect(known.status == 400)
        #expect(known.body.contains("UnknownOperationException"))
        #expect(known.body.contains("CreateLabelingJob is known but not offered by this Clary."))
        for target in ["SageMaker.Nonsense", "SageMaker.", "Sage.Echo", "Echo"] {
            let unknown = try await fixture.send(headers: ["x-amz-target": target], body: "{}")
            #expect(unknown.status == 400)
            #expect(unknown.body.contains("UnknownOperationException"))
        }
    }

    @Test func `a call of a JSON service without a target says what is missing`() async throws {
        let reply = try await fixture.send(body: "{}")
        #expect(reply.status == 400)
        #expect(reply.body.contains("X-Amz-Target"))
    }

    @Test func `a service that is not offered and CBOR are refused with a client error`() async throws {
        let service = try await fixture.send(service: "dynamodb", body: "{}")
        #expect(service.status == 400)
        #expect(service.body.contains("'dynamodb' is not offered"))
        let cbor = try await fixture.send(
            .post,
            "/service/GraniteServiceVersion20100801/operation/ListMetrics",
            service: "monitoring",
            headers: ["smithy-protocol": "rpc-v2-cbor"]
        )
        #expect(cbor.status == 400)
        #expect(cbor.header("content-type") == "application/cbor")
        #expect(cbor.body.contains("UnknownOperationException"))
        let words = "'monitoring' (CloudWatch) is not offered by this Clary; the call was not sent to AWS."
        #expect(cbor.body.contains(words))
        let target = try await fixture.send(
            service: "monitoring",
            headers: ["x-amz-target": "GraniteServiceVersion20100801.ListMetrics"],
            body: "{}"
        )
        #expect(target.body.contains(words))
        let form = try await fixture.send(service: "monitoring", headers: form, body: "Action=ListMetrics")
        #expect(form.body.contains("<Code>InvalidAction</Code>") && form.body.contains("(CloudWatch)"))
    }

    @Test func `a document longer than any legal one is refused`() async throws {
        let reply = try await fixture.send(headers: json, body: String(repeating: " ", count: (8 << 20) + 1))
        #expect(reply.status == 413)
        #expect(reply.body.contains("RequestEntityTooLarge"))
    }

    // MARK: Query

    @Test func `a signed form reaches its handler`() async throws {
        let reply = try await fixture.send(
            service: "sts",
            headers: form,
            body: "Action=Echo&Version=2011-06-15&Text=a+%26b"
        )
        #expect(reply.status == 200)
        #expect(reply.header("content-type") == "text/xml")
        #expect(reply.body.contains("<EchoResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"))
        #expect(reply.body.contains("<EchoResult><Text>a &amp;b</Text>"))
        #expect(
            reply.body.contains("<RequestId>\(try #require(reply.header("x-amzn-requestid")))</RequestId>")
        )
    }

    @Test func `a presigned call has its form in the URL`() async throws {
        let target = SigV4Signer(credential: GatewayFixture.key, region: "us-east-1", service: "sts")
            .presign(
                method: "GET",
                target: "/?Action=Echo&Text=hi&Version=2011-06-15",
                host: "h",
                expires: .seconds(60),
                now: GatewayFixture.time
            )
        let reply = try await fixture.sendAsIs(.get, target, host: "h")
        #expect(reply.status == 200)
        #expect(reply.body.contains("<Text>hi</Text>"))
    }

    @Test(arguments: [
        ("Action=Nonsense&Version=2011-06-15", "InvalidAction"), ("Version=2011-06-15", "MissingAction"),
        ("", "MissingAction"), ("Action=Echo&Version=2010-05-08&Text=a", "NoSuchVersion"),
        ("Action=AssumeRoleWithSAML", "InvalidAction"), ("Action=Echo", "ValidationException"),
        ("Action=Echo&Text=%zz", "MalformedInput"), ("%00%ff=&&&=", "MissingAction"),
    ])
    func `a form that means nothing gets an error in XML`(body: String, code: String) async throws {
        let reply = try await fixture.send(service: "sts", headers: form, body: body)
        #expect(reply.status == 400)
        #expect(reply.header("content-type") == "text/xml")
        #expect(reply.body.contains("<Code>\(code)</Code>"))
    }

    @Test func `a form for a service that takes none gets an error in XML`() async throws {
        let reply = try await fixture.send(service: "sagemaker", headers: form, body: "Action=Echo")
        #expect(reply.status == 400)
        #expect(reply.body.contains("<Code>InvalidAction</Code>"))
    }

    // MARK: Raw

    @Test func `a raw service gets path, decoded query and body`() async throws {
        let reply = try await fixture.send(
            .put,
            "/bkt/a%20b?x=%2F&flag",
            service: "s3",
            headers: ["content-length": "5"],
            body: "hello"
        )
        #expect(reply.body == "PUT /bkt/a%20b [x=/&flag=] 'hello' 5  plain us-east-1")
        #expect(reply.header("x-amz-request-id") != nil)
        #expect(reply.header("x-amz-id-2") != nil)
        #expect(reply.header("x-amzn-requestid") == nil)
    }

    @Test func `the bucket of the host name comes first in the path`() async throws {
        let reply = try await fixture.send(
            .get,
            "/a//b/",
            service: "s3",
            headers: ["host": "bkt.localhost:9000"]
        )
        #expect(reply.body.hasPrefix("GET /bkt/a//b/ []"))
    }

    @Test func `a presigned URL works and keeps its own parameters to itself`() async throws {
        let signer = SigV4Signer(credential: GatewayFixture.temporaryKey, region: "eu-west-1", service: "s3")
        let target = signer.presign(
            method: "GET",
            target: "/bkt/k?versionId=1",
            host: "h:1",
            expires: .seconds(60),
            now: GatewayFixture.time
        )
        let reply = try await fixture.sendAsIs(.get, target, host: "h:1")
        #expect(reply.body.hasPrefix("GET /bkt/k [versionId=1] ''"))
    }

    @Test func `a version 2 URL works in both address styles`() async throws {
        // HMAC-SHA1 of "GET\n\n\n1704168245\n/bkt/k.txt" with the key "secret", computed with Python's hmac.
        let query = "AWSAccessKeyId=AKIDEXAMPLE&Signature=FWyc2D68bQZW8IacTT0A4yqYDkU%3D&Expires=1704168245"
        #expect(try await fixture.sendAsIs(.get, "/bkt/k.txt?\(query)").status == 200)
        #expect(try await fixture.sendAsIs(.get, "/k.txt?\(query)", host: "bkt.localhost").status == 200)
        #expect(try await fixture.sendAsIs(.get, "/k.txt?\(query)", host: "other.localhost").status == 403)
        #expect(try await fixture.sendAsIs(.delete, "/bkt/k.txt?\(query)").status == 400)
    }

    @Test func `a body other than the signed one is noticed before its end`() async throws {
        let reply = try await fixture.send(.put, "/bkt/k", service: "s3", body: "hello") {
            $0.body = BodyStream(ByteBuffer(string: "hellO"))
        }
        #expect(reply.status == 400)
        #expect(reply.body.contains("<Code>XAmzContentSHA256Mismatch</Code>"))
    }

    @Test func `a body that ends early is noticed`() async throws {
        let short = try await fixture.send(
            .put,
            "/bkt/k",
            service: "s3",
            headers: ["content-length": "9"],
            body: "hello",
            payloadHash: "UNSIGNED-PAYLOAD"
        )
        #expect(short.status == 400)
        #expect(short.body.contains("<Code>IncompleteBody</Code>"))
        let cut = try await fixture.send(.put, "/bkt/k", service: "s3", body: "hello") {
            $0.body = BodyStream(
                AsyncThrowingStream<ByteBuffer, any Error> { $0.finish(throwing: BodyEndedEarly()) }
            )
        }
        #expect(cut.status == 400)
        #expect(cut.body.contains("<Code>IncompleteBody</Code>"))
    }

    @Test func `aws-chunked framing is taken off, trailers are handed on`() async throws {
        let headers = [
            "content-encoding": "aws-chunked,gzip", "x-amz-decoded-content-length": "5",
            "x-amz-trailer": "x-amz-checksum-crc32",
        ]
        let body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
        let reply = try await fixture.send(
            .put,
            "/bkt/k",
            service: "s3",
            headers: headers,
            body: body,
            payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        )
        #expect(reply.body == "PUT /bkt/k [] 'hello' 5 x-amz-checksum-crc32:NhCmhg== gzip us-east-1")
        for (broken, code) in [
            (String(body.dropLast(3)), "IncompleteBody"), ("5\r\nhell", "IncompleteBody"),
            ("6\r\nhello!\r\n0\r\n\r\n", "IncompleteBody"), ("zz\r\n", "InvalidRequest"),
            ("5\r\nhello\r\n0\r\n\r\n", "MalformedTrailerError"),
        ] {
            let reply = try await fixture.send(
                .put,
                "/bkt/k",
                service: "s3",
                headers: headers,
                body: broken,
                payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
            )
            #expect(reply.status == 400)
            #expect(reply.body.contains("<Code>\(code)</Code>"), "\(reply.body)")
        }
    }

    @Test func `trailers are there after the end, and an error stays an error`() async throws {
        let headers = ["x-amz-decoded-content-length": "8", "x-amz-trailer": "x-amz-checksum-crc32"]
        func read(_ body: String) async throws -> String {
            try await fixture.send(
                .put,
                "/bkt/k?steps",
                service: "s3",
                headers: headers,
                body: body,
                payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
            ).body
        }
        #expect(
            try await read("5\r\nhello\r\n3\r\nyou\r\n0\r\nx-amz-checksum-crc32:x\r\n\r\n")
                == "hello+0 you+0 end+1 end+1"
        )
        #expect(try await read("5\r\nhello\r\n4\r\n") == "IncompleteBody IncompleteBody")
        #expect(try await read("5\r\nhello\r\n3\r\nyo") == "hello+0 yo+0 IncompleteBody IncompleteBody")
    }

    @Test func `a hash that was not signed into a presigned URL does not change its meaning`() async throws {
        let target = SigV4Signer(credential: GatewayFixture.key, region: "us-east-1", service: "s3")
            .presign(
                method: "PUT",
                target: "/bkt/k",
                host: "h",
                expires: .seconds(60),
                now: GatewayFixture.time
            )
        let reply = try await fixture.sendAsIs(
            .put,
            target,
            host: "h",
            headers: ["x-amz-content-sha256": "UNSIGNED-PAYLOAD"],
            body: "hello"
        )
        #expect(reply.body.hasPrefix("PUT /bkt/k [] 'hello'"))
    }

    @Test func `signed chunks are checked against the request's own signature`() async throws {
        let headers = ["x-amz-decoded-content-length": "5"]
        let reply = try await fixture.send(
            .put,
            "/bkt/k",
            service: "s3",
            headers: headers,
            body: "5;chunk-signature=\(String(repeating: "0", count: 64))\r\nhello\r\n",
            payloadHash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        )
        #expect(reply.status == 403)
        #expect(reply.body.contains("<Code>SignatureDoesNotMatch</Code>"))
    }

    @Test func `a chunked body needs its real length`() async throws {
        let missing = try await fixture.send(
            .put,
            "/bkt/k",
            service: "s3",
            payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        )
        #expect(missing.status == 411)
        let negative = try await fixture.send(
            .put,
            "/bkt/k",
            service: "s3",
            headers: ["x-amz-decoded-content-length": "-1"],
            payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        )
        #expect(negative.status == 400)
    }

    @Test func `a payload hash that means nothing is refused`() async throws {
        for hash in ["", "STREAMING", "abc", String(repeating: "g", count: 64)] {
            let reply = try await fixture.send(.put, "/bkt/k", service: "s3", payloadHash: hash)
            #expect(reply.status == 400)
            #expect(reply.body.contains("<Code>InvalidArgument</Code>"))
        }
    }

    @Test func `S3's errors are its own XML, without a body for HEAD`() async throws {
        let reply = try await fixture.send(.get, "/bkt/a?missing", service: "s3")
        #expect(reply.status == 404)
        #expect(reply.header("content-type") == "application/xml")
        #expect(
            reply.body.hasPrefix(
                #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n<Error><Code>NoSuchKey</Code>"
            )
        )
        #expect(reply.body.contains("<Key>a&lt;b</Key>"))
        #expect(reply.body.contains("<Resource>/bkt/a</Resource>"))
        let head = try await fixture.send(.head, "/bkt/a?missing", service: "s3")
        #expect(head.status == 404)
        #expect(head.body.isEmpty)
    }

    @Test func `our own failure is a 500 that does not tell what broke`() async throws {
        let reply = try await fixture.send(.get, "/bkt/a?break", service: "s3")
        #expect(reply.status == 500)
        #expect(reply.body.contains("<Code>InternalFailure</Code>"))
        #expect(!reply.body.contains("SomethingBroke"))
        #expect(reply.body.contains(try #require(reply.header("x-amz-request-id"))))
    }

    @Test func `runtime calls that nobody offers get restJson errors`() async throws {
        let reply = try await fixture.send(.get, "/FeatureGroup/f?x=1", service: "sagemaker")
        #expect(reply.status == 400)
        #expect(reply.header("x-amzn-errortype") == "UnknownOperationException")
        #expect(
            reply.body.contains(
                #""Message":"Operation GET /FeatureGroup/f is not offered by this Clary; it was not sent to AWS.""#
            )
        )
    }
}
