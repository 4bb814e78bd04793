import Environments

/// What was being prepared and nobody wants any more, or the server ends.
struct PreparationEnded: Error {}

extension Error {
    /// Whether it says that what was being prepared is not wanted now, which is no failure.
    var endsPreparation: Bool { self is PreparationEnded || self as? EnvironmentError == .closed }
}

extension Broadcast {
    /// Does something until `key` is notified or the server is asked to end.
    ///
    /// - Parameters:
    ///   - key: What ends it.
    ///   - limit: Longest time that it may take.
    ///   - isOver: Asked before anything is waited for, so that a notification just before is not missed.
    ///   - work: Cancelled when it is over.
    /// - Returns: What `work` returns.
    /// - Throws: `PreparationEnded` if it is over before, otherwise what `work` throws.
    func prepare<Value: Sendable>(
        until key: Key,
        atMost limit: Duration,
        unless isOver: @escaping @Sendable () async -> Bool,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup { group in
            group.addTask { try await work() }
            group.addTask {
                await self.wait(for: key, atMost: limit, unless: isOver)
                throw PreparationEnded()
            }
            defer { group.cancelAll() }
            guard let made = try await group.next() else { throw PreparationEnded() }
            return made
        }
    }
}
