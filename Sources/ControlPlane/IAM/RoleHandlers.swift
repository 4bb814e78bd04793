import AWSWire
package import Gateway
import Policies
import Resources
import SageMakerAPI

/// The part of Identity and Access Management that has roles.
package struct RoleHandlers: Sendable {
    private let identities: IdentityStore
    private let now: @Sendable () -> Double

    package init(
        identities: IdentityStore,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.identities = identities
        self.now = now
    }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(
            IAM.CreateRole.self,
            .on({ input, caller in
                "arn:aws:iam::\(caller.scope.account):role\(input.path ?? "/")\(input.roleName ?? "")"
            }),
            create
        )
        service.on(IAM.GetRole.self, .on({ [identities] in identities.arn(ofRole: $0.roleName, $1) }), get)
        service.on(IAM.ListRoles.self, .identity("role", { _ in nil }), list)
        service.on(
            IAM.DeleteRole.self,
            .on({ [identities] in identities.arn(ofRole: $0.roleName, $1) }),
            delete
        )
        service.on(
            IAM.UpdateAssumeRolePolicy.self,
            .on({ [identities] in identities.arn(ofRole: $0.roleName, $1) }),
            updateTrust
        )
        service.on(IAM.TagRole.self, .on({ [identities] in identities.arn(ofRole: $0.roleName, $1) }), tag)
    }

    private func create(
        _ request: IAM.CreateRoleRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.CreateRoleResponse {
        guard request.permissionsBoundary == nil else {
            // It would limit what the role may do, and nothing enforces it yet.
            throw IAM.Failure.invalidInput(
                "Permissions boundaries are not enforced by this Clary: leave out PermissionsBoundary."
            )
        }
        let name = request.roleName ?? ""
        let role = Role(
            account: caller.scope.account,
            name: name,
            path: request.path ?? "/",
            id: RandomText.identifier("AROA", count: 21),
            created: now().rounded(.down),
            roleDescription: request.description,
            trustDocument: try Self.checkedDocument(request.assumeRolePolicyDocument),
            maximumSessionSeconds: request.maxSessionDuration ?? 3600,
            tags: try Self.merged([:], request.tags)
        )
        guard try await identities.add(role) else {
            throw IAM.Failure.entityAlreadyExists("Role with name \(name) already exists.")
        }
        return .init(role: Self.description(of: role))
    }

    private func get(
        _ request: IAM.GetRoleRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.GetRoleResponse {
        let role = try identities.existing(request.roleName, caller)
        return .init(role: Self.description(of: role))
    }

    private func list(
        _ request: IAM.ListRolesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.ListRolesResponse {
        let prefix = request.pathPrefix ?? "/"
        let roles = try identities.roles(in: caller.scope.account).filter { $0.path.hasPrefix(prefix) }
        let page = try IAMPage(roles, marker: request.marker, limit: request.maxItems)
        return .init(
            roles: page.items.map { Self.description(of: $0, withTags: false) },
            isTruncated: page.next != nil,
            marker: page.next
        )
    }

    private func delete(
        _ request: IAM.DeleteRoleRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let role = try identities.existing(request.roleName, caller)
        guard role.name != Role.standardName else {
            throw IAM.Failure.unmodifiableEntity(
                "\(Role.standardName) is what the owner's key acts as and cannot be deleted."
            )
        }
        guard role.attachedPolicies.isEmpty else {
            throw IAM.Failure.deleteConflict("Cannot delete entity, must detach all policies first.")
        }
        guard role.inlinePolicies?.isEmpty ?? true else {
            throw IAM.Failure.deleteConflict("Cannot delete entity, must delete policies first.")
        }
        try await identities.removeRole(role.name, in: role.account)
        return EmptyShape()
    }

    private func updateTrust(
        _ request: IAM.UpdateAssumeRolePolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let document = try Self.checkedDocument(request.policyDocument)
        try await identities.change(request.roleName, caller) { role in role.trustDocument = document }
        return EmptyShape()
    }

    private func tag(
        _ request: IAM.TagRoleRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let tags = request.tags
        try await identities.change(request.roleName, caller) { (role) throws(ServiceError) in
            role.tags = try Self.merged(role.tags, tags)
        }
        return EmptyShape()
    }

    // MARK: Shapes

    private static func description(of role: Role, withTags: Bool = true) -> IAM.Role {
        let tags = role.tags.sorted { $0.key < $1.key }.map { IAM.Tag(key: $0.key, value: $0.value) }
        return IAM.Role(
            path: role.path,
            roleName: role.name,
            roleId: role.id,
            arn: role.arn,
            createDate: Timestamp(seconds: role.created),
            assumeRolePolicyDocument: PolicyDocuments.encoded(role.trustDocument),
            description: role.roleDescription,
            maxSessionDuration: role.maximumSessionSeconds,
            tags: withTags && !tags.isEmpty ? tags : nil
        )
    }

    /// A trust policy.
    private static func checkedDocument(_ text: String?) throws(ServiceError) -> String {
        try PolicyDocuments.checked(text, as: .trust)
    }

    private static func merged(
        _ tags: [String: String],
        _ added: [IAM.Tag]?
    ) throws(ServiceError) -> [String: String] {
        var tags = tags
        for tag in added ?? [] { tags[tag.key ?? ""] = tag.value ?? "" }
        guard tags.count <= 50 else {
            throw IAM.Failure.limitExceeded("Cannot exceed quota for TagsPerRole: 50")
        }
        return tags
    }
}

extension IdentityStore {
    /// The role of that name.
    ///
    /// - Throws: `NoSuchEntity`.
    func existing(_ name: String?, _ caller: Caller) throws(ServiceError) -> Role {
        // A role that was imported keeps the account that it has in the cloud.
        let imported = directory.allRoles.first { $0.name == name }
        guard let role = try role(named: name ?? "", in: caller.scope.account) ?? imported else {
            throw Self.missingRole(name)
        }
        return role
    }

    /// The ARN of the role of that name, with its path if there is one.
    func arn(ofRole name: String?, _ caller: Caller) -> String {
        directory.role(named: name ?? "", in: caller.scope.account)?.arn
            ?? "arn:aws:iam::\(caller.scope.account):role/\(name ?? "")"
    }

    /// Changes the role of that name.
    ///
    /// - Throws: `NoSuchEntity`, or what `change` throws.
    func change(
        _ name: String?,
        _ caller: Caller,
        _ change: @escaping @Sendable (inout Role) throws(ServiceError) -> Void
    ) async throws(ServiceError) {
        let role = try existing(name, caller)
        guard try await update(role.name, in: role.account, change) != nil else {
            throw Self.missingRole(name)
        }
    }

    private static func missingRole(_ name: String?) -> ServiceError {
        IAM.Failure.noSuchEntity("The role with name \(name ?? "") cannot be found.")
    }
}
