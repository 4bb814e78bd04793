package import Logging
package import NIOCore
import NIOPosix
import ServiceLifecycle

/// The HTTPS proxy: listens on a loopback port and on a unix socket until it is told to stop.
///
/// Start it with `bind`, which is done when the port is known, then run it among the server's services.
package struct ProxyServer: Service {
    /// Where to listen and whom to stand in for.
    package struct Configuration: Sendable {
        /// Holds `proxy/`: settings, authority, upstream.
        package let dataDirectory: String
        /// Clary's own port on 127.0.0.1, which the requests for AWS hosts go to.
        package let claryPort: Int
        /// Clary's unix socket, where its port does not speak plain HTTP on 127.0.0.1; used in the port's place.
        package var clarySocket: String?
        /// Proxy for other hosts, such as `http://user:password@proxy:3128`, if `clary env` recorded none.
        package let upstream: String?
        /// Unix socket for those who need no token, because only they can reach it; `nil` for none.
        package let socket: String?
        /// Listening sockets that a former server left, for the port and for `socket`.
        package var inherited: (port: Int32?, socket: Int32?) = (nil, nil)
        /// Called with the descriptors of the sockets that it listens on.
        package var onListening: @Sendable (_ port: Int32?, _ socket: Int32?) -> Void = { _, _ in }

        package init(dataDirectory: String, claryPort: Int, upstream: String?, socket: String? = nil) {
            self.dataDirectory = dataDirectory
            self.claryPort = claryPort
            self.upstream = upstream
            self.socket = socket
        }
    }

    /// Port on 127.0.0.1.
    package let port: Int

    private let listener: Listener
    private let socketListener: Listener?
    private let context: ProxyContext

    /// Accepted connections arrive as channels that do not read yet, so that one which is never taken is simply
    /// dropped.
    private typealias Listener = NIOAsyncChannel<any Channel, Never>

    /// Connections at the same time; the rest wait in the kernel's queue.
    private static let connectionLimit = 512

    /// Listens on the port of the last time, or on a free one if that is taken or was never chosen.
    ///
    /// - Throws: An error that names the file if one in the data directory cannot be used.
    package static func bind(
        _ configuration: Configuration,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger
    ) async throws -> ProxyServer {
        let folder = ProxySettings.folder(dataDirectory: configuration.dataDirectory)
        let kept = try ProxySettings.load(dataDirectory: configuration.dataDirectory)
        var settings = kept ?? .fresh()
        let authority = try CertificateAuthority.open(folder: folder)

        let listener: Listener
        do {
            listener = try await listen(
                port: settings.port,
                inherited: configuration.inherited.port,
                group: eventLoopGroup
            )
        } catch  where settings.port != 0 {
            logger.warning(
                "The proxy's port is taken; shells must evaluate `clary env` again",
                metadata: ["port": "\(settings.port)", "error": "\(error)"]
            )
            listener = try await listen(port: 0, inherited: nil, group: eventLoopGroup)
        }
        settings.port = listener.channel.localAddress?.port ?? 0
        if settings != kept { try settings.save(dataDirectory: configuration.dataDirectory) }
        let socketListener = try await listen(
            socket: configuration.socket,
            inherited: configuration.inherited.socket,
            group: eventLoopGroup
        )
        configuration.onListening(
            try await descriptor(of: listener),
            try await descriptor(of: socketListener)
        )
        return ProxyServer(
            port: settings.port,
            listener: listener,
            socketListener: socketListener,
            context: ProxyContext(
                configuration: configuration,
                settings: settings,
                authority: authority,
                eventLoopGroup: eventLoopGroup,
                logger: logger
            )
        )
    }

    private static func listen(
        port: Int,
        inherited: Int32?,
        group: any EventLoopGroup
    ) async throws -> Listener {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
        if let inherited {
            return try await bootstrap.bind(inherited) { $0.eventLoop.makeSucceededFuture($0) }
        }
        return
            try await bootstrap
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { $0.eventLoop.makeSucceededFuture($0) }
    }

    private static func listen(
        socket: String?,
        inherited: Int32?,
        group: any EventLoopGroup
    ) async throws -> Listener? {
        guard let socket else { return nil }
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .childChannelOption(.autoRead, value: false)
        if let inherited {
            return try await bootstrap.bind(inherited) { $0.eventLoop.makeSucceededFuture($0) }
        }
        return
            try await bootstrap
            .bind(unixDomainSocketPath: socket, cleanupExistingSocketFile: true) {
                $0.eventLoop.makeSucceededFuture($0)
            }
    }

    private static func descriptor(of listener: Listener?) async throws -> Int32? {
        guard let channel = listener?.channel else { return nil }
        return try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable { (handle: Int32) in handle }
        }.get()
    }

    /// Serves until graceful shutdown; then passed-on tunnels end, and those to Clary when Clary ends them.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(listener, admission: .token) }
            if let socketListener {
                group.addTask { try await serve(socketListener, admission: .everyone) }
            }
            try await group.waitForAll()
        }
    }

    private func serve(_ listener: Listener, admission: ProxyConnection.Admission) async throws {
        try await listener.executeThenClose { connections in
            await withDiscardingTaskGroup { group in
                let slots = ConnectionSlots(limit: ProxyServer.connectionLimit)
                do {
                    for try await connection in connections.cancelOnGracefulShutdown() {
                        await slots.take()
                        group.addTask {
                            await ProxyConnection(channel: connection, context: context, admission: admission)
                                .serve()
                            await slots.give()
                        }
                    }
                } catch {
                    context.logger.error("The proxy stopped accepting", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}

/// What all connections of a proxy share.
struct ProxyContext: Sendable {
    let configuration: ProxyServer.Configuration
    let settings: ProxySettings
    let authority: CertificateAuthority
    let eventLoopGroup: any EventLoopGroup
    let logger: Logger
}

/// Counts connections, so that a flood of them waits instead of taking memory.
private actor ConnectionSlots {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(limit: Int) { free = limit }

    func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
