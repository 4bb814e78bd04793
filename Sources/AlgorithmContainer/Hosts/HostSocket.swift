import Glibc

/// A TCP connection between two hosts of a job, read and written by lines.
final class HostSocket: Sendable {
    let descriptor: Int32

    /// Takes an open descriptor over.
    init(owning descriptor: Int32) {
        self.descriptor = descriptor
        // A host that is gone without a word is noticed within half a minute.
        set(IPPROTO_TCP, TCP_NODELAY, 1)
        set(SOL_SOCKET, SO_KEEPALIVE, 1)
        set(IPPROTO_TCP, TCP_KEEPIDLE, 10)
        set(IPPROTO_TCP, TCP_KEEPINTVL, 5)
        set(IPPROTO_TCP, TCP_KEEPCNT, 4)
        set(IPPROTO_TCP, TCP_USER_TIMEOUT, 30_000)
    }

    deinit { close(descriptor) }

    private func set(_ level: Int, _ option: Int32, _ value: Int32) { set(Int32(level), option, value) }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends all bytes.
    ///
    /// - Returns: Whether the connection still stood.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// What has come, at least one byte.
    ///
    /// - Returns: nil once the connection has ended.
    func receive() -> [UInt8]? {
        var status = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { space, initialised in
            repeat {
                status = recv(descriptor, space.baseAddress, space.count, 0)
            } while status < 0 && errno == EINTR
            initialised = max(status, 0)
        }
        return status > 0 ? bytes : nil
    }

    /// Connects to a host.
    ///
    /// - Returns: nil if it cannot be resolved, or nobody listens there.
    static func connect(host: String, port: UInt16) -> HostSocket? {
        guard var address = resolve(host, port) else { return nil }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let status = withSocketAddress(&address) { Glibc.connect(descriptor, $0, $1) }
        guard status == 0 else {
            close(descriptor)
            return nil
        }
        return HostSocket(owning: descriptor)
    }

    /// Listens at a host's own address.
    ///
    /// - Throws: `TrainingFault` of the platform.
    static func listen(host: String, port: UInt16) throws(TrainingFault) -> HostSocket {
        guard var address = resolve(host, port) else {
            throw .platform("The host name \(host) cannot be resolved.")
        }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .platform("No socket can be made: \(reason())") }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard withSocketAddress(&address, { bind(descriptor, $0, $1) }) == 0,
            Glibc.listen(descriptor, 128) == 0
        else {
            let reason = reason()
            close(descriptor)
            throw .platform("\(host):\(port) cannot be listened at: \(reason)")
        }
        return HostSocket(owning: descriptor)
    }

    /// The next connection to a listening socket.
    func accept() -> HostSocket? {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return HostSocket(owning: accepted)
    }

    private static func resolve(_ host: String, _ port: UInt16) -> sockaddr_in? {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        return found.pointee.ai_addr?.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee }
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}

private func withSocketAddress(
    _ address: inout sockaddr_in,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}

/// Cuts what comes in pieces into lines.
package struct LineCutter {
    private var rest: [UInt8] = []

    package init() {}

    /// The lines that the bytes complete, without their ends.
    package mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        rest += bytes
        guard let last = rest.lastIndex(of: 0x0A) else { return [] }
        let lines = rest[..<last].split(separator: 0x0A).map(Array.init)
        rest.removeSubrange(...last)
        return lines
    }
}

/// A thread of its own, for work that waits in system calls: those of Swift's pool are as few as processors.
enum BackgroundThread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `body` on a new thread that nobody waits for.
    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Body(body))
        let status = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            box.toOpaque()
        )
        precondition(status == 0, "no thread can be started")
        pthread_detach(thread)
    }
}
