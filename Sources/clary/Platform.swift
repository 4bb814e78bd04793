import Agent
import AgentProtocol
import AsyncHTTPClient
import ControlPlane
import Foundation
import Gateway
import HTTPServing
import Logging
import NIOCore
import ObjectStore
import Resources
import Router
import ServiceLifecycle
import TeamAccess
import UnixSignals

/// Wires the parts of the control plane together and runs them.
enum Platform {
    /// What `clary serve` was told.
    struct Options: Sendable {
        let dataDirectory: String
        let reach: ServerReach
        let port: Int
        let account: AccountID
        let hasProxy: Bool
        let webhooks: [String]
        /// Bytes of the disk that jobs and uploads leave free; `nil` for the usual share.
        let diskReserve: Int?
        /// How long instances go on without a server.
        let orphanTimeout: Duration
        /// Seconds that what is left of a failed instance is kept; `nil` for not at all.
        let keepsFailedFor: Double?
        /// Another S3 in the place of the embedded object store.
        let externalS3: ExternalS3Options.Target?
        /// Directories of this machine that jobs may read, or write.
        let openDirectories: OpenDirectories
        /// Other places for the objects of some buckets.
        let bucketDirectories: [BucketDirectory]
        /// Where Python environments are; `nil` for the data directory.
        let environmentDirectory: String?
        /// What makes containers; the socket is that of an engine.
        let runtime: ContainerRuntimes.Choice
        let engineSocket: String?
        /// Address of the registry behind the hosts of Amazon's.
        let registry: String?
    }

    /// Runs until a signal ends it.
    static func run(_ options: Options) async throws {
        let link = KeeperLink.current
        link?.followKeeper()
        if let host = link?.host(of: .server) { try options.reach.check(socketBoundTo: host) }
        let directory = try DataDirectory.take(options.dataDirectory)
        ControlGroupTree().prepare(processes: ExecutablePath.ownProcesses)
        let tls = try ServerTLS(options.reach, dataDirectory: options.dataDirectory)
        let announcement = ServerAnnouncement(options: options, tls: tls)
        let parts = try await PlatformParts(options, tls: tls, announcement: announcement)
        if let exports = ShellExports.putAway { parts.logger.notice("\(exports.notice)") }
        try await parts.recover()
        let router = parts.router
        var encryption: (@Sendable () throws -> any ChannelHandler)?
        if let tls { encryption = { try tls.handler() } }
        let tcp = HTTPServer(
            address: .tcp(host: options.reach.host, port: options.port),
            responder: parts.gateway,
            channelHandlers: { [router.makeHandler()] },
            encryption: encryption,
            inherited: link?.socket(.server),
            onListening: { link?.keep($0, as: .server) },
            onReady: { announcement.portIsOpen($0) },
            logger: parts.logger
        )
        let socketPath = "\(options.dataDirectory)/gateway/\(ContainerGateway.socketName)"
        let unix = HTTPServer(
            address: .unix(path: socketPath),
            responder: parts.gateway,
            channelHandlers: { [router.makeHandler()] },
            inherited: link?.socket(.gateway),
            onListening: { link?.keep($0, as: .gateway) },
            logger: parts.logger
        )
        var services: [any Service] = [
            unix, tcp, parts.work, parts.watch, parts.webhooks, parts.pruner, parts.kept, parts.lifecycle,
            parts.scrubber, parts.damage, parts.accessLogs, parts.sweeper,
        ]
        services.append(ProxyHost(options: options, announcement: announcement, logger: parts.logger))
        // It logs whole services: their descriptions fill pages.
        var lifecycle = parts.logger
        lifecycle.logLevel = max(lifecycle.logLevel, .warning)
        let group = ServiceGroup(
            configuration: .init(
                // Once it has ended everything, the rest may go.
                services: [
                    .init(service: parts.shutdown, successTerminationBehavior: .gracefullyShutdownGroup)
                ] + services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: lifecycle
            )
        )
        try await group.run()
        try await parts.outbound?.shutdown()
        try await parts.engineClient.shutdown()
        announcement.withdraw()
        _ = consume directory
    }
}
