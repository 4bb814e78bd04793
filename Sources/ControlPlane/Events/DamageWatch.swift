package import Logging
package import ObjectStore
import ServiceLifecycle

/// Brings what the object store finds damaged into the history.
///
/// All that is known goes there at the start too: a server may have died between the finding and the writing.
package struct DamageWatch: Service {
    private let store: ObjectStore
    private let history: DamageHistory
    private let signals: AsyncStream<Void>
    private let logger: Logger

    /// How long a database that takes nothing is left alone.
    private static let pause = Duration.seconds(30)

    /// - Parameters:
    ///   - store: Knows what is damaged.
    ///   - history: Where it goes.
    ///   - signals: One for every finding; several may be taken together.
    ///   - logger: Says what could not be written.
    package init(store: ObjectStore, history: DamageHistory, signals: AsyncStream<Void>, logger: Logger) {
        self.store = store
        self.history = history
        self.signals = signals
        self.logger = logger
    }

    package func run() async {
        await cancelWhenGracefulShutdown {
            await record()
            for await _ in signals { await record() }
        }
    }

    private func record() async {
        while !Task.isCancelled {
            do {
                return try await history.record(store.knownDamage)
            } catch {
                logger.error("Damage of stored objects could not be told: \(error)")
                try? await Task.sleep(for: Self.pause)
            }
        }
    }
}
