import Foundation
import Synchronization

/// Wakes whoever waits for something to happen to a key.
package final class Broadcast<Key: Hashable & Sendable>: Sendable {
    private struct Waiter {
        let key: Key
        let continuation: CheckedContinuation<Void, Never>
    }

    private let waiters = Mutex<[UUID: Waiter]>([:])

    package init() {}

    /// Wakes everyone who waits for `key`.
    package func notify(_ key: Key) {
        let woken = waiters.withLock { waiters in
            let found = waiters.filter { $0.value.key == key }
            for id in found.keys { waiters[id] = nil }
            return found.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Returns when `key` is notified, when `limit` has passed, or when the task is cancelled.
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
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.suspend(id, key) }
            group.addTask { try? await Task.sleep(for: limit) }
            if await isDone() { group.cancelAll() }
            await group.next()
            group.cancelAll()
        }
    }

    private func suspend(_ id: UUID, _ key: Key) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiters.withLock { $0[id] = Waiter(key: key, continuation: continuation) }
                if Task.isCancelled { resume(id) }
            }
        } onCancel: {
            resume(id)
        }
    }

    private func resume(_ id: UUID) {
        waiters.withLock { $0.removeValue(forKey: id) }?.continuation.resume()
    }
}
