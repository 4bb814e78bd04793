import Foundation
import ServiceLifecycle
import Synchronization

/// Wakes whoever waits for something to happen to a key.
package final class Broadcast<Key: Hashable & Sendable>: Sendable {
    private struct Waiter {
        let key: Key
        let wake: AsyncStream<Void>.Continuation
    }

    private let waiters = Mutex<[UUID: Waiter]>([:])

    package init() {}

    /// Wakes everyone who waits for `key`.
    package func notify(_ key: Key) {
        for waiter in waiters.withLock({ $0.values.filter { $0.key == key } }) { waiter.wake.yield() }
    }

    /// Returns when `key` is notified, when `limit` has passed, when the task is cancelled, or when the server is
    /// asked to end: nobody's wait holds it up.
    ///
    /// - Parameters:
    ///   - key: What to wait for.
    ///   - limit: Longest wait.
    ///   - isDone: Asked once the waiter is registered, so that a notification just before is not missed.
    package func wait(
        for key: Key,
        atMost limit: Duration,
        unless isDone: @Sendable () async -> Bool
    ) async {
        let id = UUID()
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        waiters.withLock { $0[id] = Waiter(key: key, wake: wake) }
        defer { waiters.withLock { $0[id] = nil } }
        if await isDone() { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in wakes { return } }
            group.addTask { try? await Task.sleep(for: limit) }
            group.addTask { try? await gracefulShutdown() }
            await group.next()
            group.cancelAll()
        }
    }
}
