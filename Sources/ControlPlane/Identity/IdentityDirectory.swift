import Gateway
import Policies
import Resources
import Store

/// Users, roles and their policies as they are now: a value that is read once and decided by in memory.
struct IdentityDirectory: Sendable {
    let account: AccountID
    let users: [String: User]
    /// By account and name.
    private let roles: [String: Role]
    /// By ARN.
    let managed: [String: ManagedPolicy]
    /// The keys of users.
    let keys: [String: Credential]
    private let deletedRoles: Set<String>
    private let policies: [Authority: [Policy]]
    private let trusts: [String: Policy]

    init(_ transaction: StateTransaction, account: AccountID) throws {
        let users = try transaction.identities(User.self, .user)
        let roles = try transaction.rolesOfAllAccounts(Role.self)
        let managed = try transaction.identities(ManagedPolicy.self, .policy)
        self.account = account
        self.users = Dictionary(users.map { ($0.name, $0) }) { first, _ in first }
        self.roles = Dictionary(roles.map { (Self.key($0.account, $0.name), $0) }) { first, _ in first }
        self.managed = Dictionary(managed.map { ($0.arn, $0) }) { first, _ in first }
        deletedRoles = Set(try transaction.fact(IdentityStore.deletedRolesFact, as: [String].self) ?? [])
        keys = Dictionary(
            users.flatMap { user in user.keys.map { ($0.accessKeyID, $0.credential(of: user)) } }
        ) { first, _ in first }
        var parsed = ParsedPolicies(managed: self.managed)
        var policies: [Authority: [Policy]] = [:]
        for user in users { policies[.user(user.name)] = parsed.policies(of: user) }
        for role in roles {
            policies[.role(account: role.account, name: role.name)] = parsed.policies(of: role)
        }
        self.policies = policies
        trusts = Dictionary(
            roles.compactMap { role in
                parsed.policy(role.trustDocument, as: .trust).map { (Self.key(role.account, role.name), $0) }
            }
        ) { first, _ in first }
    }

    private static func key(_ account: AccountID, _ name: String) -> String { "\(account)/\(name)" }

    func role(named name: String, in account: AccountID) -> Role? { roles[Self.key(account, name)] }

    /// Every role of an account, by name.
    func roles(in account: AccountID) -> [Role] {
        roles.values.filter { $0.account == account }.sorted { $0.name < $1.name }
    }

    /// Every role, those that were brought from elsewhere too.
    var allRoles: [Role] {
        roles.values.sorted { ($0.account.description, $0.name) < ($1.account.description, $1.name) }
    }

    /// The role of an ARN; its path must be right too.
    func role(of arn: String) -> Role? {
        guard let parts = RoleARN(arn), let role = role(named: parts.name, in: parts.account), role.arn == arn
        else { return nil }
        return role
    }

    /// Whether a role of that name was here and was deleted.
    func wasDeleted(_ role: RoleARN) -> Bool { deletedRoles.contains(Self.key(role.account, role.name)) }

    /// The policies of whoever a key belongs to; none for who is no more.
    func policies(of authority: Authority) -> [Policy] { policies[authority] ?? [] }

    /// Who may assume a role.
    func trust(of role: Role) -> Policy? { trusts[Self.key(role.account, role.name)] }

    /// How many users and roles have a managed policy.
    func attachments(of arn: String) -> Int {
        users.values.count { $0.attachedPolicies.contains(arn) }
            + roles.values.count { $0.attachedPolicies.contains(arn) }
    }

    /// The document of a managed policy, of ours or of the built-in ones.
    func document(of arn: String) -> String? { managed[arn]?.document ?? ManagedPolicies.document(of: arn) }
}

/// Reads each document once.
private struct ParsedPolicies {
    private let managed: [String: ManagedPolicy]
    private var known: [String: Policy?] = [:]

    init(managed: [String: ManagedPolicy]) { self.managed = managed }

    mutating func policies(of holder: some PolicyHolder) -> [Policy] {
        var documents = holder.inlinePolicies.map { Array($0.values) } ?? []
        for arn in holder.attachedPolicies {
            if let document = managed[arn]?.document ?? ManagedPolicies.document(of: arn) {
                documents.append(document)
            }
        }
        return documents.compactMap { policy($0, as: .identity) }
    }

    /// `nil` for a document that is none: what was stored before documents were read strictly allows nothing.
    mutating func policy(_ document: String, as form: Policy.Form) -> Policy? {
        let key = "\(form)\n\(document)"
        if let policy = known[key] { return policy }
        let policy = try? Policy(parsing: document, as: form)
        known[key] = .some(policy)
        return policy
    }
}

extension User.Key {
    /// What signatures are checked with.
    fileprivate func credential(of user: User) -> Credential {
        Credential(
            accessKeyID: accessKeyID,
            secretAccessKey: secretAccessKey,
            sessionToken: nil,
            expiration: nil,
            account: user.ownAccount ?? user.account,
            principalARN: user.arn,
            authority: .user(user.name)
        )
    }
}
