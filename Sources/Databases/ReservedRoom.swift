import CLinux
package import GRDB
import Glibc
import Synchronization

/// Room on the disk that a database has in advance: what has to be written when others have filled the disk, such as the
/// deletion of an object or the end of a job, still can be.
///
/// The room is blocks behind the end of the database and of its write-ahead log, which SQLite fills by and by and which
/// nobody else gets. It is renewed as it is used. File systems that write every block anew elsewhere give no such room;
/// there, and where the disk is full already, the database works as if there were no reserve.
package final class ReservedRoom: TransactionObserver, Sendable {
    /// Bytes behind the end of each file.
    package static let size = 1 << 20
    /// Commits until the room is renewed; together they take less than it.
    private static let interval = 8

    private let path: String
    /// Held open for as long as the database is: closing a descriptor of a file takes SQLite's locks on it away.
    private let database: Int32
    private let commits = Atomic<Int>(0)

    /// What can end a server without asking.
    package enum Outage: Sendable {
        /// The process is killed; the system goes on.
        case kill
        /// The machine stops, and only what the disk has is left.
        case powerCut
    }

    /// Reserves room for a database that exists and is not open.
    private init(path: String) {
        self.path = path
        database = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    }

    deinit { if database >= 0 { close(database) } }

    /// Opens a database with room of its own.
    ///
    /// - Parameters:
    ///   - path: Its file.
    ///   - configuration: How it is opened.
    ///   - outliving: What a commit outlives that has returned.
    /// - Returns: The open database.
    /// - Throws: What SQLite says.
    package static func open(
        _ path: String,
        _ configuration: Configuration,
        commitsOutlive outliving: Outage
    ) throws -> DatabasePool {
        let room = ReservedRoom(path: path)
        let pool = try DatabasePool(path: path, configuration: configuration)
        // Said here because the pool sets it itself as it opens, after everything that a configuration can say.
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = \(outliving == .powerCut ? "FULL" : "NORMAL")")
        }
        room.renew()
        pool.add(transactionObserver: room, extent: .databaseLifetime)
        return pool
    }

    private func renew() {
        // Without an answer nothing is lost but the reserve.
        _ = clx_reserve_behind(database, Int64(Self.size))
        // SQLite locks nothing in the log itself, and makes a new one with each start.
        let log = Glibc.open(path + "-wal", O_RDWR | O_CLOEXEC)
        guard log >= 0 else { return }
        _ = clx_reserve_behind(log, Int64(Self.size))
        close(log)
    }

    // MARK: TransactionObserver

    package func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }

    package func databaseDidChange(with event: DatabaseEvent) {}

    package func databaseDidCommit(_ database: Database) {
        // The first commit may have made the log.
        if commits.add(1, ordering: .relaxed).oldValue.isMultiple(of: Self.interval) { renew() }
    }

    package func databaseDidRollback(_ database: Database) {}
}
