import AWSWire
package import AgentProtocol
import Gateway
package import Resources

extension IdentityStore: CredentialIssuer {
    /// Credentials for a job or an endpoint that runs as a role, good for `seconds`.
    ///
    /// The role is an ARN; what names none runs as the standard role. The role need not be stored: users give the
    /// ARN of the role that they have in the cloud, and policies decide nothing yet.
    package func issueSession(
        role: String,
        sessionName: String,
        scope: Scope,
        seconds: Int
    ) async throws -> SessionCredentials {
        let name = RoleARN(role)?.name ?? Role.standardName
        let credential = try await issueSession(
            principalARN: "arn:aws:sts::\(scope.account):assumed-role/\(name)/\(sessionName)",
            account: scope.account,
            seconds: seconds
        )
        return SessionCredentials(
            accessKeyID: credential.accessKeyID,
            secretAccessKey: credential.secretAccessKey,
            sessionToken: credential.sessionToken ?? "",
            expiration: credential.expiration ?? 0
        )
    }
}
