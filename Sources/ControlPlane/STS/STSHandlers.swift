import AWSWire
package import Gateway
import Resources
import SageMakerAPI

/// The Security Token Service: who calls, and credentials that expire.
package struct STSHandlers: Sendable {
    private let identities: IdentityStore

    package init(identities: IdentityStore) { self.identities = identities }

    /// The service with its operations.
    package var service: TypedService {
        var service = TypedService(
            name: "sts",
            wire: .query(namespace: STS.xmlNamespace, version: STS.apiVersion),
            operationNames: STS.operationNames,
            violationCode: "ValidationError"
        )
        service.on(STS.GetCallerIdentity.self, .everybody, callerIdentity)
        service.on(
            STS.AssumeRole.self,
            .on(
                { input, _ in input.roleArn ?? "" },
                context: { input in
                    var context = RequestTags.context((input.tags ?? []).map { ($0.key, $0.value) })
                    context["sts:externalid"] = input.externalId.map { [$0] }
                    context["sts:rolesessionname"] = input.roleSessionName.map { [$0] }
                    context["sts:sourceidentity"] = input.sourceIdentity.map { [$0] }
                    return context
                }
            ),
            assumeRole
        )
        service.on(STS.GetSessionToken.self, .everybody, sessionToken)
        return service
    }

    private func callerIdentity(
        _ request: STS.GetCallerIdentityRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> STS.GetCallerIdentityResponse {
        .init(
            userId: try userID(of: caller),
            account: caller.scope.account.description,
            arn: caller.principalARN
        )
    }

    /// `<id of the role>:<session>`, or the user's id.
    private func userID(of caller: Caller) throws(ServiceError) -> String {
        if case .user(let name) = caller.authority { return try identities.user(named: name).id }
        let parts = caller.principalARN.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return caller.accessKeyID }
        let role = try identities.role(named: String(parts[1]), in: caller.scope.account)
        return "\(role?.id ?? String(parts[1])):\(parts[2])"
    }

    private func assumeRole(
        _ request: STS.AssumeRoleRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> STS.AssumeRoleResponse {
        guard request.policy == nil, request.policyArns?.isEmpty ?? true else {
            // Accepting one would hand out more rights than were asked for.
            throw ServiceError(
                "ValidationError",
                "Session policies are not enforced by this Clary: leave out Policy and PolicyArns."
            )
        }
        let arn = request.roleArn ?? ""
        guard let target = RoleARN(arn) else { throw ServiceError("ValidationError", "\(arn) is invalid") }
        guard let role = try identities.role(named: target.name, in: target.account), role.arn == arn else {
            throw ServiceError(
                "AccessDenied",
                "User: \(caller.principalARN) is not authorized to perform: sts:AssumeRole on resource: \(arn)",
                status: 403
            )
        }
        let seconds = request.durationSeconds ?? Self.standardSeconds
        guard seconds <= role.maximumSessionSeconds else {
            throw ServiceError(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            )
        }
        let sessionName = request.roleSessionName ?? ""
        let credential = try await identities.issueSession(
            assuming: target,
            sessionName: sessionName,
            seconds: seconds
        )
        return .init(
            credentials: Self.credentials(credential),
            assumedRoleUser: .init(assumedRoleId: "\(role.id):\(sessionName)", arn: credential.principalARN),
            packedPolicySize: request.tags?.isEmpty ?? true ? nil : 1,
            sourceIdentity: request.sourceIdentity
        )
    }

    private func sessionToken(
        _ request: STS.GetSessionTokenRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> STS.GetSessionTokenResponse {
        guard caller.accessKeyID.hasPrefix("AKIA") else {
            throw ServiceError(
                "AccessDenied",
                "Cannot call GetSessionToken with session credentials",
                status: 403
            )
        }
        let credential = try await identities.issueSession(
            principalARN: caller.principalARN,
            account: caller.scope.account,
            authority: caller.authority,
            seconds: request.durationSeconds ?? Self.standardTokenSeconds
        )
        return .init(credentials: Self.credentials(credential))
    }

    private static func credentials(_ credential: Credential) -> STS.Credentials {
        .init(
            accessKeyId: credential.accessKeyID,
            secretAccessKey: credential.secretAccessKey,
            sessionToken: credential.sessionToken,
            expiration: credential.expiration.map { Timestamp(seconds: $0) }
        )
    }

    private static let standardSeconds = 3600
    private static let standardTokenSeconds = 43_200
}
