import AWSWire
package import AgentProtocol
package import Engines
import Foundation
package import Logging
import Resources
import ServiceLifecycle
package import Store

/// Lets visitors in to what is left of failed instances, and clears it away when its time is over, when somebody says so,
/// or when the disk is short of room.
package actor KeptInstances: Service {
    private let database: StateDatabase
    private let engine: any Engine
    private let hasDisk: @Sendable () -> Bool
    private let now: @Sendable () -> Double
    private let logger: Logger

    private static let interval = Duration.seconds(1)

    /// - Parameters:
    ///   - database: Where they are on the books.
    ///   - engine: Has their files.
    ///   - hasDisk: Whether the disk has its reserve.
    ///   - now: Seconds since the epoch.
    ///   - logger: Told what could not be cleared.
    package init(
        database: StateDatabase,
        engine: any Engine,
        hasDisk: @escaping @Sendable () -> Bool,
        now: @escaping @Sendable () -> Double = WallClock.now,
        logger: Logger
    ) {
        self.database = database
        self.engine = engine
        self.hasDisk = hasDisk
        self.now = now
        self.logger = logger
    }

    package func run() async throws {
        // Its end is cancelled sleep, which is no failure.
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.sweep()
                try await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Clears away those whose time is over; where the disk is short, those of the job that would go next too.
    package func sweep() async {
        do {
            let all = try database.read { try $0.keptInstances() }
            guard let first = all.first else { return }
            let over = all.filter { $0.until <= now() }
            if over.isEmpty, !hasDisk() {
                logger.notice(
                    "The disk is short of room: what was left of \(first.name) goes before its time."
                )
                try await clear(all.filter { $0.owner == first.owner })
            } else {
                try await clear(over)
            }
        } catch {
            logger.error("What was left of failed instances is not cleared yet: \(error)")
        }
    }

    /// Clears all of them away.
    package func discardAll() async throws {
        try await clear(database.read { try $0.keptInstances() })
    }

    /// The files first: what is on the books is tried again.
    private func clear(_ kept: [KeptInstance]) async throws {
        guard !kept.isEmpty else { return }
        for instance in kept { try await engine.release(instance.handle) }
        let ids = Set(kept.map(\.id))
        try await database.write { try $0.removeKept(ids) }
    }

    // MARK: Asked by visitors

    /// What a visitor needs to enter an instance.
    ///
    /// - Throws: `ServiceError` if nothing of that name is kept, or several things are.
    package func enter(_ wanted: VisitRequest) throws -> Visit {
        let all = try find(wanted)
        let hosts = all.map(\.assignment.host)
        guard let kept = all.first(where: { wanted.host == nil || $0.assignment.host == wanted.host }) else {
            throw ServiceError.validation(
                "\(wanted.name) had no instance '\(wanted.host ?? "")': it had \(hosts.joined(separator: ", "))."
            )
        }
        return Visit(
            name: kept.name,
            directory: kept.handle.directory,
            until: kept.until,
            assignment: kept.assignment,
            hosts: hosts
        )
    }

    /// Clears away what is left of a job or an endpoint before its time.
    ///
    /// - Returns: How many instances that were.
    /// - Throws: `ServiceError` if nothing of that name is kept, or several things are.
    package func discard(_ wanted: VisitRequest) async throws -> Int {
        let all = try find(wanted)
        try await clear(all)
        return all.count
    }

    /// The instances of one failure, in the order of their hosts.
    private func find(_ wanted: VisitRequest) throws -> [KeptInstance] {
        let moment = now()
        let found = try database.read { try $0.keptInstances() }.filter { kept in
            kept.name == wanted.name && kept.until > moment
                && (wanted.region == nil || "\(kept.scope.region)" == wanted.region)
                && (wanted.isOfEndpoint == nil || kept.isOfEndpoint == wanted.isOfEndpoint)
        }
        let owners = Set(found.map(\.owner))
        guard owners.count <= 1 else {
            throw ServiceError.validation(
                "\(wanted.name) may be \(owners.sorted().joined(separator: " or ")). Say which with --job or "
                    + "--endpoint, and --region."
            )
        }
        // An endpoint may have failed several times.
        guard let latest = found.map(\.until).max() else {
            throw ServiceError(
                "ResourceNotFound",
                """
                Nothing is kept of '\(wanted.name)'. `clary status` lists what is; `clary serve --keep-failed` keeps \
                what fails from then on.
                """
            )
        }
        return found.filter { $0.until == latest }.sorted { $0.assignment.host < $1.assignment.host }
    }
}

/// Whom `clary shell` wants to visit.
package struct VisitRequest: Codable, Sendable {
    /// Of a job or an endpoint.
    package let name: String
    /// Only in this region; `nil` for any.
    package let region: String?
    /// Which of the two it is; `nil` for either.
    package let isOfEndpoint: Bool?
    /// Such as `algo-2`; the first one if nothing is said.
    package let host: String?

    package init(name: String, region: String? = nil, isOfEndpoint: Bool? = nil, host: String? = nil) {
        self.name = name
        self.region = region
        self.isOfEndpoint = isOfEndpoint
        self.host = host
    }
}

/// What a visitor needs.
package struct Visit: Codable, Sendable {
    package let name: String
    /// The instance's, on the server's machine.
    package let directory: String
    /// Seconds since the epoch.
    package let until: Double
    package let assignment: Assignment
    /// All instances that were kept of it.
    package let hosts: [String]
}
