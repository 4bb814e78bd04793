package import Resources

/// Who makes a call and where it lands: the outcome of a verified signature.
package struct Caller: Sendable, Hashable {
    package let accessKeyID: String
    /// Account of the key and region of the credential scope: what the call acts in.
    package let scope: Scope
    /// `arn:aws:sts::<account>:assumed-role/<role>/<session>`.
    package let principalARN: String
    /// Value of `x-amzn-requestid` of the reply.
    package let requestID: String

    package init(accessKeyID: String, scope: Scope, principalARN: String, requestID: String) {
        self.accessKeyID = accessKeyID
        self.scope = scope
        self.principalARN = principalARN
        self.requestID = requestID
    }
}
