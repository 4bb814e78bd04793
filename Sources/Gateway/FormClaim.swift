package import AWSWire
import Crypto
import Foundation
import Resources

/// The signature in a browser's form, which signs the form's policy and nothing else.
package struct FormClaim: Sendable {
    package let accessKeyID: String
    package let signature: String
    /// Base64, as it was signed.
    package let policy: String
    /// `nil` for signature version 2.
    package let scope: CredentialScope?
    package let sessionToken: String?

    package init(
        accessKeyID: String,
        signature: String,
        policy: String,
        scope: CredentialScope?,
        sessionToken: String?
    ) {
        self.accessKeyID = accessKeyID
        self.signature = signature
        self.policy = policy
        self.scope = scope
        self.sessionToken = sessionToken
    }
}

extension Authenticator {
    /// Checks the signature of a form.
    ///
    /// - Parameters:
    ///   - claim: What the form says.
    ///   - requestID: Id of the request.
    ///   - source: The peer's address.
    ///   - now: The time.
    /// - Returns: The caller, or the error to answer with.
    package func verify(
        _ claim: FormClaim,
        requestID: String,
        source: String,
        now: Timestamp
    ) -> Result<Caller, ServiceError> {
        do throws(SignatureError) {
            let credential = try credential(claim.accessKeyID, token: claim.sessionToken, now: now)
            let text = Array(claim.policy.utf8)
            let isGood: Bool
            if let scope = claim.scope {
                let key = SigningKeys(capacity: 1).key(secret: credential.secretAccessKey, scope: scope)
                let expected = HMAC<SHA256>.authenticationCode(for: text, using: key)
                isGood =
                    scope.service == "s3"
                    && ConstantTime.areEqual(Array(Hex.encode(expected).utf8), Array(claim.signature.utf8))
            } else {
                let key = SymmetricKey(data: Array(credential.secretAccessKey.utf8))
                let expected = HMAC<Insecure.SHA1>.authenticationCode(for: text, using: key)
                let claimed = Data(base64Encoded: claim.signature).map { Array($0) } ?? []
                isGood = ConstantTime.areEqual(Array(expected), claimed)
            }
            guard isGood else { throw .mismatch(stringToSign: claim.policy) }
            let region = claim.scope.flatMap { Region($0.region) } ?? .standard
            return .success(caller(credential, region: region, requestID: requestID, source: source))
        } catch {
            return .failure(error.serviceError(in: .s3))
        }
    }
}
