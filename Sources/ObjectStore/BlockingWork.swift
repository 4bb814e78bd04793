import NIOPosix

/// Threads for what blocks: reads, writes, hashing, `fsync`.
///
/// Event loops and the tasks' own threads stay free.
enum BlockingWork {
    /// Shared by all stores of the process.
    ///
    /// Eight threads keep a disk busy; the others are there for reads while those wait for it.
    private static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 16)
        pool.start()
        return pool
    }()

    /// Has one of the threads run `body` some time.
    static func begin(_ body: @escaping @Sendable () -> Void) { threads.submit { _ in body() } }

    /// Runs `body` on one of the threads; a cancelled task's too, since half of a write is of no use to anybody.
    ///
    /// - Throws: What `body` throws.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            threads.submit { _ in continuation.resume(with: Result { try body() }) }
        }
    }
}
