package import AgentProtocol
package import Resources

/// Issues the temporary credentials of a role.
package protocol CredentialIssuer: Sendable {
    /// A session of `role`, good for `seconds`.
    func issueSession(
        role: String,
        sessionName: String,
        scope: Scope,
        seconds: Int
    ) async throws -> SessionCredentials
}
