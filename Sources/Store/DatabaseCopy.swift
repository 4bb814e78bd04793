import Foundation
import GRDB

/// A copy of a SQLite file that others may be writing, as it was at one point in time.
///
/// Several files are copied as of the same point: writers of all of them wait for the moment in which each copy gets
/// its snapshot, and then go on while the snapshots are written out.
package final class DatabaseCopy {
    private let gate: DatabaseQueue
    private let pool: DatabasePool
    private var snapshot: DatabaseSnapshot?

    /// - Parameter file: A SQLite file in WAL mode that exists.
    /// - Throws: What SQLite says, or that there is no such file.
    package init(file: String) throws {
        guard FileManager.default.fileExists(atPath: file) else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: "There is no file \(file).")
        }
        var configuration = Configuration()
        // Longer than any transaction of a server takes.
        configuration.busyMode = .timeout(30)
        gate = try DatabaseQueue(path: file, configuration: configuration)
        pool = try DatabasePool(path: file, configuration: configuration)
    }

    /// Fixes what the copies will hold.
    ///
    /// - Parameters:
    ///   - copies: Files of one data directory, always in the same order.
    ///   - body: Runs while nobody can write any of the files: keep it short.
    /// - Returns: What `body` returns.
    /// - Throws: What SQLite says, and what `body` throws.
    package static func fix<Value>(_ copies: [DatabaseCopy], while body: () throws -> Value) throws -> Value {
        guard let first = copies.first else { return try body() }
        var value: Value?
        try first.gate.inTransaction(.immediate) { _ in
            first.snapshot = try first.pool.makeSnapshot()
            value = try fix(Array(copies.dropFirst()), while: body)
            return .rollback
        }
        guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        return value
    }

    /// Writes the copy out and checks it; `fix` came before.
    ///
    /// - Parameter file: Where to; nothing is there yet.
    /// - Throws: What SQLite says.
    package func write(to file: String) throws {
        guard let snapshot else { preconditionFailure("A copy is fixed before it is written.") }
        let target = try DatabaseQueue(path: file)
        try snapshot.backup(to: target)
        let verdict = try target.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard verdict == "ok" else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict)
        }
        try target.close()
    }

    /// Lets the file go.
    package func close() throws {
        try snapshot?.close()
        try gate.close()
        try pool.close()
    }
}
