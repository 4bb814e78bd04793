package import Logging
import ServiceLifecycle
package import Store

/// Removes log events that are older than their groups keep them: at the start, each hour, and when a retention was
/// changed.
package struct LogPruner: Service {
    private let database: LogDatabase
    private let logger: Logger
    private let now: @Sendable () -> Double
    private let rounds = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    package init(
        database: LogDatabase,
        logger: Logger,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.database = database
        self.logger = logger
        self.now = now
    }

    /// Begins a round soon.
    package func wake() { rounds.continuation.yield() }

    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingTaskGroup { group in
                    group.addTask { try await keepTime() }
                    for await _ in rounds.stream { try await prune() }
                    group.cancelAll()
                }
            }
        } catch is CancellationError {
            // The server stops; the next one goes on.
        }
    }

    private func keepTime() async throws {
        while true {
            wake()
            try await Task.sleep(for: .seconds(3600))
        }
    }

    /// Small batches with pauses: jobs that write logs never wait for long.
    private func prune() async throws {
        do {
            while try await database.removeExpiredEvents(nowMS: Int(now() * 1000), limit: Self.batch) > 0 {
                try await Task.sleep(for: .milliseconds(20))
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.error("Old log events stay for another hour: \(error)")
        }
    }

    /// A few milliseconds of writing.
    private static let batch = 1000
}
