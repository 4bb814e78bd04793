import AWSWire
import Testing

/// Requests that somebody changed on the way, made up, or kept for later.
@Suite struct ForgedSignatureTests {
    private let json = SignatureVector.all[0]
    private let s3 = SignatureVector.all[1]
    private let presigned = SignatureVector.all[2]
    private let temporary = SignatureVector.all[3]
    private let hash = String(repeating: "0", count: 64)

    @Test func `a changed path is refused`() {
        expectMismatch(s3, target: "/bkt/a%20c/k.txt?list-type=2&prefix=x%2Fy")
        expectMismatch(s3, target: "/bkt/a%20b/../a%20b/k.txt?list-type=2&prefix=x%2Fy")
    }

    @Test func `a changed, added or dropped query parameter is refused`() {
        expectMismatch(s3, target: "/bkt/a%20b/k.txt?list-type=2&prefix=x%2Fz")
        expectMismatch(s3, target: "/bkt/a%20b/k.txt?list-type=2&prefix=x%2Fy&delete")
        expectMismatch(s3, target: "/bkt/a%20b/k.txt?list-type=2")
        expectMismatch(s3, target: "/bkt/a%20b/k.txt?list-type=2&prefix=x%2Fy&prefix=x%2Fy")
    }

    @Test func `another order of the query parameters is the same request`() throws {
        try s3.verify(
            SignedMessage(
                method: s3.method,
                target: "/bkt/a%20b/k.txt?prefix=x%2fy&list-type=2",
                headers: s3.message().headers
            ),
            at: s3.time
        )
    }

    @Test func `a changed method is refused`() { expectMismatch(s3, method: "DELETE") }

    @Test func `a changed header is refused`() {
        expectMismatch(json) { $0["x-amz-target"] = "SageMaker.DeleteModel" }
        expectMismatch(json) { $0["host"] = "127.0.0.1:9001" }
        expectMismatch(json) { $0["content-type"] = "text/plain" }
    }

    @Test func `a changed body is refused`() {
        expectMismatch(json, payloadHash: hash)
    }

    @Test func `a changed day, region or service in the scope is refused`() {
        expect(json, throws: .wrongScope) { $0.replace("/20240102/", "/20240103/") }
        expect(json, throws: .mismatch) { $0.replace("/us-east-1/", "/us-west-2/") }
        expect(json, throws: .wrongScope) { $0.replace("/sagemaker/", "/sts/") }
        expect(json, throws: .malformed) { $0.replace("aws4_request", "aws5_request") }
        expect(json, throws: .malformed) { $0.replace("/sagemaker/", "/sage/maker/") }
        expect(json, throws: .malformed) { $0.replace("/sagemaker/", "/") }
    }

    @Test func `another secret does not verify`() throws {
        let message = json.message()
        let claim = try #require(try SignatureClaim(message))
        #expect(throws: SignatureError.self) {
            try SignatureVerifier().checkSignature(
                claim,
                of: message,
                family: .other,
                secret: "another",
                payloadHash: json.payloadHash
            )
        }
    }

    @Test func `an unsigned host is refused`() {
        expect(json, throws: .exactly(.unsigned(["host"]))) { $0.replace(";host;", ";") }
    }

    @Test func `a header that steers the request must be signed`() {
        expect(json, throws: .exactly(.unsigned(["x-amz-target"]))) { $0.replace(";x-amz-target", "") }
        expect(json, throws: .exactly(.unsigned(["x-amzn-sagemaker-target-variant"]))) {
            $0["x-amzn-sagemaker-target-variant"] = "v"
        }
        expect(s3, throws: .exactly(.unsigned(["x-amz-copy-source"]))) { $0["x-amz-copy-source"] = "b/k" }
        expect(presigned, throws: .exactly(.unsigned(["x-amz-acl"]))) { $0["x-amz-acl"] = "public-read" }
        expect(s3, throws: .exactly(.unsigned(["x-amz-security-token"]))) { $0["x-amz-security-token"] = "t" }
    }

    @Test func `a signed header that is missing is refused`() {
        expect(json, throws: .mismatch) { $0["content-type"] = nil }
    }

    @Test func `a repeated header cannot hide behind the signed one`() {
        expect(json, throws: .mismatch) { $0.add("x-amz-target", "SageMaker.DeleteModel") }
        expect(json, throws: .malformed) { $0.add("host", "elsewhere") }
        expect(json, throws: .malformed) { $0.add("x-amz-date", "20240102T030405Z") }
        expect(json, throws: .exactly(.severalMechanisms)) {
            $0.add("authorization", $0["authorization"] ?? "")
        }
    }

    @Test func `header and query signature at once are refused`() {
        expect(presigned, throws: .exactly(.severalMechanisms)) {
            $0["authorization"] =
                "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=0"
        }
    }

    @Test(arguments: [-301.0, 301, 86_400, -86_400])
    func `a clock that is five minutes off is refused`(offset: Double) {
        expect(json, at: json.time.seconds + offset, throws: .skewed)
    }

    @Test(arguments: [-300.0, 0, 300])
    func `a clock within five minutes is fine`(offset: Double) throws {
        try json.verify(json.message(), at: Timestamp(seconds: json.time.seconds + offset))
    }

    @Test func `S3 allows fifteen minutes`() throws {
        try s3.verify(s3.message(), at: Timestamp(seconds: s3.time.seconds + 900))
        expect(s3, at: s3.time.seconds + 901, throws: .skewed)
    }

    @Test func `a presigned URL is good until its end and not from the future`() throws {
        try presigned.verify(presigned.message(), at: Timestamp(seconds: presigned.time.seconds + 3600))
        expect(presigned, at: presigned.time.seconds + 3601, throws: .expired)
        expect(presigned, at: presigned.time.seconds - 901, throws: .exactly(.notYetValid))
    }

    @Test(arguments: ["0", "-1", "604801", "99999999999999999999", "1e3", "", "3600.0", "abc"])
    func `a lifetime outside of one second to seven days is refused`(expires: String) {
        expectQuery("X-Amz-Expires=3600", "X-Amz-Expires=\(expires)", throws: .malformed)
    }

    @Test func `a changed lifetime is refused`() {
        expectQuery("X-Amz-Expires=3600", "X-Amz-Expires=3601", throws: .mismatch)
    }

    @Test func `a presigned URL with a parameter missing, doubled or renamed is refused`() {
        for name in ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"] {
            expectQuery("X-Amz-\(name)=", "X-Amz-\(name)=x&X-Amz-\(name)=", throws: .malformed)
        }
        for name in ["Credential", "Date", "Expires", "SignedHeaders", "Signature"] {
            expectQuery("X-Amz-\(name)=", "X-Amz-Other=", throws: .malformed)
        }
        expectQuery("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", throws: .malformed)
    }

    @Test func `a presigned URL for GET is not one for PUT`() { expectMismatch(presigned, method: "PUT") }

    @Test(arguments: [
        "Signature=a0", "Signature=",
        "Signature=A0368B603E9A2214D90791618798AE45C1BC945FF7F49538F336AE5D18F3BF0E",
        "Signature=zz368b603e9a2214d90791618798ae45c1bc945ff7f49538f336ae5d18f3bf0e",
        "Signature=a0368b603e9a2214d90791618798ae45c1bc945ff7f49538f336ae5d18f3bf0e00",
    ])
    func `a signature of another length, case or alphabet is refused`(signature: String) {
        expect(json, throws: .malformed) {
            let value = $0["authorization"] ?? ""
            let start = value.firstRange(of: "Signature=")?.lowerBound ?? value.endIndex
            $0["authorization"] = value[..<start] + signature
        }
    }

    @Test func `one wrong digit is refused`() {
        expect(json, throws: .mismatch) { $0.replace("Signature=a", "Signature=b") }
    }

    @Test(arguments: [
        "", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 nonsense", "AWS4-HMAC-SHA256 ,,,",
        "AWS4-HMAC-SHA256 Credential=a/20240102/us-east-1/s3/aws4_request", "AWS AKID:c2ln", "Bearer token",
        "AWS4-ECDSA-P256-SHA256 Credential=x, SignedHeaders=host, Signature=00", "Basic dTpw",
        "AWS4-HMAC-SHA256 Credential=a, Credential=b, SignedHeaders=host, Signature=00",
    ])
    func `an authorization header that is not one is refused`(value: String) {
        expect(json, throws: .unreadable) { $0["authorization"] = value }
    }

    @Test func `signed headers in upper case, empty or twice are refused`() {
        for list in ["Content-Type;host;x-amz-date", "host;;x-amz-date", "host;host", ""] {
            expect(json, throws: .malformed) {
                $0.replace("content-type;host;x-amz-date;x-amz-target", list)
            }
        }
    }

    @Test func `a date that is missing or odd is refused`() {
        for date in [nil, "Tue, 02 Jan 2024 03:04:05 GMT", "20240102"] {
            expect(json, throws: .malformed) { $0["x-amz-date"] = date }
        }
    }

    @Test func `a token must be the key's own`() throws {
        try temporary.verify(temporary.message(), at: temporary.time)
        let token = try #require(temporary.sessionToken)
        for (sent, expected) in [
            (nil, token), ("other", token), (token, nil), (token + "x", token), ("", token),
        ] {
            #expect(throws: SignatureError.invalidToken) {
                try SignatureVerifier.checkToken(sent, expected: expected)
            }
        }
        expect(temporary, throws: .exactly(.invalidToken)) { $0["x-amz-security-token"] = "other" }
    }

    @Test func `an unsigned request has no claim`() throws {
        #expect(try SignatureClaim(SignedMessage(method: "GET", target: "/?a=b", headers: [])) == nil)
    }

    // MARK: Version 2

    @Test func `version 2 is for reading and writing objects only`() {
        for method in ["DELETE", "POST", "PATCH"] {
            #expect(throws: SignatureError.self) { try LegacyPresignedURL(legacy(method: method)) }
        }
    }

    @Test func `a version 2 URL is good until its end, and never for more than seven days`() throws {
        let url = try #require(try LegacyPresignedURL(legacy()))
        func check(_ now: Double) throws {
            try url.check(
                legacy(),
                resource: "/bkt/k.txt",
                secret: SignatureVector.secret,
                now: Timestamp(seconds: now)
            )
        }
        try check(1_704_168_245)
        try check(1_704_168_245 - 604_800)
        #expect(throws: SignatureError.self) { try check(1_704_168_246) }
        #expect(throws: SignatureError.self) { try check(1_704_168_245 - 604_801) }
    }

    @Test func `a changed version 2 URL is refused`() throws {
        func verify(_ message: SignedMessage, resource: String = "/bkt/k.txt") throws {
            let url = try #require(try LegacyPresignedURL(message))
            try url.check(
                message,
                resource: resource,
                secret: SignatureVector.secret,
                now: Timestamp(seconds: 1_704_164_645)
            )
        }
        try verify(legacy())
        for changed in [
            legacy(method: "PUT"), legacy(("1704168245", "1704168246")), legacy(("k.txt?", "k.txt?acl&")),
            legacy(("mX5s", "mX5t")), legacy(("Signature=mX5s", "Signature=%%%")),
            legacy(headers: [.init(name: "x-amz-copy-source", value: "b/k")]),
            legacy(headers: [.init(name: "content-type", value: "text/html")]),
        ] {
            #expect(throws: SignatureError.self) { try verify(changed) }
        }
        #expect(throws: SignatureError.self) { try verify(legacy(), resource: "/bkt/other.txt") }
        #expect(throws: SignatureError.severalMechanisms) {
            try verify(legacy(headers: [.init(name: "authorization", value: "AWS4-HMAC-SHA256 x")]))
        }
        for broken in [("Expires=", "Expired="), ("Expires=", "Expires=x"), ("Signature=", "Sig=")] {
            #expect(throws: SignatureError.self) { try verify(legacy(broken)) }
        }
        #expect(throws: SignatureError.self) { try verify(legacy(("k.txt?", "k.txt?Expires=1&"))) }
    }

    private func legacy(
        _ change: (String, String) = ("", ""),
        method: String = "GET",
        headers: [SignedMessage.Header] = []
    ) -> SignedMessage {
        let target = LegacyVector.all[0].target
        return SignedMessage(
            method: method,
            target: change.0.isEmpty ? target : target.replacing(change.0, with: change.1),
            headers: [.init(name: "host", value: "127.0.0.1:9000")] + headers
        )
    }

    // MARK: Expectations

    /// What a forged request is refused for.
    private enum Reason {
        case mismatch, malformed, wrongScope, skewed, expired
        /// Malformed, or an algorithm that is not offered.
        case unreadable
        case exactly(SignatureError)

        func explains(_ error: SignatureError) -> Bool {
            switch (self, error) {
            case (.mismatch, .mismatch), (.wrongScope, .wrongScope), (.skewed, .skewed), (.expired, .expired),
                (.malformed, .malformedHeader), (.malformed, .malformedQuery),
                (.unreadable, .malformedHeader), (.unreadable, .unsupported):
                true
            case (.exactly(let expected), _): error == expected
            default: false
            }
        }
    }

    private func expectMismatch(
        _ vector: SignatureVector,
        target: String? = nil,
        method: String? = nil,
        payloadHash: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation,
        change: (inout HeaderList) -> Void = { _ in }
    ) {
        expect(
            vector,
            target: target,
            method: method,
            payloadHash: payloadHash,
            throws: .mismatch,
            sourceLocation: sourceLocation,
            change: change
        )
    }

    private func expectQuery(
        _ old: String,
        _ new: String,
        throws reason: Reason,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expect(
            presigned,
            target: presigned.target.replacing(old, with: new),
            throws: reason,
            sourceLocation: sourceLocation
        )
    }

    private func expect(
        _ vector: SignatureVector,
        target: String? = nil,
        method: String? = nil,
        payloadHash: String? = nil,
        at seconds: Double? = nil,
        throws reason: Reason,
        sourceLocation: SourceLocation = #_sourceLocation,
        change: (inout HeaderList) -> Void = { _ in }
    ) {
        var headers = HeaderList(headers: vector.message().headers)
        change(&headers)
        let changed = SignatureVector(
            name: vector.name,
            service: vector.service,
            method: vector.method,
            target: vector.target,
            headers: [],
            payloadHash: payloadHash ?? vector.payloadHash,
            canonicalHash: vector.canonicalHash,
            sessionToken: vector.sessionToken
        )
        let message = SignedMessage(
            method: method ?? vector.method,
            target: target ?? vector.target,
            headers: headers.headers
        )
        do {
            try changed.verify(message, at: Timestamp(seconds: seconds ?? vector.time.seconds))
            Issue.record("The forged request was believed.", sourceLocation: sourceLocation)
        } catch let error as SignatureError {
            #expect(reason.explains(error), "\(error)", sourceLocation: sourceLocation)
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}

/// Headers that a test changes.
struct HeaderList {
    var headers: [SignedMessage.Header]

    subscript(name: String) -> String? {
        get { headers.first { $0.name == name }?.value }
        set {
            headers.removeAll { $0.name == name }
            if let newValue { add(name, newValue) }
        }
    }

    mutating func add(_ name: String, _ value: String) { headers.append(.init(name: name, value: value)) }

    /// Replaces a text in the `authorization` header.
    mutating func replace(_ old: String, _ new: String) {
        self["authorization"] = self["authorization"]?.replacing(old, with: new)
    }
}
