package import Resources

/// Who makes a call and where it lands: the outcome of a verified signature.
package struct Caller: Sendable, Hashable {
    package let accessKeyID: String
    /// Account of the key and region of the credential scope: what the call acts in.
    package let scope: Scope
    /// `arn:aws:sts::<account>:assumed-role/<role>/<session>` or `arn:aws:iam::<account>:user/<name>`.
    package let principalARN: String
    /// Value of `x-amzn-requestid` of the reply.
    package let requestID: String
    /// Whose policies say what the call may do.
    package let authority: Authority
    /// Where the call comes from: the peer's address; empty for a socket of this machine.
    package let source: String
    /// Whether it came over TLS.
    package let isEncrypted: Bool

    package init(
        accessKeyID: String,
        scope: Scope,
        principalARN: String,
        requestID: String,
        authority: Authority = .nobody,
        source: String = "",
        isEncrypted: Bool = false
    ) {
        self.accessKeyID = accessKeyID
        self.scope = scope
        self.principalARN = principalARN
        self.requestID = requestID
        self.authority = authority
        self.source = source
        self.isEncrypted = isEncrypted
    }

    /// Who stands behind the call: the user, or the role without the name of its session.
    package var owner: String {
        guard principalARN.contains(":assumed-role/"), let slash = principalARN.lastIndex(of: "/") else {
            return principalARN
        }
        return String(principalARN[..<slash])
    }

    /// Somebody without a key: S3 answers them what is public.
    package static func anonymous(requestID: String, source: String) -> Caller {
        Caller(
            accessKeyID: "",
            scope: Scope(account: .standard, region: .standard),
            principalARN: "anonymous",
            requestID: requestID,
            source: source
        )
    }

    package var isAnonymous: Bool { accessKeyID.isEmpty }

    /// Whether nobody can have listened: the call came over TLS, or never left this machine.
    package var isConfidential: Bool {
        isEncrypted || source.isEmpty || source == "::1" || source.hasPrefix("127.")
    }
}
