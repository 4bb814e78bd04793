import CLinux
import Foundation
import Glibc

/// The sockets that outlive a worker.
enum KeptSocket: String, CaseIterable {
    /// The server's port.
    case server
    /// The HTTPS proxy's port.
    case proxy
    /// The unix socket that containers reach the server by.
    case gateway
    /// The unix socket that containers reach the proxy by.
    case gatewayProxy
}

/// A worker's side of the link to its keeper.
struct KeeperLink: Sendable {
    /// Names, in the order of the descriptors, the sockets that the keeper hands over; set even if there is none.
    static let variable = "CLARY_KEPT_SOCKETS"
    /// Descriptor of the link; the sockets follow it.
    static let descriptor: Int32 = 3
    /// What a worker says when clients can connect; the path of its record follows.
    static let ready = "ready "

    /// The link of this process; `nil` in one that no keeper started.
    ///
    /// Read it first before there is a second thread.
    static let current = KeeperLink()

    private let sockets: [KeptSocket: Int32]

    private init?() {
        guard let names = getenv(Self.variable).map({ String(cString: $0) }) else { return nil }
        unsetenv(Self.variable)
        var sockets: [KeptSocket: Int32] = [:]
        _ = fcntl(Self.descriptor, F_SETFD, FD_CLOEXEC)
        for (offset, name) in names.split(separator: ",").enumerated() {
            let socket = Self.descriptor + 1 + Int32(offset)
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            if let name = KeptSocket(rawValue: String(name)) { sockets[name] = socket } else { close(socket) }
        }
        self.sockets = sockets
    }

    /// A socket that the last worker left.
    func socket(_ name: KeptSocket) -> Int32? { sockets[name] }

    /// The address that a socket is bound to; `nil` for one that is not there or is none of the network.
    func host(of name: KeptSocket) -> String? {
        guard let socket = sockets[name] else { return nil }
        var (address, length) = (sockaddr_storage(), socklen_t(MemoryLayout<sockaddr_storage>.size))
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = withUnsafeMutablePointer(to: &address) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                getsockname(socket, address, &length) == 0 && address.pointee.sa_family != AF_UNIX
                    ? getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) : -1
            }
        }
        guard status == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Has the keeper keep a copy of a listening socket.
    func keep(_ socket: Int32, as name: KeptSocket) {
        // Whoever calls while there is no worker waits in this queue.
        listen(socket, Self.backlog)
        guard sockets[name] == nil else { return }
        let text = Array(name.rawValue.utf8)
        clx_send(Self.descriptor, text, text.count, [socket], 1)
    }

    /// The process that people start and end: the keeper, where there is one.
    static var serverProcess: Int32 { current == nil ? getpid() : getppid() }

    /// Tells the keeper that clients can connect, and which file it removes when the server ends.
    func isReady(record: String) {
        let text = Array((Self.ready + record).utf8)
        clx_send(Self.descriptor, text, text.count, nil, 0)
    }

    /// Ends this process gently when its keeper is gone: nobody would start it again, or end it.
    func followKeeper() {
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while case let length = clx_receive(Self.descriptor, &byte, 1, nil, nil), length > 0 {}
            kill(getpid(), SIGTERM)
        }
    }

    private static let backlog: Int32 = 1024
}
