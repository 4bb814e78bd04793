import AWSWire
package import Gateway
import Resources
import SageMakerAPI

/// The part of Identity and Access Management that has users and their keys.
package struct UserHandlers: Sendable {
    private let identities: IdentityStore

    package init(identities: IdentityStore) { self.identities = identities }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(IAM.CreateUser.self, .identity("user", { $0.userName }), create)
        service.on(IAM.GetUser.self, Self.own { $0.userName }, get)
        service.on(IAM.ListUsers.self, .identity("user", { _ in nil }), list)
        service.on(IAM.DeleteUser.self, .identity("user", { $0.userName }), delete)
        service.on(IAM.CreateAccessKey.self, Self.own { $0.userName }, createKey)
        service.on(IAM.ListAccessKeys.self, Self.own { $0.userName }, listKeys)
        service.on(IAM.DeleteAccessKey.self, Self.own { $0.userName }, deleteKey)
    }

    /// Without a name, the caller's own user is meant.
    private static func own<Input>(
        _ name: @escaping @Sendable (Input) -> String?
    ) -> OperationAccess<Input> {
        .on({ input, caller in
            "arn:aws:iam::\(caller.scope.account):user/\(name(input) ?? caller.userName ?? "")"
        })
    }

    private func create(
        _ request: IAM.CreateUserRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.CreateUserResponse {
        guard request.permissionsBoundary == nil else {
            throw IAM.Failure.invalidInput(
                "Permissions boundaries are not enforced by this Clary: leave out PermissionsBoundary."
            )
        }
        var tags: [String: String] = [:]
        for tag in request.tags ?? [] { tags[tag.key ?? ""] = tag.value ?? "" }
        let user = try await identities.addUser(
            request.userName ?? "",
            path: request.path ?? "/",
            tags: tags
        )
        return .init(user: Self.description(of: user))
    }

    private func get(
        _ request: IAM.GetUserRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.GetUserResponse {
        .init(user: Self.description(of: try identities.user(named: try Self.name(request.userName, caller))))
    }

    private func list(
        _ request: IAM.ListUsersRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.ListUsersResponse {
        let prefix = request.pathPrefix ?? "/"
        let page = try IAMPage(
            identities.users.filter { $0.path.hasPrefix(prefix) },
            marker: request.marker,
            limit: request.maxItems
        )
        return .init(
            users: page.items.map { Self.description(of: $0) },
            isTruncated: page.next != nil,
            marker: page.next
        )
    }

    private func delete(
        _ request: IAM.DeleteUserRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let user = try identities.user(named: request.userName ?? "")
        guard user.keys.isEmpty else {
            throw IAM.Failure.deleteConflict("Cannot delete entity, must delete access keys first.")
        }
        guard user.attachedPolicies.isEmpty else {
            throw IAM.Failure.deleteConflict("Cannot delete entity, must detach all policies first.")
        }
        guard user.inlinePolicies?.isEmpty ?? true else {
            throw IAM.Failure.deleteConflict("Cannot delete entity, must delete policies first.")
        }
        try await identities.removeUser(user.name)
        return EmptyShape()
    }

    // MARK: Keys

    private func createKey(
        _ request: IAM.CreateAccessKeyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.CreateAccessKeyResponse {
        let name = try Self.name(request.userName, caller)
        let key = try await identities.addKey(to: name)
        return .init(
            accessKey: .init(
                userName: name,
                accessKeyId: key.accessKeyID,
                status: "Active",
                secretAccessKey: key.secretAccessKey,
                createDate: Timestamp(seconds: key.created)
            )
        )
    }

    private func listKeys(
        _ request: IAM.ListAccessKeysRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.ListAccessKeysResponse {
        let user = try identities.user(named: try Self.name(request.userName, caller))
        return .init(
            accessKeyMetadata: user.keys.map {
                .init(
                    userName: user.name,
                    accessKeyId: $0.accessKeyID,
                    status: "Active",
                    createDate: Timestamp(seconds: $0.created)
                )
            },
            isTruncated: false
        )
    }

    private func deleteKey(
        _ request: IAM.DeleteAccessKeyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let id = request.accessKeyId ?? ""
        try await identities.changeUser(try Self.name(request.userName, caller)) {
            (user) throws(ServiceError) in
            guard let index = user.keys.firstIndex(where: { $0.accessKeyID == id }) else {
                throw IAM.Failure.noSuchEntity("The Access Key with id \(id) cannot be found.")
            }
            user.keys.remove(at: index)
        }
        return EmptyShape()
    }

    private static func name(_ given: String?, _ caller: Caller) throws(ServiceError) -> String {
        guard let name = given ?? caller.userName else {
            throw ServiceError(
                "ValidationError",
                "Must specify userName when calling with non-User credentials"
            )
        }
        return name
    }

    private static func description(of user: User) -> IAM.User {
        let tags = user.tags.sorted { $0.key < $1.key }.map { IAM.Tag(key: $0.key, value: $0.value) }
        return IAM.User(
            path: user.path,
            userName: user.name,
            userId: user.id,
            arn: user.arn,
            createDate: Timestamp(seconds: user.created),
            tags: tags.isEmpty ? nil : tags
        )
    }
}

extension Caller {
    /// The user that calls, if it is one.
    fileprivate var userName: String? {
        if case .user(let name) = authority { name } else { nil }
    }
}
