import Foundation
package import Logging
import ServiceLifecycle
package import Store

/// Tells state changes to web addresses, each of them at least once and in order.
///
/// What an address has heard is kept in the state: a change is told again until the address has taken it, also after a
/// restart. An address that is new hears of what happens from then on.
package struct Webhooks: Service {
    private let addresses: [String]
    private let database: StateDatabase
    private let post: @Sendable (_ address: String, _ document: [UInt8]) async throws -> Void
    private let logger: Logger

    /// How often the history is looked at, and how long an address that takes nothing is left alone at most.
    private static let interval = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(60)
    private static let most = 100

    /// - Parameters:
    ///   - addresses: URLs.
    ///   - database: Where the history is.
    ///   - logger: Says once when an address takes nothing.
    ///   - post: Sends a document; throws unless the address has taken it.
    package init(
        addresses: [String],
        database: StateDatabase,
        logger: Logger,
        post: @escaping @Sendable (_ address: String, _ document: [UInt8]) async throws -> Void
    ) {
        self.addresses = addresses
        self.database = database
        self.logger = logger
        self.post = post
    }

    package func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for address in addresses { group.addTask { await serve(address) } }
            }
            // A service that returns would end the server. Cancelled or asked, the end is the same.
            try? await gracefulShutdown()
        }
    }

    private func serve(_ address: String) async {
        var pause = Self.interval
        while !Task.isCancelled {
            do {
                try await tell(address)
                pause = Self.interval
            } catch is CancellationError {
                return
            } catch {
                if pause == Self.interval {
                    logger.warning(
                        "A webhook takes nothing; it is tried again",
                        metadata: ["error": "\(error)"]
                    )
                }
                pause = min(pause * 2, Self.longestPause)
            }
            try? await Task.sleep(for: pause)
        }
    }

    /// Tells an address everything that it has not heard.
    private func tell(_ address: String) async throws {
        while true {
            let (changes, last) = try await unheard(by: address)
            for change in changes {
                try await post(address, change.document)
                try await remember(change.number, of: address)
            }
            guard let last else { return }
            try await remember(last, of: address)
        }
    }

    /// The next changes, and the number that is done with once they are told; `nil` if there is nothing new.
    private func unheard(by address: String) async throws -> ([StateChange], last: Int?) {
        guard let heard = try database.read({ try $0.fact(Self.fact(address), as: Int.self) }) else {
            let newest = try database.read { try $0.newestEvent() }
            try await remember(newest, of: address)
            return ([], nil)
        }
        return try database.read { transaction in
            let events = try transaction.events(after: heard, limit: Self.most)
            let changes = try events.compactMap { number, event in
                try StateChange(number: number, event: event, in: transaction)
            }
            return (changes, events.last?.number)
        }
    }

    private func remember(_ number: Int, of address: String) async throws {
        try await database.write { try $0.setFact(Self.fact(address), to: number) }
    }

    private static func fact(_ address: String) -> String { "webhook \(address)" }
}
