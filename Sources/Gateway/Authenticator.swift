package import AWSWire
package import HTTPTypes
import Resources

/// Tells who makes a call: finds the key that a request claims and checks the claim.
///
/// Everything is in memory, so it may run on an event loop.
package struct Authenticator: Sendable {
    private let credentials: any CredentialSource
    private let verifier = SignatureVerifier()

    /// - Parameter credentials: The keys that exist.
    package init(credentials: any CredentialSource) { self.credentials = credentials }

    /// Checks a call whose body is there: one step for the callers that hold it.
    ///
    /// - Parameters:
    ///   - head: As it was sent.
    ///   - payloadHash: SHA-256 of the body in 64 lower-case hex digits.
    ///   - service: Signing name of the called service.
    ///   - envelope: Form of its errors.
    ///   - requestID: Id of the request.
    ///   - source: The peer's address.
    ///   - now: The time.
    /// - Returns: The caller, or the error to answer with.
    package func verify(
        _ head: HTTPRequest,
        payloadHash: String,
        service: String = "sagemaker",
        envelope: Envelope = .restJSON,
        requestID: String,
        source: String = "",
        now: Timestamp
    ) -> Result<Caller, ServiceError> {
        do {
            let admission = try admit(
                head,
                service: service,
                requestID: requestID,
                source: source,
                now: now
            )
            if let announced = admission.announcedHash, announced != payloadHash {
                throw SignatureError.mismatch(stringToSign: "The body is not the one that was signed.")
            }
            return .success(try confirm(admission, payloadHash: payloadHash))
        } catch let error as SignatureError {
            return .failure(error.serviceError(in: envelope))
        } catch {
            return .failure(.internalFailure("The signature could not be checked."))
        }
    }

    /// Checks all of a claim that needs no body: time, scope, signed headers, key and token.
    ///
    /// - Parameters:
    ///   - head: As it was sent.
    ///   - service: Signing name of the called service.
    ///   - bucket: The bucket, if it stands in the host name.
    ///   - requestID: Id of the request.
    ///   - source: The peer's address.
    ///   - now: The time.
    /// - Returns: The claim; nothing of it may be acted upon before `confirm`.
    /// - Throws: `SignatureError` for what does not hold.
    func admit(
        _ head: HTTPRequest,
        service: String,
        bucket: String? = nil,
        requestID: String,
        source: String = "",
        now: Timestamp
    ) throws(SignatureError) -> Admission {
        let message = SignedMessage(head)
        let family: SignatureVerifier.Family = service == "s3" ? .s3 : .other
        if family == .s3, let url = try LegacyPresignedURL(message) {
            let credential = try credential(url.accessKeyID, token: url.sessionToken, now: now)
            let resource = (bucket.map { "/\($0)" } ?? "") + message.path
            try url.check(message, resource: resource, secret: credential.secretAccessKey, now: now)
            return Admission(
                message: message,
                family: family,
                claim: nil,
                credential: credential,
                caller: caller(credential, region: .standard, requestID: requestID, source: source)
            )
        }
        guard let claim = try SignatureClaim(message) else { throw .missing }
        try verifier.checkClaim(claim, of: message, family: family, services: [service], now: now)
        guard let region = Region(claim.scope.region) else {
            throw .wrongScope("'\(claim.scope.region.prefix(40))' is not a region.")
        }
        let credential = try credential(claim.accessKeyID, token: claim.sessionToken, now: now)
        return Admission(
            message: message,
            family: family,
            claim: claim,
            credential: credential,
            caller: caller(credential, region: region, requestID: requestID, source: source)
        )
    }

    /// Checks the signature of an admitted call.
    ///
    /// - Parameters:
    ///   - admission: Outcome of `admit`.
    ///   - payloadHash: SHA-256 of the body, or the word that stands for it.
    /// - Returns: Who calls.
    /// - Throws: `SignatureError.mismatch`.
    func confirm(_ admission: Admission, payloadHash: String) throws(SignatureError) -> Caller {
        guard let claim = admission.claim else { return admission.caller }
        try verifier.checkSignature(
            claim,
            of: admission.message,
            family: admission.family,
            secret: admission.credential.secretAccessKey,
            payloadHash: payloadHash
        )
        return admission.caller
    }

    /// The chain of chunk signatures that an admitted call starts; `nil` for a version 2 URL, which has none.
    func chunkSigning(_ admission: Admission) -> ChunkSigning? {
        admission.claim.map { verifier.chunkSigning($0, secret: admission.credential.secretAccessKey) }
    }

    func credential(
        _ accessKeyID: String,
        token: String?,
        now: Timestamp
    ) throws(SignatureError) -> Credential {
        guard let credential = credentials.credential(for: accessKeyID) else {
            throw .unknownKey(String(accessKeyID.prefix(128)))
        }
        try SignatureVerifier.checkToken(token, expected: credential.sessionToken)
        if let expiration = credential.expiration, now.seconds >= expiration { throw .expiredToken }
        return credential
    }

    func caller(
        _ credential: Credential,
        region: Region,
        requestID: String,
        source: String
    ) -> Caller {
        Caller(
            accessKeyID: credential.accessKeyID,
            scope: Scope(account: credential.account, region: region),
            principalARN: credential.principalARN,
            requestID: requestID,
            authority: credential.authority,
            source: source
        )
    }
}

/// A call whose claim holds as far as it can be told without the secret.
struct Admission: Sendable {
    let message: SignedMessage
    let family: SignatureVerifier.Family
    /// `nil` for a version 2 URL, whose check needs no body and is done.
    let claim: SignatureClaim?
    let credential: Credential
    let caller: Caller

    /// The body's hash as the request announces it; `nil` if it announces none.
    ///
    /// In a presigned URL the header counts only if it was signed: whoever made the URL did not know the body.
    var announcedHash: String? {
        guard let value = message.single("x-amz-content-sha256") else { return nil }
        guard let claim, claim.form != .header else { return value }
        return claim.signedHeaders.contains("x-amz-content-sha256") ? value : nil
    }
}

extension SignedMessage {
    /// The head as its signature sees it: the authority is the `Host` header again.
    init(_ head: HTTPRequest) {
        var headers: [Header] = []
        headers.reserveCapacity(head.headerFields.count + 1)
        if let authority = head.authority { headers.append(Header(name: "host", value: authority)) }
        for field in head.headerFields {
            headers.append(Header(name: field.name.canonicalName, value: field.value))
        }
        self.init(method: head.method.rawValue, target: head.path ?? "/", headers: headers)
    }
}
