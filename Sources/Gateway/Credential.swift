package import Resources

/// An access key that the platform issued.
package struct Credential: Sendable, Hashable {
    package let accessKeyID: String
    package let secretAccessKey: String
    /// Present for temporary credentials: the request must carry exactly this token.
    package let sessionToken: String?
    /// Seconds since the epoch after which a temporary credential is dead.
    package let expiration: Double?
    package let account: AccountID
    /// `arn:aws:sts::<account>:assumed-role/<role>/<session>` or `arn:aws:iam::<account>:user/<name>`.
    package let principalARN: String
    /// Whose policies say what the key may do.
    package let authority: Authority

    package init(
        accessKeyID: String,
        secretAccessKey: String,
        sessionToken: String?,
        expiration: Double?,
        account: AccountID,
        principalARN: String,
        authority: Authority = .nobody
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.account = account
        self.principalARN = principalARN
        self.authority = authority
    }
}

/// Where the keys of signatures are looked up.
///
/// Called on event loops for every request: answers from memory, at once.
package protocol CredentialSource: Sendable {
    func credential(for accessKeyID: String) -> Credential?
}
