import CLinux
import Glibc
import HTTPServing
import NIOCore
import NIOPosix
import Router
import Synchronization

/// An instance: a connector that hands out sockets connected to an HTTP server in this process.
final class FakeInstance: Sendable {
    let routed: RoutedTarget
    private let listener: CInt
    /// Port of the container, 0 while nothing listens.
    private let container = Atomic(0)
    private let handedOut = Atomic(0)

    init(_ name: String) throws {
        let path = "/tmp/clary-router-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
        routed = RoutedTarget(instance: name, connector: path)
        listener = clx_unix_listen(path, CInt(SOCK_SEQPACKET.rawValue), 64)
        guard listener >= 0 else { throw IOError(errnoCode: -listener, reason: "listen at \(path)") }
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        thread.submit { [self] _ in handOut() }
    }

    /// How often a connection was asked for.
    var connections: Int { handedOut.load(ordering: .relaxed) }

    /// The container begins to listen.
    func open(_ address: BoundAddress) { container.store(address.port ?? 0, ordering: .relaxed) }

    /// Nothing listens any more.
    func close() { container.store(0, ordering: .relaxed) }

    /// Ends the connector.
    func end() {
        shutdown(listener, CInt(SHUT_RDWR))
        unlink(routed.connector)
    }

    private func handOut() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            handedOut.add(1, ordering: .relaxed)
            answer(client)
            Glibc.close(client)
        }
    }

    private func answer(_ client: CInt) {
        var port: UInt16 = 0
        var none: CInt = 0
        guard clx_receive(client, &port, 2, nil, &none) == 2 else { return }
        var status: Int32 = -ECONNREFUSED
        let connected = connectToContainer()
        if connected >= 0 {
            status = 0
            _ = withUnsafePointer(to: connected) { clx_send(client, &status, 4, $0, 1) }
            Glibc.close(connected)
        } else {
            _ = clx_send(client, &status, 4, nil, 0)
        }
    }

    private func connectToContainer() -> CInt {
        let port = container.load(ordering: .relaxed)
        guard port > 0 else { return -1 }
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0 ? descriptor : -1
    }
}
