import AWSWire
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import Resources
import Testing

/// What callers hear who are not believed: codes and statuses differ between the protocols.
@Suite struct AuthenticationTests {
    /// One way of calling each kind of service.
    enum Kind: String, CaseIterable, Sendable {
        case json, query, s3, runtime

        var service: String {
            switch self {
            case .json, .runtime: "sagemaker"
            case .query: "sts"
            case .s3: "s3"
            }
        }
        var target: String {
            switch self {
            case .json, .query: "/"
            case .s3: "/bkt/k"
            case .runtime: "/endpoints/e/invocations"
            }
        }
        var headers: [String: String] {
            switch self {
            case .json: ["x-amz-target": "SageMaker.Echo"]
            case .query: ["content-type": "application/x-www-form-urlencoded"]
            case .s3, .runtime: [:]
            }
        }
        var body: String {
            switch self {
            case .json: #"{"Text":"hi"}"#
            case .query: "Action=Echo&Text=hi"
            case .s3, .runtime: "body"
            }
        }
    }

    private let fixture = GatewayFixture()

    private func send(
        _ kind: Kind,
        key: SigningCredential = GatewayFixture.key,
        offset: Double = 0,
        scope: String? = nil,
        change: (inout ServerRequest) -> Void = { _ in }
    ) async throws -> Reply {
        try await fixture.send(
            .post,
            kind.target,
            service: scope ?? kind.service,
            headers: kind.headers,
            body: kind.body,
            key: key,
            time: Timestamp(seconds: GatewayFixture.time.seconds + offset),
            change: change
        )
    }

    private func expect(
        _ reply: Reply,
        _ kind: Kind,
        _ status: Int,
        _ code: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(reply.status == status, sourceLocation: sourceLocation)
        switch kind {
        case .json, .runtime:
            #expect(
                reply.body.contains("\"__type\":\"\(code)\""),
                "\(reply.body)",
                sourceLocation: sourceLocation
            )
            #expect(reply.header("x-amzn-errortype") == code, sourceLocation: sourceLocation)
        case .query:
            #expect(
                reply.body.contains("<Code>\(code)</Code>"),
                "\(reply.body)",
                sourceLocation: sourceLocation
            )
            #expect(reply.body.contains("<ErrorResponse"), sourceLocation: sourceLocation)
        case .s3:
            #expect(
                reply.body.contains("<Error><Code>\(code)</Code>"),
                "\(reply.body)",
                sourceLocation: sourceLocation
            )
        }
    }

    @Test func `an unsigned call is refused`() async throws {
        for (kind, code) in [
            (Kind.json, "MissingAuthenticationTokenException"), (.query, "MissingAuthenticationToken"),
            (.runtime, "MissingAuthenticationTokenException"),
        ] {
            let reply = try await fixture.sendAsIs(.post, kind.target, headers: kind.headers, body: kind.body)
            expect(reply, kind, 403, code)
        }
    }

    @Test func `an unknown key is refused`() async throws {
        let key = SigningCredential(accessKeyID: "AKNOBODY", secretAccessKey: "secret")
        expect(try await send(.json, key: key), .json, 403, "UnrecognizedClientException")
        expect(try await send(.query, key: key), .query, 403, "InvalidClientTokenId")
        expect(try await send(.s3, key: key), .s3, 403, "InvalidAccessKeyId")
        expect(try await send(.runtime, key: key), .runtime, 403, "UnrecognizedClientException")
    }

    @Test func `a wrong secret is refused`() async throws {
        let key = SigningCredential(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wrong")
        expect(try await send(.json, key: key), .json, 403, "InvalidSignatureException")
        expect(try await send(.query, key: key), .query, 403, "SignatureDoesNotMatch")
        expect(try await send(.s3, key: key), .s3, 403, "SignatureDoesNotMatch")
        expect(try await send(.runtime, key: key), .runtime, 403, "InvalidSignatureException")
    }

    @Test func `a changed document is refused`() async throws {
        let change: (inout ServerRequest) -> Void = { $0.body = BodyStream(ByteBuffer(string: "{}")) }
        expect(try await send(.json, change: change), .json, 403, "InvalidSignatureException")
        expect(try await send(.query, change: change), .query, 403, "SignatureDoesNotMatch")
    }

    @Test func `a clock that is off is told so`() async throws {
        expect(try await send(.json, offset: -301), .json, 403, "InvalidSignatureException")
        expect(try await send(.query, offset: 301), .query, 403, "SignatureDoesNotMatch")
        expect(try await send(.s3, offset: -901), .s3, 403, "RequestTimeTooSkewed")
        #expect(try await send(.s3, offset: -900).status == 200)
        let late = try await send(.json, offset: -600)
        #expect(
            late.body.contains(
                "Signature expired: 20240102T025405Z is now earlier than 20240102T025905Z "
                    + "(20240102T030405Z - 5 min.)"
            )
        )
        let early = try await send(.json, offset: 600)
        #expect(
            early.body.contains(
                "Signature not yet current: 20240102T031405Z is still later than 20240102T030905Z "
                    + "(20240102T030405Z + 5 min.)"
            )
        )
    }

    @Test func `a temporary key works with its token only, and until its end`() async throws {
        for kind in Kind.allCases where kind != .runtime {
            #expect(try await send(kind, key: GatewayFixture.temporaryKey).status == 200)
        }
        let bare = SigningCredential(accessKeyID: "ASIAEXAMPLE", secretAccessKey: "other")
        let foreign = SigningCredential(
            accessKeyID: "ASIAEXAMPLE",
            secretAccessKey: "other",
            sessionToken: "foreign"
        )
        let superfluous = SigningCredential(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: "secret",
            sessionToken: "token"
        )
        for key in [bare, foreign, superfluous] {
            expect(try await send(.json, key: key), .json, 403, "UnrecognizedClientException")
            expect(try await send(.query, key: key), .query, 403, "InvalidClientTokenId")
            expect(try await send(.s3, key: key), .s3, 400, "InvalidToken")
        }
        expect(try await send(.json, key: GatewayFixture.expiredKey), .json, 403, "ExpiredTokenException")
        expect(try await send(.query, key: GatewayFixture.expiredKey), .query, 403, "ExpiredToken")
        expect(try await send(.s3, key: GatewayFixture.expiredKey), .s3, 400, "ExpiredToken")
    }

    @Test func `a signature for one service does not open another`() async throws {
        expect(try await send(.json, scope: "logs"), .json, 403, "InvalidSignatureException")
        expect(try await send(.json, scope: "s3"), .json, 403, "InvalidSignatureException")
    }

    @Test func `a header that was added on the way is refused`() async throws {
        let reply = try await send(.s3) {
            if let name = HTTPField.Name("x-amz-copy-source") { $0.head.headerFields[name] = "other/secret" }
        }
        expect(reply, .s3, 403, "AccessDenied")
        #expect(reply.body.contains("<HeadersNotSigned>x-amz-copy-source</HeadersNotSigned>"))
    }

    @Test func `an authorization header that cannot be read is a client error`() async throws {
        for (kind, code) in [
            (Kind.json, "IncompleteSignatureException"), (.query, "IncompleteSignature"),
            (.s3, "AuthorizationHeaderMalformed"),
        ] {
            var headers = kind.headers
            headers["authorization"] = "AWS4-HMAC-SHA256 Credential=AK/20240102/us-east-1/\(kind.service)"
            expect(try await fixture.sendAsIs(.post, kind.target, headers: headers), kind, 400, code)
        }
    }

    @Test func `words in place of the payload's hash are for S3 only`() async throws {
        let reply = try await fixture.send(
            .post,
            "/",
            service: "sagemaker",
            headers: ["x-amz-target": "SageMaker.Echo", "x-amz-content-sha256": "UNSIGNED-PAYLOAD"],
            body: #"{"Text":"hi"}"#,
            payloadHash: "UNSIGNED-PAYLOAD"
        )
        expect(reply, .json, 403, "InvalidSignatureException")
    }

    @Test func `a region that is none is refused`() async throws {
        let reply = try await fixture.send(
            region: "nowhere",
            headers: ["x-amz-target": "SageMaker.Echo"],
            body: #"{"Text":"hi"}"#
        )
        expect(reply, .json, 403, "InvalidSignatureException")
    }

    @Test func `an expired presigned URL says that it has expired`() async throws {
        let target = SigV4Signer(credential: GatewayFixture.key, region: "us-east-1", service: "s3")
            .presign(
                method: "GET",
                target: "/bkt/k",
                host: "h",
                expires: .seconds(60),
                now: Timestamp(seconds: GatewayFixture.time.seconds - 61)
            )
        let reply = try await fixture.sendAsIs(.get, target, host: "h")
        expect(reply, .s3, 403, "AccessDenied")
        #expect(reply.body.contains("<Message>Request has expired</Message>"))
    }

    @Test func `the one-step check of a call with its body agrees`() throws {
        let authenticator = Authenticator(credentials: OneKey())
        let hash = String(repeating: "0", count: 64)
        let added = SigV4Signer(credential: GatewayFixture.key, region: "us-west-2", service: "sagemaker")
            .sign(
                method: "POST",
                target: "/endpoints/e/invocations",
                headers: [.init(name: "host", value: "h")],
                payloadHash: hash,
                now: GatewayFixture.time
            )
        var head = HTTPRequest(
            method: .post,
            scheme: "http",
            authority: "h",
            path: "/endpoints/e/invocations"
        )
        for header in added { head.headerFields[try #require(HTTPField.Name(header.name))] = header.value }
        let caller = try authenticator.verify(
            head,
            payloadHash: hash,
            requestID: "id",
            now: GatewayFixture.time
        ).get()
        #expect(caller.scope.region.description == "us-west-2")
        #expect(caller.requestID == "id")
        let refused = authenticator.verify(
            head,
            payloadHash: String(repeating: "1", count: 64),
            requestID: "id",
            now: GatewayFixture.time
        )
        #expect(throws: ServiceError.self) { try refused.get() }
    }

    private struct OneKey: CredentialSource {
        func credential(for accessKeyID: String) -> Credential? {
            Credential(
                accessKeyID: accessKeyID,
                secretAccessKey: GatewayFixture.key.secretAccessKey,
                sessionToken: nil,
                expiration: nil,
                account: .standard,
                principalARN: "arn"
            )
        }
    }
}
