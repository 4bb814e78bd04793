import GRDB
import Synchronization

/// Writes the index in groups: what waits while a transaction reaches the disk shares the next one.
///
/// A commit is a few milliseconds of waiting for the disk, however much is in it; ten parts that end together cost one.
final class Committer: Sendable {
    private let database: DatabasePool
    private let waiting = Mutex<[Job]>([])
    /// Removed files whose row in `garbage` goes with the next transaction.
    private let removed = Mutex<[FileID]>([])

    private let onCommit: @Sendable () -> Void

    /// - Parameters:
    ///   - database: The index.
    ///   - onCommit: Called when it has changed, before anybody is told.
    init(_ database: DatabasePool, onCommit: @escaping @Sendable () -> Void) {
        self.database = database
        self.onCommit = onCommit
    }

    private struct Job: Sendable {
        /// Folders whose entries must be on the disk before the index names what is in them.
        let folders: Set<String>
        /// Changes the index, within a savepoint, and says how to tell the caller.
        let apply: @Sendable (Database) -> Settlement
        let fail: @Sendable (any Error) -> Void

        init<Value: Sendable>(
            flushing folders: Set<String>,
            _ change: @escaping @Sendable (Database) throws -> Value,
            done: @escaping @Sendable (Result<Value, any Error>) -> Void
        ) {
            self.folders = folders
            apply = { database in
                let outcome = Result { try Committer.inSavepoint(database, change) }
                return { failure in
                    if let failure, case .success = outcome {
                        done(.failure(failure))
                    } else {
                        done(outcome)
                    }
                }
            }
            fail = { done(.failure($0)) }
        }
    }

    /// Tells the caller the outcome, which is a failure if the common transaction failed.
    private typealias Settlement = @Sendable (_ failure: (any Error)?) -> Void

    /// Changes the index durably.
    ///
    /// - Parameters:
    ///   - folders: Folders to flush first.
    ///   - change: Runs in a savepoint of its own; what it throws undoes only this change.
    /// - Returns: What `change` returned, once it is on the disk.
    /// - Throws: What `change` throws, or what kept the common transaction from the disk.
    func commit<Value: Sendable>(
        flushing folders: Set<String> = [],
        _ change: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let job = Job(flushing: folders, change) { continuation.resume(with: $0) }
            waiting.withLock { $0.append(job) }
            // Whoever comes first takes all that wait; the others find nothing left to do.
            database.asyncWriteWithoutTransaction { [self] database in drain(database) }
        }
    }

    /// Like `commit`, for a thread that may block: it writes itself what waits.
    func commitNow<Value: Sendable>(
        flushing folders: Set<String> = [],
        _ change: @escaping @Sendable (Database) throws -> Value
    ) throws -> Value {
        let outcome = Outcome<Value>()
        let job = Job(flushing: folders, change) { outcome.set($0) }
        waiting.withLock { $0.append(job) }
        // If another thread has taken the job, it is done with it before this one gets the database.
        database.writeWithoutTransaction { drain($0) }
        return try outcome.get()
    }

    /// What became of a job whose thread waits.
    private final class Outcome<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>?>(nil)

        func set(_ result: Result<Value, any Error>) { self.result.withLock { $0 = result } }

        func get() throws -> Value {
            guard let result = result.withLock({ $0 }) else { preconditionFailure("a job was not done") }
            return try result.get()
        }
    }

    /// The index may forget that this file had to be removed.
    func forget(_ file: FileID) { removed.withLock { $0.append(file) } }

    private static func inSavepoint<Value>(
        _ database: Database,
        _ change: (Database) throws -> Value
    ) throws -> Value {
        var value: Value?
        try database.inSavepoint {
            value = try change(database)
            return .commit
        }
        guard let value else {
            throw DatabaseError(resultCode: .SQLITE_ABORT, message: "savepoint did not run")
        }
        return value
    }

    private func drain(_ database: Database) {
        let jobs = waiting.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
        guard !jobs.isEmpty else { return }
        var settlements: [Settlement] = []
        do {
            for folder in jobs.reduce(into: Set(), { $0.formUnion($1.folders) }) {
                try Volume.synchronize(folder: folder)
            }
            try database.inTransaction(.immediate) {
                for job in jobs {
                    settlements.append(job.apply(database))
                    // SQLite itself gives a transaction up when the disk is full.
                    guard database.isInsideTransaction else { throw DatabaseError(resultCode: .SQLITE_FULL) }
                }
                for file in removed.withLock({ files in
                    defer { files = [] }
                    return files
                }) {
                    try database.execute(sql: "DELETE FROM garbage WHERE file = ?", arguments: [file.number])
                }
                return .commit
            }
            onCommit()
            for settle in settlements { settle(nil) }
        } catch {
            let failure = ObjectStoreError.from(error, path: self.database.path)
            for settle in settlements { settle(failure) }
            for job in jobs.dropFirst(settlements.count) { job.fail(failure) }
        }
    }
}

extension ObjectStoreError {
    /// A full disk in the store's own vocabulary, any other error as it is.
    static func from(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError, error.resultCode == .SQLITE_FULL else { return error }
        return ObjectStoreError.outOfSpace(path: path)
    }
}
