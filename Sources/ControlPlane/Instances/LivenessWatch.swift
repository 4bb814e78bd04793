package import AgentProtocol
package import Engines
import ServiceLifecycle

/// Notices agents that died without a word, and tells their owners.
package struct LivenessWatch: Service {
    /// Where the instances that should be running are asked for, and where their loss is told.
    package struct Household: Sendable {
        let handles: @Sendable () async -> [InstanceHandle]
        let lost: @Sendable (InstanceID) async -> Void

        package init(
            handles: @escaping @Sendable () async -> [InstanceHandle],
            lost: @escaping @Sendable (InstanceID) async -> Void
        ) {
            self.handles = handles
            self.lost = lost
        }
    }

    private let engine: any Engine
    private let households: [Household]

    package init(engine: any Engine, households: [Household]) {
        self.engine = engine
        self.households = households
    }

    package func run() async throws {
        // Its end is cancelled sleep, which is no failure.
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: Self.interval)
                for household in households {
                    for handle in await household.handles() where await !engine.isAlive(handle) {
                        await household.lost(handle.instance)
                    }
                }
            }
        }
    }

    /// How long a loss may stay unnoticed.
    private static let interval = Duration.seconds(1)
}
