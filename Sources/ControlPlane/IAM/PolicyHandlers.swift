import AWSWire
package import Gateway
import Resources
import SageMakerAPI

/// The part of Identity and Access Management that has policies.
///
/// Attached policies are kept and listed, but nothing is decided by them yet: every verified key may do
/// everything in its account, and `SimulatePrincipalPolicy` says so.
package struct PolicyHandlers: Sendable {
    private let identities: IdentityStore

    package init(identities: IdentityStore) { self.identities = identities }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(IAM.AttachRolePolicy.self, attach)
        service.on(IAM.DetachRolePolicy.self, detach)
        service.on(IAM.ListAttachedRolePolicies.self, listAttached)
        service.on(IAM.ListRolePolicies.self, listInline)
        service.on(IAM.SimulatePrincipalPolicy.self, simulate)
    }

    private func attach(
        _ request: IAM.AttachRolePolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let arn = request.policyArn ?? ""
        // Policies of one's own cannot be made here, so only AWS's exist.
        guard arn.hasPrefix("arn:aws:iam::aws:policy/"), !Self.name(of: arn).isEmpty else {
            throw IAM.Failure.noSuchEntity("Policy \(arn) does not exist or is not attachable.")
        }
        try await identities.change(request.roleName, caller) { (role) throws(ServiceError) in
            guard !role.attachedPolicies.contains(arn) else { return }
            guard role.attachedPolicies.count < Self.maximumAttached else {
                throw IAM.Failure.limitExceeded(
                    "Cannot exceed quota for PoliciesPerRole: \(Self.maximumAttached)"
                )
            }
            role.attachedPolicies.append(arn)
        }
        return EmptyShape()
    }

    private func detach(
        _ request: IAM.DetachRolePolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let arn = request.policyArn ?? ""
        try await identities.change(request.roleName, caller) { (role) throws(ServiceError) in
            guard let index = role.attachedPolicies.firstIndex(of: arn) else {
                throw IAM.Failure.noSuchEntity("Policy \(arn) was not found.")
            }
            role.attachedPolicies.remove(at: index)
        }
        return EmptyShape()
    }

    private func listAttached(
        _ request: IAM.ListAttachedRolePoliciesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.ListAttachedRolePoliciesResponse {
        let role = try identities.existing(request.roleName, caller)
        let prefix = "arn:aws:iam::aws:policy" + (request.pathPrefix ?? "/")
        let page = try IAMPage(
            role.attachedPolicies.filter { $0.hasPrefix(prefix) },
            marker: request.marker,
            limit: request.maxItems
        )
        return .init(
            attachedPolicies: page.items.map { .init(policyName: Self.name(of: $0), policyArn: $0) },
            isTruncated: page.next != nil,
            marker: page.next
        )
    }

    /// Inline policies cannot be put here, so there are none.
    private func listInline(
        _ request: IAM.ListRolePoliciesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.ListRolePoliciesResponse {
        _ = try identities.existing(request.roleName, caller)
        return .init(policyNames: [], isTruncated: false)
    }

    private func simulate(
        _ request: IAM.SimulatePrincipalPolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.SimulatePolicyResponse {
        let source = request.policySourceArn ?? ""
        guard let role = RoleARN(source) else {
            throw IAM.Failure.invalidInput(
                "Invalid Entity Arn: \(source) does not clearly define entity type and name."
            )
        }
        guard role.account == caller.scope.account,
            try identities.role(named: role.name, in: role.account)?.arn == source
        else {
            throw IAM.Failure.noSuchEntity("The role with name \(role.name) cannot be found.")
        }
        let resources = request.resourceArns ?? []
        let results = (request.actionNames ?? []).flatMap { action in
            (resources.isEmpty ? ["*"] : resources).map { resource in
                IAM.EvaluationResult(
                    evalActionName: action,
                    evalResourceName: resource,
                    evalDecision: "allowed",
                    matchedStatements: [],
                    missingContextValues: []
                )
            }
        }
        let page = try IAMPage(results, marker: request.marker, limit: request.maxItems ?? 1000)
        return .init(evaluationResults: page.items, isTruncated: page.next != nil, marker: page.next)
    }

    private static let maximumAttached = 10

    /// What stands after the last slash.
    private static func name(of arn: String) -> String {
        arn.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    }
}
