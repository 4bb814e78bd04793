import Foundation
package import Logging
package import ObjectStore
import ServiceLifecycle

/// Reads all that is stored from time to time, slowly, and says what the disk gives back wrong.
package struct Scrubber: Service {
    private let store: ObjectStore
    private let logger: Logger
    /// How long a file is trusted after it was read.
    private let trust: Double

    /// A MiB at most in this time: 20 MB a second, so that a disk of 1 TB takes 14 hours and nobody notices.
    private static let pace = Duration.milliseconds(50)

    /// - Parameters:
    ///   - store: The objects.
    ///   - logger: Where damage is reported.
    ///   - trust: Seconds after which a file is read again.
    package init(store: ObjectStore, logger: Logger, trust: Double = 30 * 86_400) {
        self.store = store
        self.logger = logger
        self.trust = trust
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: .seconds(600))
                    _ = try await scrub(before: Date.now.addingTimeInterval(-trust)) {
                        try await Task.sleep(for: Self.pace)
                    }
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("The scrub of the object store failed: \(error)")
                }
            }
        }
    }

    /// What is known to be damaged now.
    package var knownDamage: [Damage] { store.knownDamage }

    /// Reads everything at once, as fast as the disk is.
    package func scrubNow() async throws -> ScrubReport { try await scrub(before: Date.now) {} }

    private func scrub(before moment: Date, pause: () async throws -> Void) async throws -> ScrubReport {
        var whole = ScrubReport()
        while true {
            let report = try await store.scrub(before: moment, limit: 200, pause: pause)
            whole.files += report.files
            whole.bytes += report.bytes
            whole.adopted += report.adopted
            whole.absentDirectories = report.absentDirectories
            whole.damaged += report.damaged
            guard report.files == 200 else { return whole }
        }
    }
}
