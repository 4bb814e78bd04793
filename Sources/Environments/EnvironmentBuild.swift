import Foundation
import Synchronization

/// An environment that is being built, for everybody who waits for it; it is given up with the last of them.
final class EnvironmentBuild: Sendable {
    private let task: Task<Void, Never>
    private let waiters: Waiters

    /// Begins.
    init(_ work: @escaping @Sendable () async throws -> Void) {
        let waiters = Waiters()
        self.waiters = waiters
        task = Task {
            do {
                try await work()
                waiters.end(.success(()))
            } catch { waiters.end(.failure(error)) }
        }
    }

    /// Waits for the end; whose task is cancelled waits no longer, though the build may go on for others.
    ///
    /// - Throws: What the work throws; `CancellationError` if it was given up, not only by who waits here.
    func wait() async throws {
        let id = UUID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { if waiters.add($0, id) { task.cancel() } }
        } onCancel: {
            if waiters.remove(id) { task.cancel() }
        }
    }

    /// Gives it up, whoever waits.
    func cancel() { task.cancel() }

    /// Returns when nothing of it runs any more.
    func end() async { await task.value }

    private final class Waiters: Sendable {
        private struct State {
            var outcome: Result<Void, any Error>?
            var waiting: [UUID: CheckedContinuation<Void, any Error>] = [:]
        }

        private let state = Mutex(State())

        /// Takes one on; one whose task is cancelled already is sent away at once.
        ///
        /// - Returns: Whether nobody waits now.
        func add(_ waiter: CheckedContinuation<Void, any Error>, _ id: UUID) -> Bool {
            let (answer, isDeserted) = state.withLock { state -> (Result<Void, any Error>?, Bool) in
                if let outcome = state.outcome { return (outcome, false) }
                // Asked under the lock: a cancellation after this finds the waiter.
                if Task.isCancelled { return (.failure(CancellationError()), state.waiting.isEmpty) }
                state.waiting[id] = waiter
                return (nil, false)
            }
            if let answer { waiter.resume(with: answer) }
            return isDeserted
        }

        /// Sends one away.
        ///
        /// - Returns: Whether it was the last.
        func remove(_ id: UUID) -> Bool {
            let (waiter, isDeserted) = state.withLock { state in
                let waiter = state.waiting.removeValue(forKey: id)
                return (waiter, waiter != nil && state.waiting.isEmpty)
            }
            waiter?.resume(throwing: CancellationError())
            return isDeserted
        }

        func end(_ outcome: Result<Void, any Error>) {
            let waiting = state.withLock { state in
                state.outcome = outcome
                defer { state.waiting = [:] }
                return state.waiting.values.map(\.self)
            }
            for waiter in waiting { waiter.resume(with: outcome) }
        }
    }
}
