import AgentProtocol
import Engines
import Foundation
package import Logging
import Resources
import ServiceLifecycle
package import Store
import Synchronization

/// Ends every job and endpoint when it is asked to, and then the server.
///
/// Jobs end as by `StopTrainingJob`: their containers are told, have their two minutes, and leave their artifacts.
/// Endpoints are deleted. Models, configurations, logs and data stay. When its `run` returns, the server may stop.
package final class Shutdown: Service {
    private let database: StateDatabase
    private let training: TrainingSupervisor
    private let hosting: EndpointSupervisor
    private let kept: KeptInstances
    private let isIdle: @Sendable () async -> Bool
    private let logger: Logger
    private let requests = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let asked = Mutex(false)

    /// - Parameters:
    ///   - database: Where jobs and endpoints are.
    ///   - training: Ends jobs.
    ///   - hosting: Ends endpoints.
    ///   - kept: What is left of failed instances.
    ///   - logger: Where what fails is noted.
    ///   - isIdle: Whether no instance is running or about to run, on the books or not.
    package init(
        database: StateDatabase,
        training: TrainingSupervisor,
        hosting: EndpointSupervisor,
        kept: KeptInstances,
        logger: Logger,
        isIdle: @escaping @Sendable () async -> Bool
    ) {
        self.database = database
        self.training = training
        self.hosting = hosting
        self.kept = kept
        self.logger = logger
        self.isIdle = isIdle
    }

    /// Begins; asking again changes nothing.
    package func begin() {
        asked.withLock { $0 = true }
        requests.continuation.yield()
    }

    /// Whether it was asked.
    package var isUnderWay: Bool { asked.withLock(\.self) }

    package func run() async throws {
        for await _ in requests.stream.cancelOnGracefulShutdown() {
            // A signal that comes meanwhile stops the server at once; what is not ended yet goes on.
            do {
                try await cancelWhenGracefulShutdown { try await self.endEverything() }
            } catch is CancellationError {
                return
            }
            return
        }
    }

    private func endEverything() async throws {
        var told: Set<String> = []
        var directories: Set<String> = []
        var patience = Self.clearing
        while true {
            let state = try database.read { transaction in
                (
                    jobs: try transaction.resources(
                        TrainingJobRecord.self,
                        withStatus: ["InProgress", "Stopping"]
                    ),
                    endpoints: try transaction.newest(EndpointRecord.self, limit: .max),
                    directories: try transaction.instances(InstanceRecord.self).compactMap(
                        \.handle?.directory
                    )
                )
            }
            directories.formUnion(state.directories)
            for job in state.jobs where told.insert(job.arn).inserted { await end(job) }
            for endpoint in state.endpoints where told.insert(endpoint.arn).inserted { await end(endpoint) }
            if state.jobs.isEmpty, state.endpoints.isEmpty {
                await discardKept()
                directories = directories.filter { FileManager.default.fileExists(atPath: $0) }
                // One that was being started when its endpoint went is on no book any more.
                let isClear = await isIdle() && directories.isEmpty
                if isClear || patience <= .zero { return }
                patience -= Self.interval
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    private func discardKept() async {
        do {
            try await kept.discardAll()
        } catch {
            logger.error("What was left of failed instances is not cleared: \(error)")
        }
    }

    private func end(_ job: TrainingJobRecord) async {
        do {
            try await training.stop(.init(scope: job.scope, name: job.name))
        } catch {
            logger.error("The job \(job.name) was not told to stop: \(error)")
        }
    }

    private func end(_ endpoint: EndpointRecord) async {
        guard endpoint.state != .deleting else { return }
        do {
            try await hosting.abandon(
                .init(scope: endpoint.scope, name: endpoint.name),
                reason: "The server was shut down."
            )
        } catch {
            logger.error("The endpoint \(endpoint.name) was not deleted: \(error)")
        }
    }

    private static let interval = Duration.milliseconds(50)
    /// How long the directories of ended instances are waited for.
    private static let clearing = Duration.seconds(15)
}
