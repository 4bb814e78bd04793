/// Why a request is not believed.
///
/// The door turns it into the code and status of the service that was called.
package enum SignatureError: Error, Equatable, Sendable {
    /// No signature at all.
    case missing
    /// A header and a query signature at once, or two headers.
    case severalMechanisms
    /// An algorithm that is not offered here, such as SigV2 outside of S3's GET, HEAD and PUT.
    case unsupported(String)
    /// The `Authorization` header cannot be read, or lacks something.
    case malformedHeader(String)
    /// The query parameters of a presigned URL cannot be read, or lack something.
    case malformedQuery(String)
    /// The scope names another day than the request, an unknown region, or another service than the one called.
    case wrongScope(String)
    /// Headers that change what the request means but are not signed.
    case unsigned([String])
    /// The access key is unknown.
    case unknownKey(String)
    /// The session token is missing, or not the one of the key.
    case invalidToken
    /// The session of a temporary key is over.
    case expiredToken
    /// The request's clock and ours are too far apart.
    case skewed(request: SigningTime, now: SigningTime, allowance: Duration)
    /// A presigned URL is used after its time.
    case expired(at: Timestamp, now: SigningTime)
    /// A presigned URL is used before its time.
    case notYetValid
    /// The signature is another one than ours.
    case mismatch(stringToSign: String)
}
