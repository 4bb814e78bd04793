import AgentProtocol
import Foundation
import Logging
import NIOPosix
import Proxy
import ServiceLifecycle

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
        let upstream = ProcessInfo.processInfo.environment["HTTPS_PROXY"]
        let proxy = try await ProxyServer.bind(
            .init(
                dataDirectory: options.dataDirectory,
                claryPort: port,
                upstream: upstream,
                socket: "\(gateway)/\(ContainerGateway.proxySocketName)"
            ),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
        try ClientEnvironment.writeBundle(
            to: "\(gateway)/\(ContainerGateway.certificatesName)",
            dataDirectory: options.dataDirectory
        )
        announcement.proxyIsOpen(proxy.port)
        try await proxy.run()
    }
}
