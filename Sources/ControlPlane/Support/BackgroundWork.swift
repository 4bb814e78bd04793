import ServiceLifecycle

/// Owns the tasks that outlive the call that began them: launches, clean-ups.
///
/// They are cancelled when the server stops; what they were doing is resumed from the state at the next start.
package struct BackgroundWork: Service {
    private let stream: AsyncStream<@Sendable () async -> Void>
    private let submissions: AsyncStream<@Sendable () async -> Void>.Continuation

    package init() {
        (stream, submissions) = AsyncStream.makeStream()
    }

    /// Runs `work` as soon as the service runs; at most one task per call.
    package func submit(_ work: @escaping @Sendable () async -> Void) {
        submissions.yield(work)
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            for await work in stream.cancelOnGracefulShutdown() { group.addTask { await work() } }
            group.cancelAll()
        }
    }
}
