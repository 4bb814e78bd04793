package import Environments
package import Foundation
package import Logging
import ServiceLifecycle

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
    }

    /// Removes what was last used before a moment.
    package func sweep(before moment: Date) async {
        do {
            let used = try images.inUse()
            for listing in await environments.list() where listing.used < moment && used[listing.id] == nil {
                if try await environments.remove(listing.id) {
                    logger.info("\(listing.id) was not used; removed")
                }
            }
        } catch {
            logger.warning("Unused environments stay: \(error)")
        }
        for user in Self.entries(of: packages) { sweep(user: "\(packages)/\(user)", before: moment) }
    }

    /// Removes what jobs of one user have installed and not used; with the last of it goes what uv had fetched for it.
    private func sweep(user: String, before moment: Date) {
        let overlays = "\(user)/overlays"
        for entry in Self.entries(of: overlays) {
            let path = "\(overlays)/\(entry)"
            guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
                let used = facts[.modificationDate] as? Date, used < moment
            else { continue }
            // A job that runs in it has locked its mark (`training/requirements.py`).
            let mark = open("\(path)/complete", O_RDONLY | O_CLOEXEC)
            defer { if mark >= 0 { close(mark) } }
            guard mark < 0 || flock(mark, LOCK_EX | LOCK_NB) == 0 else { continue }
            remove(path)
        }
        if Self.entries(of: overlays).isEmpty { remove("\(user)/uv") }
    }

    private func remove(_ path: String) {
        guard access(path, F_OK) == 0 else { return }
        do {
            // Renamed first, so that no job finds half of it.
            let doomed = "\(path).partial"
            try FileManager.default.moveItem(atPath: path, toPath: doomed)
            try FileManager.default.removeItem(atPath: doomed)
        } catch {
            logger.warning("\(path) stays: \(error)")
        }
    }

    /// Names in a directory; none where it does not exist yet.
    private static func entries(of directory: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }
}
