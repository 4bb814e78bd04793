import Crypto

/// Signs requests as a client does (SigV4).
package struct SigV4Signer: Sendable {
    private let credential: SigningCredential
    private let region: String
    private let service: String
    private let keys: SigningKeys

    /// Signs with one key, for one service.
    ///
    /// - Parameters:
    ///   - credential: The key.
    ///   - region: Region of the scope, such as `us-east-1`.
    ///   - service: Signing name, such as `s3`.
    ///   - keys: Where derived keys are remembered; signers may share it.
    package init(
        credential: SigningCredential,
        region: String,
        service: String,
        keys: SigningKeys = SigningKeys()
    ) {
        self.credential = credential
        self.region = region
        self.service = service
        self.keys = keys
    }

    private var pathForm: CanonicalRequest.PathForm { service == "s3" ? .asSent : .encodedTwice }

    /// The headers that make a request a signed one; they are added to those passed in.
    ///
    /// - Parameters:
    ///   - method: In upper case.
    ///   - target: Percent-encoded path and query, as they will be sent.
    ///   - headers: Headers to sign, names in lower case; `host` must be among them.
    ///   - payloadHash: SHA-256 of the body in 64 lower-case hex digits, or a word such as `UNSIGNED-PAYLOAD`.
    ///   - now: Time of the request.
    /// - Returns: The headers to add, `authorization` the last.
    package func sign(
        method: String,
        target: String,
        headers: [SignedMessage.Header],
        payloadHash: String,
        now: Timestamp
    ) -> [SignedMessage.Header] {
        let time = SigningTime(now)
        var added = [SignedMessage.Header(name: "x-amz-date", value: time.text)]
        if service == "s3" {
            added.append(SignedMessage.Header(name: "x-amz-content-sha256", value: payloadHash))
        }
        if let token = credential.sessionToken {
            added.append(SignedMessage.Header(name: "x-amz-security-token", value: token))
        }
        let message = SignedMessage(method: method, target: target, headers: headers + added)
        let names = Self.names(message.headers)
        let scope = CredentialScope(day: String(time.day), region: region, service: service)
        let signature = signature(
            of: CanonicalRequest(message, path: pathForm, signedHeaders: names, payloadHash: payloadHash),
            time: time,
            scope: scope
        )
        let value =
            "AWS4-HMAC-SHA256 Credential=\(credential.accessKeyID)/\(scope.text), SignedHeaders=\(names.joined(separator: ";")), "
            + "Signature=\(signature)"
        added.append(SignedMessage.Header(name: "authorization", value: value))
        return added
    }

    /// The target of a presigned URL: good for whoever has it, without a header but `host`.
    ///
    /// - Parameters:
    ///   - method: In upper case.
    ///   - target: Percent-encoded path and query before signing.
    ///   - host: Value of the `Host` header that will be sent.
    ///   - expires: Lifetime, from one second to seven days.
    ///   - now: When the lifetime begins.
    /// - Returns: Path and query with the signature.
    package func presign(
        method: String,
        target: String,
        host: String,
        expires: Duration,
        now: Timestamp
    ) -> String {
        let time = SigningTime(now)
        let scope = CredentialScope(day: String(time.day), region: region, service: service)
        var parameters = [
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Credential=" + PercentEncoding.encode("\(credential.accessKeyID)/\(scope.text)"),
            "X-Amz-Date=\(time.text)",
            "X-Amz-Expires=\(expires.components.seconds)",
            "X-Amz-SignedHeaders=host",
        ]
        if let token = credential.sessionToken {
            parameters.append("X-Amz-Security-Token=" + PercentEncoding.encode(token))
        }
        let unsigned = target + (target.contains("?") ? "&" : "?") + parameters.joined(separator: "&")
        let message = SignedMessage(
            method: method,
            target: unsigned,
            headers: [SignedMessage.Header(name: "host", value: host)]
        )
        let canonical = CanonicalRequest(
            message,
            path: pathForm,
            signedHeaders: ["host"],
            payloadHash: service == "s3" ? "UNSIGNED-PAYLOAD" : Hex.encode(SHA256.hash(data: [UInt8]()))
        )
        return "\(unsigned)&X-Amz-Signature=\(signature(of: canonical, time: time, scope: scope))"
    }

    private func signature(
        of canonical: CanonicalRequest,
        time: SigningTime,
        scope: CredentialScope
    ) -> String {
        let key = keys.key(secret: credential.secretAccessKey, scope: scope)
        let text = canonical.stringToSign(time: time.text, scope: scope)
        return Hex.encode(HMAC<SHA256>.authenticationCode(for: text, using: key))
    }

    private static func names(_ headers: [SignedMessage.Header]) -> [String] {
        Set(headers.map(\.name)).sorted()
    }
}
