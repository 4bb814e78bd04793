import Foundation
import GRDB
package import Resources

/// The kinds of identities beside roles.
package enum IdentityKind: String, Sendable {
    case user
    case policy
}

extension StateTransaction {
    /// The document of an identity, or `nil`.
    package func identity<Document: Decodable>(
        _ type: Document.Type,
        _ kind: IdentityKind,
        named name: String,
        in account: AccountID
    ) throws -> Document? {
        try Data.fetchOne(
            database,
            sql: "SELECT body FROM identity WHERE kind = ? AND account = ? AND name = ?",
            arguments: [kind.rawValue, account.description, name]
        ).map { try Self.decode(type, from: $0) }
    }

    /// The documents of every identity of a kind, by name.
    package func identities<Document: Decodable>(
        _ type: Document.Type,
        _ kind: IdentityKind
    ) throws -> [Document] {
        try Data.fetchAll(
            database,
            sql: "SELECT body FROM identity WHERE kind = ? ORDER BY account, name",
            arguments: [kind.rawValue]
        ).map { try Self.decode(type, from: $0) }
    }

    /// Adds or replaces an identity.
    package func setIdentity(
        _ kind: IdentityKind,
        named name: String,
        in account: AccountID,
        to document: some Encodable
    ) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO identity VALUES (?, ?, ?, ?)",
            arguments: [kind.rawValue, account.description, name, try Self.encode(document)]
        )
    }

    /// Removes an identity; one that is not there is no error.
    package func removeIdentity(_ kind: IdentityKind, named name: String, in account: AccountID) throws {
        try database.execute(
            sql: "DELETE FROM identity WHERE kind = ? AND account = ? AND name = ?",
            arguments: [kind.rawValue, account.description, name]
        )
    }

    /// The documents of the roles of every account.
    package func rolesOfAllAccounts<Role: Decodable>(_ type: Role.Type) throws -> [Role] {
        try Data.fetchAll(database, sql: "SELECT body FROM role ORDER BY account, name")
            .map { try Self.decode(type, from: $0) }
    }
}
