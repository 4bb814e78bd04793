package import AWSWire
import Gateway
import Policies
package import Resources
import SageMakerAPI
import Store

/// Users, and the policies that users and roles share.
extension IdentityStore {
    /// Every user, by name.
    package var users: [User] { directory.users.values.sorted { $0.name < $1.name } }

    /// Accounts that somebody here acts in.
    package var accounts: Set<AccountID> {
        Set(directory.users.values.compactMap(\.ownAccount)).union([account])
    }

    /// The user of that name.
    ///
    /// - Throws: `NoSuchEntity`.
    package func user(named name: String) throws(ServiceError) -> User {
        guard let user = directory.users[name] else { throw Self.missingUser(name) }
        return user
    }

    /// Adds a user without keys or policies.
    ///
    /// - Throws: `EntityAlreadyExists`.
    package func addUser(
        _ name: String,
        path: String = "/",
        tags: [String: String] = [:],
        ownAccount: AccountID? = nil
    ) async throws(ServiceError) -> User {
        var user = User(
            account: account,
            name: name,
            path: path,
            id: RandomText.identifier("AIDA", count: 21),
            created: time.rounded(.down)
        )
        user.tags = tags
        user.ownAccount = ownAccount
        let added = user
        let isNew = try await write { transaction in
            guard try transaction.identity(User.self, .user, named: name, in: added.account) == nil else {
                return false
            }
            try transaction.setIdentity(.user, named: name, in: added.account, to: added)
            return true
        }
        guard isNew else { throw IAM.Failure.entityAlreadyExists("User with name \(name) already exists.") }
        return added
    }

    /// Changes a user in one transaction.
    ///
    /// - Throws: `NoSuchEntity`, or what `change` throws, and then nothing is changed.
    @discardableResult
    package func changeUser(
        _ name: String,
        _ change: @escaping @Sendable (inout User) throws(ServiceError) -> Void
    ) async throws(ServiceError) -> User {
        let account = account
        return try await write { transaction in
            guard var user = try transaction.identity(User.self, .user, named: name, in: account) else {
                throw Self.missingUser(name)
            }
            try change(&user)
            try transaction.setIdentity(.user, named: name, in: account, to: user)
            return user
        }
    }

    /// Removes a user; its keys are dead at once.
    package func removeUser(_ name: String) async throws(ServiceError) {
        let account = account
        // Another user of that name must not come by them.
        let sessions = sessions(of: name)
        try await write { transaction in
            try transaction.removeIdentity(.user, named: name, in: account)
            for key in sessions { try transaction.removeSession(key) }
        }
        forget(sessions)
    }

    /// Makes another key for a user.
    ///
    /// - Throws: `LimitExceeded` at two.
    package func addKey(to name: String) async throws(ServiceError) -> User.Key {
        let key = User.Key(
            accessKeyID: RandomText.identifier("AKIA"),
            secretAccessKey: RandomText.secret(count: 40),
            created: time.rounded(.down)
        )
        try await changeUser(name) { (user) throws(ServiceError) in
            guard user.keys.count < User.maximumKeys else {
                throw IAM.Failure.limitExceeded(
                    "Cannot exceed quota for AccessKeysPerUser: \(User.maximumKeys)"
                )
            }
            user.keys.append(key)
        }
        return key
    }

    private static func missingUser(_ name: String) -> ServiceError {
        IAM.Failure.noSuchEntity("The user with name \(name) cannot be found.")
    }

    // MARK: Policies

    /// Adds a policy of this account.
    ///
    /// - Throws: `EntityAlreadyExists`.
    func addPolicy(_ policy: ManagedPolicy) async throws(ServiceError) {
        let isNew = try await write { transaction in
            guard
                try transaction.identity(ManagedPolicy.self, .policy, named: policy.name, in: policy.account)
                    == nil
            else { return false }
            try transaction.setIdentity(.policy, named: policy.name, in: policy.account, to: policy)
            return true
        }
        guard isNew else {
            throw IAM.Failure.entityAlreadyExists(
                "A policy called \(policy.name) already exists. Duplicate names are not allowed."
            )
        }
    }

    func removePolicy(_ policy: ManagedPolicy) async throws(ServiceError) {
        try await write { try $0.removeIdentity(.policy, named: policy.name, in: policy.account) }
    }

    /// Adds a role of a cloud, which code has hard-coded: it trusts SageMaker and has the rights of the standard role.
    ///
    /// - Returns: The role; the one that is there already, if there is.
    package func importRole(_ arn: String) async throws(ServiceError) -> Role {
        guard let parts = RoleARN(arn), let resource = arn.split(separator: ":", maxSplits: 5).last else {
            throw IAM.Failure.invalidInput("'\(arn)' is no ARN of a role: arn:aws:iam::ACCOUNT:role/NAME.")
        }
        let path = resource.dropFirst("role".count).dropLast(parts.name.count)
        let standard = Role.standard(
            account: parts.account,
            id: RandomText.identifier("AROA", count: 21),
            created: time.rounded(.down)
        )
        var role = Role(
            account: parts.account,
            name: parts.name,
            path: String(path),
            id: standard.id,
            created: standard.created,
            roleDescription: "Imported.",
            trustDocument: standard.trustDocument,
            maximumSessionSeconds: standard.maximumSessionSeconds,
            attachedPolicies: standard.attachedPolicies
        )
        role.tags = [:]
        guard try await add(role) else {
            guard let present = directory.role(named: parts.name, in: parts.account) else {
                throw .internalFailure("The role could not be stored.")
            }
            guard present.arn == arn else {
                throw IAM.Failure.entityAlreadyExists("The role \(present.arn) exists already.")
            }
            return present
        }
        return role
    }

    /// The ARN of a managed policy by its ARN or, for short, by its name.
    ///
    /// - Throws: `NoSuchEntity`.
    package func policyARN(_ text: String) throws(ServiceError) -> String {
        let directory = directory
        if directory.document(of: text) != nil { return text }
        let named = (ManagedPolicies.arns + directory.managed.keys).filter { $0.hasSuffix("/" + text) }
        guard let arn = named.first else {
            throw IAM.Failure.noSuchEntity("Policy \(text) does not exist or is not attachable.")
        }
        return arn
    }
}
