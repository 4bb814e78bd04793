import AWSWire
package import Foundation
import Gateway
import Resources
import SageMakerAPI
import Store

/// What `clary users`, `clary roles` and `clary audit` ask.
package struct IdentityAPI: Sendable {
    private let identities: IdentityStore
    private let audit: AuditLog

    package init(identities: IdentityStore, audit: AuditLog) {
        self.identities = identities
        self.audit = audit
    }

    /// The reply's document; `nil` for a call that is none of these.
    func answer(_ call: PlatformCall, _ body: Data) async throws -> [UInt8]? {
        switch call.name {
        case "GET users": return try Self.document(identities.users.map { UserReport($0, key: nil) })
        case "POST users": return try Self.document(try await add(try PlatformCall.read(NewUser.self, body)))
        case "DELETE users":
            let user = try identities.user(named: call.parameter("name") ?? "")
            try await identities.removeUser(user.name)
            return try Self.document(UserReport(user, key: nil))
        case "GET roles": return try Self.document(identities.directory.allRoles.map { RoleReport($0) })
        case "POST roles":
            var roles: [RoleReport] = []
            for arn in try PlatformCall.read(ImportedRoles.self, body).arns {
                roles.append(RoleReport(try await identities.importRole(arn)))
            }
            return try Self.document(roles)
        case "GET audit":
            let filter = AuditDatabase.Filter(
                since: call.parameter("since").flatMap { Double($0) },
                principal: call.parameter("user"),
                action: call.parameter("action"),
                limit: max(1, call.parameter("limit").flatMap { Int($0) } ?? 100)
            )
            return try Self.document(await audit.entries(filter))
        default: return nil
        }
    }

    private func add(_ new: NewUser) async throws -> UserReport {
        guard new.name.wholeMatch(of: /[\w+=,.@-]{1,64}/) != nil else {
            throw ServiceError.validation(
                "A user's name has 1 to 64 letters, digits and characters of _+=,.@-"
            )
        }
        let policies = try new.policies.map { try identities.policyARN($0) }
        var account: AccountID?
        if let text = new.account {
            guard let parsed = AccountID(text) else {
                throw ServiceError.validation("'\(text)' is no account: twelve digits.")
            }
            account = parsed
        }
        _ = try await identities.addUser(new.name, ownAccount: account)
        let key = try await identities.addKey(to: new.name)
        let user = try await identities.changeUser(new.name) { user in user.attachedPolicies = policies }
        return UserReport(user, key: key)
    }

    private static func document(_ report: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(report))
    }
}

/// A user to be added.
package struct NewUser: Codable, Sendable {
    package let name: String
    /// Names or ARNs of managed policies.
    package let policies: [String]
    /// The account that they act in, if it is not the server's.
    package let account: String?

    package init(name: String, policies: [String], account: String? = nil) {
        self.name = name
        self.policies = policies
        self.account = account
    }
}

/// ARNs of roles to be imported.
package struct ImportedRoles: Codable, Sendable {
    package let arns: [String]

    package init(arns: [String]) { self.arns = arns }
}

/// A user as `clary users` shows it.
package struct UserReport: Codable, Sendable {
    package let name: String
    package let arn: String
    package let created: Date
    package let policies: [String]
    package let accessKeyIds: [String]
    /// Only where the key was just made: nobody can read it again.
    package let secretAccessKey: String?

    init(_ user: User, key: User.Key?) {
        name = user.name
        arn = user.arn
        created = Date(timeIntervalSince1970: user.created)
        policies = user.attachedPolicies + (user.inlinePolicies.map { $0.keys.sorted() } ?? [])
        accessKeyIds = user.keys.map(\.accessKeyID)
        secretAccessKey = key?.secretAccessKey
    }
}

/// A role as `clary roles` shows it.
package struct RoleReport: Codable, Sendable {
    package let name: String
    package let arn: String
    package let created: Date
    package let policies: [String]

    init(_ role: Role) {
        name = role.name
        arn = role.arn
        created = Date(timeIntervalSince1970: role.created)
        policies = role.attachedPolicies + (role.inlinePolicies.map { $0.keys.sorted() } ?? [])
    }
}
