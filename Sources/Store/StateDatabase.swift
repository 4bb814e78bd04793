import Databases
import Foundation
import GRDB

/// The state of one data directory.
package final class StateDatabase: Sendable {
    private let pool: DatabasePool
    private let decoded = DecodedDocuments()

    /// Opens the database, creating or migrating it.
    ///
    /// - Parameter file: Path of the SQLite file; its directory exists.
    /// - Throws: What SQLite says: the file is not a database, not writable, on a full disk; `NewerSchema`.
    package init(file: String) throws {
        var configuration = Configuration()
        configuration.label = "state"
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA foreign_keys = ON")
        }
        pool = try ReservedRoom.open(file, configuration, commitsOutlive: .powerCut)
        try Migrations.all.update(pool)
    }

    /// Runs `body` in one transaction: all of it becomes durable, or, if it throws, none.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (StateTransaction) throws -> Value
    ) async throws -> Value {
        try await pool.write { [decoded] database in
            try body(StateTransaction(database: database, decoded: decoded))
        }
    }

    /// Like `write`, but returns only when it is done: for actors whose next decision must not come before it.
    ///
    /// Takes as long as the disk takes to flush, a few milliseconds.
    package func commit<Value>(_ body: (StateTransaction) throws -> Value) throws -> Value {
        try pool.write { database in try body(StateTransaction(database: database, decoded: decoded)) }
    }

    /// Runs `body` on a consistent snapshot.
    ///
    /// Synchronous: a read takes tens of microseconds and never waits for a writer.
    package func read<Value>(_ body: (StateTransaction) throws -> Value) throws -> Value {
        try pool.unsafeReentrantRead { database in
            try body(StateTransaction(database: database, decoded: decoded))
        }
    }

    /// Closes every connection; later calls fail.
    package func close() throws { try pool.close() }
}

/// One transaction on the state: the only way to read or change it.
package struct StateTransaction {
    let database: Database
    let decoded: DecodedDocuments

    /// Encodes documents the same way everywhere: sorted keys, so that equal values are equal bytes.
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try JSONDecoder().decode(type, from: data)
    }
}
