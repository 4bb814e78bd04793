package import AgentProtocol
package import Gateway
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

    /// Who acts as `role`, for decisions.
    func principal(actingAs role: String, sessionName: String, scope: Scope) -> Caller
}
