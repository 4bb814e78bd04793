import AgentProtocol
import Foundation
import Logging
import NIOPosix
import Proxy
import ServiceLifecycle
import TeamAccess

/// Runs the HTTPS proxy once the server's own port is known.
struct ProxyHost: Service {
    let options: Platform.Options
    let announcement: ServerAnnouncement
    let logger: Logger

    func run() async throws {
        guard options.hasProxy else {
            announcement.proxyIsOpen(nil)
            try await gracefulShutdown()
            return
        }
        let port = await announcement.port()
        let gateway = "\(options.dataDirectory)/gateway"
        let environment = ProcessInfo.processInfo.environment
        let upstream = environment["HTTPS_PROXY"] ?? environment["https_proxy"]
        var configuration = ProxyServer.Configuration(
            dataDirectory: options.dataDirectory,
            claryPort: port,
            upstream: upstream,
            socket: "\(gateway)/\(ContainerGateway.proxySocketName)"
        )
        if !options.reach.answersPlainLoopback {
            configuration.clarySocket = "\(gateway)/\(ContainerGateway.socketName)"
        }
        if let link = KeeperLink.current {
            configuration.inherited = (link.socket(.proxy), link.socket(.gatewayProxy))
            configuration.onListening = { port, socket in
                if let port { link.keep(port, as: .proxy) }
                if let socket { link.keep(socket, as: .gatewayProxy) }
            }
        }
        let proxy = try await ProxyServer.bind(
            configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
        try ClientEnvironment.writeBundle(
            to: "\(gateway)/\(ContainerGateway.certificatesName)",
            of: [ClientEnvironment.authorityFile(dataDirectory: options.dataDirectory)]
        )
        announcement.proxyIsOpen(proxy.port)
        try await proxy.run()
    }
}
