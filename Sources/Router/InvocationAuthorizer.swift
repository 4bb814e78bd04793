package import Crypto
package import HTTPTypes
package import Resources

/// Decides whether a caller may invoke an endpoint.
///
/// Called on event loops: answers from memory, at once.
package protocol InvocationAuthorizer: Sendable {
    /// Checks the signature of a request and the right of its caller.
    ///
    /// - Parameters:
    ///   - head: As it was sent.
    ///   - payload: SHA-256 of the body.
    ///   - endpoint: Name of the endpoint that is invoked.
    ///   - requestID: Id under which the reply goes out.
    ///   - peer: The other end of the connection, as the server describes it.
    /// - Returns: Where to look the endpoint up, or the error to answer with.
    func authorize(
        _ head: HTTPRequest,
        payload: SHA256.Digest,
        endpoint: String,
        requestID: String,
        peer: String
    ) -> InvocationVerdict
}

/// What an authorizer decided.
package enum InvocationVerdict: Sendable, Equatable {
    /// Go on: the endpoint is looked up in this account and region.
    case allowed(Scope)
    case refused(RuntimeFailure)
}
