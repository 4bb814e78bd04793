import AWSWire
package import Gateway
import Policies
import Resources
import SageMakerAPI

/// The policies of roles and users: attached ones and their own.
package struct PolicyHandlers: Sendable {
    private let identities: IdentityStore

    package init(identities: IdentityStore) { self.identities = identities }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        let identities = identities
        service.on(IAM.AttachRolePolicy.self, .on({ identities.arn(ofRole: $0.roleName, $1) }), attachToRole)
        service.on(
            IAM.DetachRolePolicy.self,
            .on({ identities.arn(ofRole: $0.roleName, $1) }),
            detachFromRole
        )
        service.on(
            IAM.ListAttachedRolePolicies.self,
            .on({ identities.arn(ofRole: $0.roleName, $1) }),
            listOfRole
        )
        service.on(IAM.PutRolePolicy.self, .on({ identities.arn(ofRole: $0.roleName, $1) }), putRolePolicy)
        service.on(IAM.GetRolePolicy.self, .on({ identities.arn(ofRole: $0.roleName, $1) }), getRolePolicy)
        service.on(
            IAM.DeleteRolePolicy.self,
            .on({ identities.arn(ofRole: $0.roleName, $1) }),
            deleteRolePolicy
        )
        service.on(
            IAM.ListRolePolicies.self,
            .on({ identities.arn(ofRole: $0.roleName, $1) }),
            listInlineOfRole
        )
        service.on(IAM.AttachUserPolicy.self, .identity("user", { $0.userName }), attachToUser)
        service.on(IAM.DetachUserPolicy.self, .identity("user", { $0.userName }), detachFromUser)
        service.on(IAM.ListAttachedUserPolicies.self, .identity("user", { $0.userName }), listOfUser)
        service.on(IAM.PutUserPolicy.self, .identity("user", { $0.userName }), putUserPolicy)
        service.on(IAM.GetUserPolicy.self, .identity("user", { $0.userName }), getUserPolicy)
        service.on(IAM.DeleteUserPolicy.self, .identity("user", { $0.userName }), deleteUserPolicy)
        service.on(IAM.ListUserPolicies.self, .identity("user", { $0.userName }), listInlineOfUser)
        service.on(
            IAM.SimulatePrincipalPolicy.self,
            .on({ input, _ in input.policySourceArn ?? "*" }),
            simulate
        )
    }

    // MARK: Roles

    private func attachToRole(
        _ request: IAM.AttachRolePolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let arn = try attachable(request.policyArn)
        try await identities.change(request.roleName, caller) { (role) throws(ServiceError) in
            try role.attach(arn, limitName: "PoliciesPerRole")
        }
        return EmptyShape()
    }

    private func detachFromRole(
        _ request: IAM.DetachRolePolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let arn = request.policyArn ?? ""
        try await identities.change(request.roleName, caller) { (role) throws(ServiceError) in
            try role.detach(arn)
        }
        return EmptyShape()
    }

    private func listOfRole(
        _ request: IAM.ListAttachedRolePoliciesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.ListAttachedRolePoliciesResponse {
        let role = try identities.existing(request.roleName, caller)
        let page = try role.attached(request.pathPrefix, marker: request.marker, limit: request.maxItems)
        return .init(
            attachedPolicies: page.items.map { .init(policyName: Self.name(of: $0), policyArn: $0) },
            isTruncated: page.next != nil,
            marker: page.next
        )
    }

    private func putRolePolicy(
        _ request: IAM.PutRolePolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let (name, document) = try Self.checked(request.policyName, request.policyDocument)
        try await identities.change(request.roleName, caller) { role in role.put(name, document) }
        return EmptyShape()
    }

    private func getRolePolicy(
        _ request: IAM.GetRolePolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.GetRolePolicyResponse {
        let role = try identities.existing(request.roleName, caller)
        return .init(
            roleName: role.name,
            policyName: request.policyName,
            policyDocument: PolicyDocuments.encoded(try role.inline(request.policyName, "role"))
        )
    }

    private func deleteRolePolicy(
        _ request: IAM.DeleteRolePolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        try await identities.change(request.roleName, caller) { (role) throws(ServiceError) in
            _ = try role.inline(request.policyName, "role")
            role.inlinePolicies?[request.policyName ?? ""] = nil
        }
        return EmptyShape()
    }

    private func listInlineOfRole(
        _ request: IAM.ListRolePoliciesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.ListRolePoliciesResponse {
        let role = try identities.existing(request.roleName, caller)
        let page = try IAMPage(role.inlineNames, marker: request.marker, limit: request.maxItems)
        return .init(policyNames: page.items, isTruncated: page.next != nil, marker: page.next)
    }

    // MARK: Users

    private func attachToUser(
        _ request: IAM.AttachUserPolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let arn = try attachable(request.policyArn)
        try await identities.changeUser(request.userName ?? "") { (user) throws(ServiceError) in
            try user.attach(arn, limitName: "PoliciesPerUser")
        }
        return EmptyShape()
    }

    private func detachFromUser(
        _ request: IAM.DetachUserPolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let arn = request.policyArn ?? ""
        try await identities.changeUser(request.userName ?? "") { (user) throws(ServiceError) in
            try user.detach(arn)
        }
        return EmptyShape()
    }

    private func listOfUser(
        _ request: IAM.ListAttachedUserPoliciesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.ListAttachedUserPoliciesResponse {
        let user = try identities.user(named: request.userName ?? "")
        let page = try user.attached(request.pathPrefix, marker: request.marker, limit: request.maxItems)
        return .init(
            attachedPolicies: page.items.map { .init(policyName: Self.name(of: $0), policyArn: $0) },
            isTruncated: page.next != nil,
            marker: page.next
        )
    }

    private func putUserPolicy(
        _ request: IAM.PutUserPolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let (name, document) = try Self.checked(request.policyName, request.policyDocument)
        try await identities.changeUser(request.userName ?? "") { user in user.put(name, document) }
        return EmptyShape()
    }

    private func getUserPolicy(
        _ request: IAM.GetUserPolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.GetUserPolicyResponse {
        let user = try identities.user(named: request.userName ?? "")
        return .init(
            userName: user.name,
            policyName: request.policyName,
            policyDocument: PolicyDocuments.encoded(try user.inline(request.policyName, "user"))
        )
    }

    private func deleteUserPolicy(
        _ request: IAM.DeleteUserPolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        try await identities.changeUser(request.userName ?? "") { (user) throws(ServiceError) in
            _ = try user.inline(request.policyName, "user")
            user.inlinePolicies?[request.policyName ?? ""] = nil
        }
        return EmptyShape()
    }

    private func listInlineOfUser(
        _ request: IAM.ListUserPoliciesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.ListUserPoliciesResponse {
        let user = try identities.user(named: request.userName ?? "")
        let page = try IAMPage(user.inlineNames, marker: request.marker, limit: request.maxItems)
        return .init(policyNames: page.items, isTruncated: page.next != nil, marker: page.next)
    }

    // MARK: Asking without doing

    private func simulate(
        _ request: IAM.SimulatePrincipalPolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.SimulatePolicyResponse {
        let source = request.policySourceArn ?? ""
        let authority = try subject(source, caller)
        let resources = request.resourceArns ?? []
        let results = (request.actionNames ?? []).flatMap { action in
            (resources.isEmpty ? ["*"] : resources).map { resource in
                let decision: String =
                    switch identities.simulate(action, on: resource, as: authority) {
                    case .allowed: "allowed"
                    case .explicitlyDenied: "explicitDeny"
                    case .implicitlyDenied: "implicitDeny"
                    }
                return IAM.EvaluationResult(
                    evalActionName: action,
                    evalResourceName: resource,
                    evalDecision: decision,
                    matchedStatements: [],
                    missingContextValues: []
                )
            }
        }
        let page = try IAMPage(results, marker: request.marker, limit: request.maxItems ?? 1000)
        return .init(evaluationResults: page.items, isTruncated: page.next != nil, marker: page.next)
    }

    /// Whose policies an ARN stands for.
    private func subject(_ source: String, _ caller: Caller) throws(ServiceError) -> Authority {
        if let user = identities.users.first(where: { $0.arn == source }) { return .user(user.name) }
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
        return .role(account: role.account, name: role.name)
    }

    // MARK: Common

    private func attachable(_ arn: String?) throws(ServiceError) -> String {
        guard let arn, identities.directory.document(of: arn) != nil else {
            throw IAM.Failure.noSuchEntity("Policy \(arn ?? "") does not exist or is not attachable.")
        }
        return arn
    }

    private static func checked(
        _ name: String?,
        _ document: String?
    ) throws(ServiceError) -> (name: String, document: String) {
        (name ?? "", try PolicyDocuments.checked(document, as: .identity))
    }

    /// What stands after the last slash.
    private static func name(of arn: String) -> String {
        arn.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    }
}

extension PolicyHolder {
    fileprivate mutating func attach(_ arn: String, limitName: String) throws(ServiceError) {
        guard !attachedPolicies.contains(arn) else { return }
        guard attachedPolicies.count < 10 else {
            throw IAM.Failure.limitExceeded("Cannot exceed quota for \(limitName): 10")
        }
        attachedPolicies.append(arn)
    }

    fileprivate mutating func detach(_ arn: String) throws(ServiceError) {
        guard let index = attachedPolicies.firstIndex(of: arn) else {
            throw IAM.Failure.noSuchEntity("Policy \(arn) was not found.")
        }
        attachedPolicies.remove(at: index)
    }

    fileprivate func attached(
        _ pathPrefix: String?,
        marker: String?,
        limit: Int?
    ) throws(ServiceError) -> IAMPage<String> {
        let prefix = pathPrefix ?? "/"
        return try IAMPage(
            attachedPolicies.filter { arn in
                // `…:policy/path/name`
                guard let range = arn.firstRange(of: ":policy/") else { return false }
                return arn[arn.index(before: range.upperBound)...].hasPrefix(prefix)
            },
            marker: marker,
            limit: limit
        )
    }

    fileprivate mutating func put(_ name: String, _ document: String) {
        var all = inlinePolicies ?? [:]
        all[name] = document
        inlinePolicies = all
    }

    fileprivate func inline(_ name: String?, _ noun: String) throws(ServiceError) -> String {
        guard let document = inlinePolicies?[name ?? ""] else {
            throw IAM.Failure.noSuchEntity("The \(noun) policy with name \(name ?? "") cannot be found.")
        }
        return document
    }

    fileprivate var inlineNames: [String] { inlinePolicies.map { $0.keys.sorted() } ?? [] }
}
