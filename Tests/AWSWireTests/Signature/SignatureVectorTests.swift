import AWSWire
import Testing

@Suite struct SignatureVectorTests {
    @Test(arguments: SignatureVector.all)
    func `the canonical request is the one that botocore hashes`(vector: SignatureVector) throws {
        let message = vector.message()
        let claim = try #require(try SignatureClaim(message))
        let canonical = CanonicalRequest(
            message,
            path: vector.family.pathForm,
            signedHeaders: claim.signedHeaders,
            leavingOut: claim.form == .header ? nil : "X-Amz-Signature",
            payloadHash: vector.payloadHash
        )
        #expect(canonical.hash == vector.canonicalHash)
    }

    @Test(arguments: SignatureVector.all)
    func `a request that botocore signed is believed`(vector: SignatureVector) throws {
        try vector.verify(vector.message(), at: vector.time)
    }

    @Test(arguments: SignatureVector.all)
    func `our own signer makes the signature that botocore makes`(vector: SignatureVector) throws {
        let claim = try #require(try SignatureClaim(vector.message()))
        let signer = SigV4Signer(
            credential: SigningCredential(
                accessKeyID: SignatureVector.accessKeyID,
                secretAccessKey: SignatureVector.secret,
                sessionToken: vector.sessionToken
            ),
            region: claim.scope.region,
            service: vector.service
        )
        switch claim.form {
        case .header:
            let made = ["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"]
            let added = signer.sign(
                method: vector.method,
                target: vector.target,
                headers: vector.message().headers.filter { !made.contains($0.name) },
                payloadHash: vector.payloadHash,
                now: vector.time
            )
            let again = try #require(
                try SignatureClaim(
                    SignedMessage(method: vector.method, target: vector.target, headers: added)
                )
            )
            #expect(again.signature == claim.signature)
            #expect(again.signedHeaders == claim.signedHeaders)
        case .query(let expires):
            let mark = try #require(vector.target.firstRange(of: "X-Amz-Algorithm"))
            let unsigned = String(vector.target[..<mark.lowerBound].dropLast())
            let target = signer.presign(
                method: vector.method,
                target: unsigned,
                host: try #require(vector.message().single("host")),
                expires: expires,
                now: vector.time
            )
            try vector.verify(
                SignedMessage(method: vector.method, target: target, headers: vector.message().headers),
                at: vector.time
            )
            #expect(target.hasSuffix("X-Amz-Signature=\(claim.signature)"))
        }
    }

    @Test(arguments: LegacyVector.all)
    func `a version 2 URL that botocore made is believed`(vector: LegacyVector) throws {
        let message = SignedMessage(
            method: vector.method,
            target: vector.target,
            headers: [.init(name: "host", value: "127.0.0.1:9000")]
        )
        let url = try #require(try LegacyPresignedURL(message))
        #expect(url.accessKeyID == SignatureVector.accessKeyID)
        #expect(url.sessionToken == vector.sessionToken)
        #expect(url.stringToSign(message, resource: vector.resource) == vector.stringToSign)
        try url.check(
            message,
            resource: vector.resource,
            secret: SignatureVector.secret,
            now: Timestamp(seconds: 1_704_164_645)
        )
    }

    @Test func `times are read and written in the form of signatures`() throws {
        for (text, seconds) in [
            ("19700101T000000Z", 0.0), ("20000229T235959Z", 951_868_799), ("20240102T030405Z", 1_704_164_645),
            ("99991231T235959Z", 253_402_300_799),
        ] {
            let time = try #require(SigningTime(text))
            #expect(time.timestamp.seconds == seconds)
            #expect(SigningTime(Timestamp(seconds: seconds)).text == text)
        }
        #expect(SigningTime(Timestamp(seconds: 1_704_164_645.999)).text == "20240102T030405Z")
        for text in [
            "", "20240102", "20240102T030405", "20230229T000000Z", "20240102T240000Z", "20241301T000000Z",
            "20240100T000000Z", "2024-102T030405Z", "20240102t030405Z", "20240102T030405z",
            "20240102T03040+Z",
        ] {
            #expect(SigningTime(text) == nil, "\(text)")
        }
    }
}

extension SignatureVector {
    var family: SignatureVerifier.Family { service == "s3" ? .s3 : .other }
    var time: Timestamp { Timestamp(seconds: 1_704_164_645) }

    func message() -> SignedMessage {
        SignedMessage(method: method, target: target, headers: headers.map { .init(name: $0.0, value: $0.1) })
    }

    /// Checks a request as the gateway does, with the payload hash of this vector.
    func verify(_ message: SignedMessage, at now: Timestamp) throws {
        let claim = try #require(try SignatureClaim(message))
        let verifier = SignatureVerifier()
        try verifier.checkClaim(claim, of: message, family: family, services: [service], now: now)
        try SignatureVerifier.checkToken(claim.sessionToken, expected: sessionToken)
        try verifier.checkSignature(
            claim,
            of: message,
            family: family,
            secret: Self.secret,
            payloadHash: payloadHash
        )
    }
}
