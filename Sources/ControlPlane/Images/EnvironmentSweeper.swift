package import Environments
package import Foundation
package import Logging
import ServiceLifecycle

/// Owns what the store of environments does by itself: ends builds with the server, and deletes what those of a killed
/// one left.
///
/// Removes environments, and packages that jobs have installed, which nobody has used for a month: the next job that
/// needs them makes them again.
package struct EnvironmentSweeper: Service {
    private let environments: EnvironmentStore
    private let images: ImagesAPI
    private let packages: String
    private let logger: Logger

    private static let interval = Duration.seconds(6 * 3600)
    private static let age = 30.0 * 86_400

    /// - Parameters:
    ///   - environments: What is swept.
    ///   - images: Knows what is in use.
    ///   - packages: Directory of what jobs have installed.
    ///   - logger: Hears of what goes.
    package init(environments: EnvironmentStore, images: ImagesAPI, packages: String, logger: Logger) {
        self.environments = environments
        self.images = images
        self.packages = packages
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await sweep(before: Date.now.addingTimeInterval(-Self.age))
                try? await Task.sleep(for: Self.interval)  // A cancelled sleep ends the loop.
            }
        }
        // Builds have no other owner.
        await environments.close()
    }

    /// Removes what was last used before a moment, what builds left that were killed, and the marks of uses that are
    /// over.
    package func sweep(before moment: Date) async {
        do { try await environments.clear() } catch {
            logger.warning("What former builds left stays: \(error)")
        }
        do {
            let used = try images.inUse()
            for listing in await environments.list() where listing.used < moment && used[listing.id] == nil {
                await remove(listing.id)
            }
        } catch {
            logger.warning("Unused environments stay: \(error)")
        }
        let shelves = PackageShelves(directory: packages)
        do { try await shelves.sweep(before: moment) } catch {
            logger.warning("Unused packages stay: \(error)")
        }
    }

    /// One that cannot be removed keeps no other.
    private func remove(_ id: String) async {
        do {
            if try await environments.remove(id) == .removed { logger.info("\(id) was not used; removed") }
        } catch is CancellationError {
            // The server ends: the next one sweeps.
        } catch {
            logger.warning("\(id) was not used and stays: \(error)")
        }
    }
}
