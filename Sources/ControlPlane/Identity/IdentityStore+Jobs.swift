import AWSWire
package import AgentProtocol
package import Gateway
package import Resources

extension IdentityStore: CredentialIssuer {
    /// Credentials for a job or an endpoint that runs as a role, good for `seconds`.
    ///
    /// A role that was never here has the rights of the standard role: users give the ARN of the role that they have
    /// in the cloud.
    package func issueSession(
        role: String,
        sessionName: String,
        scope: Scope,
        seconds: Int
    ) async throws -> SessionCredentials {
        let principal = principal(actingAs: role, sessionName: sessionName, scope: scope)
        let credential = try await issueSession(
            principalARN: principal.principalARN,
            account: scope.account,
            authority: principal.authority,
            seconds: seconds
        )
        return SessionCredentials(
            accessKeyID: credential.accessKeyID,
            secretAccessKey: credential.secretAccessKey,
            sessionToken: credential.sessionToken ?? "",
            expiration: credential.expiration ?? 0
        )
    }

    /// Who a job or an endpoint is when the platform fetches its data.
    package func principal(actingAs role: String, sessionName: String, scope: Scope) -> Caller {
        let parts = RoleARN(role)
        let account = directory.role(of: role)?.account ?? scope.account
        return Caller(
            accessKeyID: "",
            scope: scope,
            principalARN:
                "arn:aws:sts::\(account):assumed-role/\(parts?.name ?? Role.standardName)/\(sessionName)",
            requestID: "",
            authority: authority(ofRole: role)
        )
    }
}
