import Crypto

/// Checks claims against the secrets of their keys.
///
/// It knows no clock and no store of keys: both come in.
package struct SignatureVerifier: Sendable {
    /// What differs between S3 and the other services.
    package enum Family: Sendable {
        case s3, other

        /// How far the clocks of a request and ours may be apart.
        package var allowedSkew: Duration { self == .s3 ? .seconds(900) : .seconds(300) }

        /// How the path stands in the canonical request.
        package var pathForm: CanonicalRequest.PathForm { self == .s3 ? .asSent : .encodedTwice }
    }

    private let keys: SigningKeys

    package init(keys: SigningKeys = SigningKeys()) { self.keys = keys }

    /// Checks all that needs no secret: the time, the scope, and that what steers the request is signed.
    ///
    /// It is cheap, so it comes before the body is read.
    ///
    /// - Parameters:
    ///   - claim: What the request says.
    ///   - message: The request.
    ///   - family: Rules of the called service.
    ///   - services: Signing names that the called service goes by.
    ///   - now: Our time.
    /// - Throws: `SignatureError` for what does not hold.
    package func checkClaim(
        _ claim: SignatureClaim,
        of message: SignedMessage,
        family: Family,
        services: [String],
        now: Timestamp
    ) throws(SignatureError) {
        guard claim.time.day == claim.scope.day else {
            throw .wrongScope(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                    + "'\(claim.scope.day.prefix(40))' != '\(claim.time.day)', from '\(claim.time.text)'."
            )
        }
        guard services.contains(claim.scope.service) else {
            throw .wrongScope(
                "Credential should be scoped to correct service: '\(services.first ?? "")'."
            )
        }
        try checkTime(claim, family: family, now: now)
        try checkSignedHeaders(claim, of: message)
    }

    private func checkTime(_ claim: SignatureClaim, family: Family, now: Timestamp) throws(SignatureError) {
        let age = now.seconds - claim.time.timestamp.seconds
        let allowance = Double(family.allowedSkew.components.seconds)
        switch claim.form {
        case .header:
            guard abs(age) <= allowance else {
                throw .skewed(request: claim.time, now: SigningTime(now), allowance: family.allowedSkew)
            }
        case .query(let expires):
            guard age >= -allowance else { throw .notYetValid }
            let lifetime = Double(expires.components.seconds)
            guard age <= lifetime else {
                throw .expired(
                    at: Timestamp(seconds: claim.time.timestamp.seconds + lifetime),
                    now: SigningTime(now)
                )
            }
        }
    }

    /// The host, and every header that AWS gives a meaning to, must be signed: else whoever sees the request on its way
    /// could change what it does.
    private func checkSignedHeaders(
        _ claim: SignatureClaim,
        of message: SignedMessage
    ) throws(SignatureError) {
        let signed = claim.signedHeaders
        guard message.count("host") == 1 else {
            throw .malformedHeader("The request requires one Host header.")
        }
        var missing: [String] = signed.contains("host") ? [] : ["host"]
        for header in message.headers
        where Self.steers(header.name) && !signed.contains(header.name) {
            missing.append(header.name)
        }
        guard missing.isEmpty else { throw .unsigned(missing) }
        for name in signed where !message.headers.contains(where: { $0.name == name }) {
            throw .mismatch(stringToSign: "The signed header '\(name.prefix(100))' is not in the request.")
        }
    }

    /// Whether a header changes what a request means.
    ///
    /// `x-amz-content-sha256` is itself a line of the canonical request, and the user agent is for statistics.
    private static func steers(_ name: String) -> Bool {
        if name.hasPrefix("x-amzn-sagemaker-") { return true }
        return name.hasPrefix("x-amz-") && name != "x-amz-content-sha256" && name != "x-amz-user-agent"
    }

    /// Checks the signature itself.
    ///
    /// - Parameters:
    ///   - claim: What the request says.
    ///   - message: The request.
    ///   - family: Rules of the called service.
    ///   - secret: Secret of the claim's key.
    ///   - payloadHash: As in `CanonicalRequest`.
    /// - Throws: `SignatureError.mismatch`.
    package func checkSignature(
        _ claim: SignatureClaim,
        of message: SignedMessage,
        family: Family,
        secret: String,
        payloadHash: some StringProtocol
    ) throws(SignatureError) {
        let canonical = CanonicalRequest(
            message,
            path: family.pathForm,
            signedHeaders: claim.signedHeaders,
            leavingOut: claim.form == .header ? nil : "X-Amz-Signature",
            payloadHash: payloadHash
        )
        let text = canonical.stringToSign(time: claim.time.text, scope: claim.scope)
        let key = keys.key(secret: secret, scope: claim.scope)
        let expected = HMAC<SHA256>.authenticationCode(for: text, using: key)
        guard let claimed = Hex.decode(claim.signature), ConstantTime.areEqual(Array(expected), claimed)
        else {
            throw .mismatch(stringToSign: String(decoding: text, as: UTF8.self))
        }
    }

    /// Compares the token of a request with that of the key it uses.
    ///
    /// - Parameters:
    ///   - token: Token of the request.
    ///   - expected: Token of the key; `nil` for a long-lived one, which goes without.
    /// - Throws: `SignatureError.invalidToken` if they are not the same.
    package static func checkToken(_ token: String?, expected: String?) throws(SignatureError) {
        switch (token, expected) {
        case (nil, nil): return
        case (let token?, let expected?) where ConstantTime.areEqual(Array(token.utf8), Array(expected.utf8)):
            return
        default: throw .invalidToken
        }
    }

    /// Continues a verified signature over the chunks of an `aws-chunked` body.
    ///
    /// - Parameters:
    ///   - claim: What the request says; it holds.
    ///   - secret: Secret of the claim's key.
    /// - Returns: The chain, before its first chunk.
    package func chunkSigning(_ claim: SignatureClaim, secret: String) -> ChunkSigning {
        ChunkSigning(
            key: keys.key(secret: secret, scope: claim.scope),
            time: claim.time.text,
            scope: claim.scope,
            seed: claim.signature
        )
    }
}

/// Comparison that takes as long for a wrong guess as for a right one.
package enum ConstantTime {
    /// Whether two byte strings are equal; only their lengths show in the time it takes.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
