/// Where a signature is good: one day, one region, one service.
package struct CredentialScope: Sendable, Hashable {
    /// `yyyymmdd`.
    package let day: String
    package let region: String
    /// Signing name of the service, such as `sagemaker` or `s3`.
    package let service: String

    package init(day: String, region: String, service: String) {
        self.day = day
        self.region = region
        self.service = service
    }

    /// `<day>/<region>/<service>/aws4_request`.
    package var text: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }

    /// The last segment of every scope.
    static let terminator = "aws4_request"
}

/// A key pair for signing.
package struct SigningCredential: Sendable, Hashable {
    package let accessKeyID: String
    package let secretAccessKey: String
    /// The token that requests of a temporary key carry.
    package let sessionToken: String?

    package init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}
