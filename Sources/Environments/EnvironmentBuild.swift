import Synchronization

/// An environment that is being built, for everybody who waits for it; it is given up with the last of them.
final class EnvironmentBuild: Sendable {
    private let task: Task<Void, any Error>
    private let waiters = Mutex(0)

    /// Begins.
    init(_ work: @escaping @Sendable () async throws -> Void) {
        task = Task { try await work() }
    }

    /// Waits for the end.
    ///
    /// - Throws: What the work throws; `CancellationError` if it was given up, not only by who waits here.
    func wait() async throws {
        waiters.withLock { $0 += 1 }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            let isLast = waiters.withLock { count in
                count -= 1
                return count == 0
            }
            if isLast { task.cancel() }
        }
    }

    /// Gives it up, whoever waits.
    func cancel() { task.cancel() }

    /// Returns when nothing of it runs any more.
    func end() async { _ = await task.result }
}
