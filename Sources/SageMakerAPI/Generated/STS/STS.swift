// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

/// AWS Security Token Service, API version 2011-06-15.
package enum STS {
    package static let apiVersion = "2011-06-15"
    /// Default namespace of every reply.
    package static let xmlNamespace = "https://sts.amazonaws.com/doc/2011-06-15/"

    /// Every operation that the service has, built here or not.
    package static let operationNames: Set<String> = [
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "AssumeRoot",
        "DecodeAuthorizationMessage",
        "GetAccessKeyInfo",
        "GetCallerIdentity",
        "GetDelegatedAccessToken",
        "GetFederationToken",
        "GetSessionToken",
        "GetWebIdentityToken",
    ]
}

extension STS {
    /// The errors that the model declares for the operations built here.
    package enum Failure {
        /// `ExpiredTokenException`, HTTP 400.
        package static func expiredToken(_ message: String) -> ServiceError { ServiceError("ExpiredTokenException", message) }
        /// `MalformedPolicyDocument`, HTTP 400.
        package static func malformedPolicyDocument(_ message: String) -> ServiceError { ServiceError("MalformedPolicyDocument", message) }
        /// `PackedPolicyTooLarge`, HTTP 400.
        package static func packedPolicyTooLarge(_ message: String) -> ServiceError { ServiceError("PackedPolicyTooLarge", message) }
        /// `RegionDisabledException`, HTTP 403.
        package static func regionDisabled(_ message: String) -> ServiceError { ServiceError("RegionDisabledException", message, status: 403) }
    }
}
