package import AWSWire
package import Gateway
import Policies
package import Resources
package import Store
import Synchronization

/// Who there is: the owner's key, roles, and the temporary credentials that act as them.
///
/// Signatures are looked up in memory; everything is in the state database too, so that a restart ends no
/// session.
package final class IdentityStore: CredentialSource, Sendable {
    /// The key of the first start, which may do everything.
    package let owner: Credential
    private let database: StateDatabase
    private let now: @Sendable () -> Double
    private let sessions: Mutex<[String: Credential]>
    /// Users, roles and policies as decisions read them.
    private let current: Mutex<IdentityDirectory>
    /// Held while `current` is made anew, so that an older reading never replaces a newer one.
    private let renewal = Mutex(())
    /// Account of the owner's key and of everything that is made here.
    package let account: AccountID

    /// Opens the identities of a data directory; on the first start makes the owner's key and the standard
    /// role.
    ///
    /// The key belongs to `account` and is written to `credentialsFile` for `clary env`: JSON, readable by the
    /// file's owner only. `now` gives seconds since the epoch.
    package static func open(
        database: StateDatabase,
        account: AccountID,
        credentialsFile: String,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) async throws -> IdentityStore {
        let time = now()
        let key = try await database.write { transaction in
            if try transaction.role(Role.self, named: Role.standardName, in: account) == nil {
                let role = Role.standard(
                    account: account,
                    id: RandomText.identifier("AROA", count: 21),
                    created: time
                )
                try transaction.setRole(role.name, in: account, to: role)
            }
            if var role = try transaction.role(Role.self, named: Role.standardName, in: account),
                role.attachedPolicies == Role.formerPolicies, role.inlinePolicies == nil
            {
                // It named a policy when none was enforced; enforced, it would keep jobs from their data.
                role.attachedPolicies = [ManagedPolicies.executionRole]
                try transaction.setRole(role.name, in: account, to: role)
            }
            try transaction.removeSessions(expiredAt: time)
            if let key = try transaction.fact(ownerFact, as: OwnerKey.self) { return key }
            let key = OwnerKey(
                accessKeyId: RandomText.identifier("AKIA"),
                secretAccessKey: RandomText.secret(count: 40)
            )
            try transaction.setFact(ownerFact, to: key)
            return key
        }
        try key.write(to: credentialsFile)
        let stored = try database.read { try $0.sessions(StoredSession.self, expiringAfter: time) }
        return IdentityStore(
            account: account,
            current: try database.read { try IdentityDirectory($0, account: account) },
            owner: key.credential(account: account),
            sessions: stored.map(\.credential),
            database: database,
            now: now
        )
    }

    private init(
        account: AccountID,
        current: IdentityDirectory,
        owner: Credential,
        sessions: [Credential],
        database: StateDatabase,
        now: @escaping @Sendable () -> Double
    ) {
        self.account = account
        self.current = Mutex(current)
        self.owner = owner
        self.database = database
        self.now = now
        self.sessions = Mutex(Dictionary(sessions.map { ($0.accessKeyID, $0) }) { first, _ in first })
    }

    private static let ownerFact = "owner-key"

    // MARK: Credentials

    package func credential(for accessKeyID: String) -> Credential? {
        if accessKeyID == owner.accessKeyID { return owner }
        return sessions.withLock { $0[accessKeyID] } ?? current.withLock { $0.keys[accessKeyID] }
    }

    /// Makes temporary credentials that act as a principal
    /// (`arn:aws:sts::<account>:assumed-role/<role>/<session>`).
    package func issueSession(
        principalARN: String,
        account: AccountID,
        authority: Authority,
        seconds: Int
    ) async throws(ServiceError) -> Credential {
        let time = now()
        let credential = Credential(
            accessKeyID: RandomText.identifier("ASIA"),
            secretAccessKey: RandomText.secret(count: 40),
            sessionToken: RandomText.secret(count: 200),
            expiration: (time + Double(seconds)).rounded(.down),
            account: account,
            principalARN: principalARN,
            authority: authority
        )
        let session = StoredSession(credential)
        try await writeSession { transaction in
            try transaction.setSession(session.accessKeyID, expiration: session.expiration, to: session)
            try transaction.removeSessions(expiredAt: time)
        }
        sessions.withLock { sessions in
            sessions = sessions.filter { ($0.value.expiration ?? .infinity) > time }
            sessions[credential.accessKeyID] = credential
        }
        return credential
    }

    /// Ends sessions before their time.
    ///
    /// - Throws: `InternalFailure` if that cannot be stored; they end for this run all the same.
    package func endSessions(_ accessKeyIDs: [String]) async throws(ServiceError) {
        forget(accessKeyIDs)
        try await write { transaction in
            for key in accessKeyIDs { try transaction.removeSession(key) }
        }
    }

    /// Key ids of the sessions that a user has begun.
    func sessions(of user: String) -> [String] {
        sessions.withLock { $0.values.filter { $0.authority == .user(user) }.map(\.accessKeyID) }
    }

    /// Has sessions end for this run; what is stored of them goes with the caller's transaction.
    func forget(_ sessions: [String]) {
        self.sessions.withLock { known in
            for key in sessions { known[key] = nil }
        }
    }

    /// Makes temporary credentials that act as a role.
    ///
    /// - Throws: `InternalFailure` if they cannot be stored.
    package func issueSession(
        assuming role: RoleARN,
        sessionName: String,
        seconds: Int
    ) async throws(ServiceError) -> Credential {
        try await issueSession(
            principalARN: "arn:aws:sts::\(role.account):assumed-role/\(role.name)/\(sessionName)",
            account: self.account,
            authority: .role(account: role.account, name: role.name),
            seconds: seconds
        )
    }

    // MARK: Roles

    /// The role of that name, or `nil`.
    package func role(named name: String, in account: AccountID) throws(ServiceError) -> Role? {
        current.withLock { $0.role(named: name, in: account) }
    }

    /// Every role of an account, by name.
    package func roles(in account: AccountID) throws(ServiceError) -> [Role] {
        current.withLock { $0.roles(in: account) }
    }

    /// Adds a role; false if its name is taken.
    package func add(_ role: Role) async throws(ServiceError) -> Bool {
        try await write { transaction in
            guard try transaction.role(Role.self, named: role.name, in: role.account) == nil else {
                return false
            }
            try transaction.setRole(role.name, in: role.account, to: role)
            try Self.forgetDeletion(of: role, transaction)
            return true
        }
    }

    /// Changes a role in one transaction; `nil` if there is none of that name.
    ///
    /// - Throws: What `change` throws, and then nothing is changed.
    package func update(
        _ name: String,
        in account: AccountID,
        _ change: @escaping @Sendable (inout Role) throws(ServiceError) -> Void
    ) async throws(ServiceError) -> Role? {
        try await write { transaction in
            guard var role = try transaction.role(Role.self, named: name, in: account) else { return nil }
            try change(&role)
            try transaction.setRole(name, in: account, to: role)
            return role
        }
    }

    /// Removes a role.
    package func removeRole(_ name: String, in account: AccountID) async throws(ServiceError) {
        try await write { transaction in
            try transaction.removeRole(name, in: account)
            var deleted = try transaction.fact(Self.deletedRolesFact, as: [String].self) ?? []
            deleted.append("\(account)/\(name)")
            try transaction.setFact(Self.deletedRolesFact, to: deleted)
        }
    }

    /// Names of roles that were deleted: unlike a role that never was here, they stand for nothing any more.
    static let deletedRolesFact = "deleted-roles"

    private static func forgetDeletion(of role: Role, _ transaction: StateTransaction) throws {
        guard let deleted = try transaction.fact(deletedRolesFact, as: [String].self) else { return }
        try transaction.setFact(deletedRolesFact, to: deleted.filter { $0 != "\(role.account)/\(role.name)" })
    }

    // MARK: Deciding

    /// What decisions are made by.
    var directory: IdentityDirectory { current.withLock(\.self) }

    /// Seconds since the epoch.
    var time: Double { now() }

    // MARK: The database

    /// Sessions are no part of the directory: it need not be read anew.
    private func writeSession(
        _ body: @escaping @Sendable (StateTransaction) throws -> Void
    ) async throws(ServiceError) {
        do { try await database.write(body) } catch { throw Self.serviceError(error) }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (StateTransaction) throws -> Value
    ) async throws(ServiceError) -> Value {
        do {
            let value = try await database.write(body)
            try renewal.withLock { _ in
                let read = try database.read { try IdentityDirectory($0, account: account) }
                current.withLock { $0 = read }
            }
            return value
        } catch {
            throw Self.serviceError(error)
        }
    }

    private static func serviceError(_ error: any Error) -> ServiceError {
        error as? ServiceError ?? .internalFailure("The identities cannot be read or written: \(error)")
    }
}

/// Temporary credentials as they are kept.
private struct StoredSession: Codable {
    let accessKeyID: String
    let secretAccessKey: String
    let sessionToken: String?
    let expiration: Double
    let account: AccountID
    let principalARN: String
    /// Absent in sessions of former versions.
    let authority: Authority?

    init(_ credential: Credential) {
        accessKeyID = credential.accessKeyID
        secretAccessKey = credential.secretAccessKey
        sessionToken = credential.sessionToken
        expiration = credential.expiration ?? .greatestFiniteMagnitude
        account = credential.account
        principalARN = credential.principalARN
        authority = credential.authority
    }

    var credential: Credential {
        Credential(
            accessKeyID: accessKeyID,
            secretAccessKey: secretAccessKey,
            sessionToken: sessionToken,
            expiration: expiration,
            account: account,
            principalARN: principalARN,
            authority: authority ?? .role(account: account, name: Role.standardName)
        )
    }
}
