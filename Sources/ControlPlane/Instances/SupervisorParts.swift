import AgentProtocol
package import Engines
package import Logging
import Resources
package import Store

/// What the supervisors of jobs and endpoints work with.
package struct SupervisorParts: Sendable {
    let database: StateDatabase
    let data: DataCatalogue
    let listings: ChannelListings
    let openDirectories: OpenDirectories
    let engine: any Engine
    let placement: PlacementQueue
    let registry: InstanceRegistry
    let telemetry: any TelemetrySink
    let issuer: any CredentialIssuer
    let platform: PlatformFacts
    let images: ImagePreparation
    let work: BackgroundWork
    /// Seconds that what is left of a failed instance is kept; `nil` for not at all.
    let keepsFailedFor: Double?
    let logger: Logger

    package init(
        database: StateDatabase,
        data: DataCatalogue,
        listings: ChannelListings,
        openDirectories: OpenDirectories = OpenDirectories(),
        engine: any Engine,
        placement: PlacementQueue,
        registry: InstanceRegistry,
        telemetry: any TelemetrySink,
        issuer: any CredentialIssuer,
        platform: PlatformFacts,
        images: ImagePreparation,
        work: BackgroundWork,
        keepsFailedFor: Double? = nil,
        logger: Logger
    ) {
        self.database = database
        self.data = data
        self.listings = listings
        self.openDirectories = openDirectories
        self.engine = engine
        self.placement = placement
        self.registry = registry
        self.telemetry = telemetry
        self.issuer = issuer
        self.platform = platform
        self.images = images
        self.work = work
        self.keepsFailedFor = keepsFailedFor
        self.logger = logger
    }

    /// Writes a line into the logs of instances that have no agents to do it.
    ///
    /// - Parameters:
    ///   - text: The line without its mark.
    ///   - instances: Whose logs.
    ///   - time: Seconds since the epoch.
    func note(_ text: String, in instances: [InstanceRecord], at time: Double) async {
        let line = LogLine(timestampMS: Int(time * 1000), text: "[clary] \(text)")
        for instance in instances {
            do {
                try await telemetry.append(.init(sequence: 0, lines: [line], samples: []), from: instance)
            } catch {
                logger.warning("The log of \(instance.id) lacks '\(text)': \(error)")
            }
        }
    }

    /// Ends what may still run of an instance and frees what it held of the machine; its files stay.
    func keep(_ handle: InstanceHandle) async {
        do {
            try await engine.keep(handle)
        } catch {
            logger.warning("The instance \(handle.instance) was not ended: \(error)")
        }
    }

    /// Ends an instance by force if it still runs, and frees what it held.
    func discard(_ handle: InstanceHandle) async {
        do {
            try await engine.kill(handle)
            try await engine.release(handle)
        } catch {
            logger.warning("The instance \(handle.instance) was not cleared: \(error)")
        }
    }
}
