import Foundation
import GRDB
package import Resources

extension StateTransaction {
    /// The document of a role, or `nil`.
    package func role<Role: Decodable>(
        _ type: Role.Type,
        named name: String,
        in account: AccountID
    ) throws -> Role? {
        try Data.fetchOne(
            database,
            sql: "SELECT body FROM role WHERE account = ? AND name = ?",
            arguments: [account.description, name]
        ).map { try Self.decode(type, from: $0) }
    }

    /// The documents of every role of an account, by name.
    package func roles<Role: Decodable>(_ type: Role.Type, in account: AccountID) throws -> [Role] {
        try Data.fetchAll(
            database,
            sql: "SELECT body FROM role WHERE account = ? ORDER BY name",
            arguments: [account.description]
        ).map { try Self.decode(type, from: $0) }
    }

    /// Adds or replaces a role.
    package func setRole(_ name: String, in account: AccountID, to role: some Encodable) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO role VALUES (?, ?, ?)",
            arguments: [account.description, name, try Self.encode(role)]
        )
    }

    /// Removes a role; one that is not there is no error.
    package func removeRole(_ name: String, in account: AccountID) throws {
        try database.execute(
            sql: "DELETE FROM role WHERE account = ? AND name = ?",
            arguments: [account.description, name]
        )
    }

    /// Keeps temporary credentials, which expire at a time in seconds since the epoch, so that a restart does
    /// not end them.
    package func setSession(_ accessKeyID: String, expiration: Double, to session: some Encodable) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO session VALUES (?, ?, ?)",
            arguments: [accessKeyID, expiration, try Self.encode(session)]
        )
    }

    /// The documents of the credentials that live longer than `time`.
    package func sessions<Session: Decodable>(
        _ type: Session.Type,
        expiringAfter time: Double
    ) throws -> [Session] {
        try Data.fetchAll(database, sql: "SELECT body FROM session WHERE expiration > ?", arguments: [time])
            .map { try Self.decode(type, from: $0) }
    }

    /// Forgets one session.
    package func removeSession(_ accessKeyID: String) throws {
        try database.execute(sql: "DELETE FROM session WHERE access_key_id = ?", arguments: [accessKeyID])
    }

    /// Forgets the credentials that expired at `time` or earlier.
    package func removeSessions(expiredAt time: Double) throws {
        try database.execute(sql: "DELETE FROM session WHERE expiration <= ?", arguments: [time])
    }
}
