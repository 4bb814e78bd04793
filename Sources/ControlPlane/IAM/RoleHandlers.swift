import AWSWire
import Foundation
package import Gateway
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
        service.on(IAM.CreateRole.self, create)
        service.on(IAM.GetRole.self, get)
        service.on(IAM.ListRoles.self, list)
        service.on(IAM.DeleteRole.self, delete)
        service.on(IAM.UpdateAssumeRolePolicy.self, updateTrust)
        service.on(IAM.TagRole.self, tag)
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
            assumeRolePolicyDocument: role.trustDocument.addingPercentEncoding(
                withAllowedCharacters: unreserved
            ),
            description: role.roleDescription,
            maxSessionDuration: role.maximumSessionSeconds,
            tags: withTags && !tags.isEmpty ? tags : nil
        )
    }

    /// RFC 3986, section 2.3: documents in replies are percent-encoded but for these.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )

    /// A policy document: a JSON object with statements.
    private static func checkedDocument(_ text: String?) throws(ServiceError) -> String {
        guard let text, let tree = try? JSONDecoder().decode(PolicyOutline.self, from: Data(text.utf8)) else {
            throw IAM.Failure.malformedPolicyDocument("This policy contains invalid Json")
        }
        guard tree.hasStatement else {
            throw IAM.Failure.malformedPolicyDocument("Missing required field Statement")
        }
        return text
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

/// As much of a policy as is looked at before it is stored.
private struct PolicyOutline: Decodable {
    let hasStatement: Bool

    private enum CodingKeys: String, CodingKey {
        case statement = "Statement"
    }

    init(from decoder: any Decoder) throws {
        hasStatement = try decoder.container(keyedBy: CodingKeys.self).contains(.statement)
    }
}

extension IdentityStore {
    /// The role of that name.
    ///
    /// - Throws: `NoSuchEntity`.
    func existing(_ name: String?, _ caller: Caller) throws(ServiceError) -> Role {
        guard let role = try role(named: name ?? "", in: caller.scope.account) else {
            throw Self.missingRole(name)
        }
        return role
    }

    /// Changes the role of that name.
    ///
    /// - Throws: `NoSuchEntity`, or what `change` throws.
    func change(
        _ name: String?,
        _ caller: Caller,
        _ change: @escaping @Sendable (inout Role) throws(ServiceError) -> Void
    ) async throws(ServiceError) {
        guard try await update(name ?? "", in: caller.scope.account, change) != nil else {
            throw Self.missingRole(name)
        }
    }

    private static func missingRole(_ name: String?) -> ServiceError {
        IAM.Failure.noSuchEntity("The role with name \(name ?? "") cannot be found.")
    }
}
