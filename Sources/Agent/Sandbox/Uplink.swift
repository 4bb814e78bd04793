import CLinux
import Glibc

/// The way out of a fleet with an open network: slirp4netns, a TCP/IP stack in a process, as one more member of the
/// fleet's bridge.
///
/// It has to be forked where the outside is still in reach, and can only be started once the namespaces are there. It
/// ends when the holder does.
package struct Uplink {
    private let go: Int32
    private let ready: Int32
    /// Its end tells the helper that the holder has ended.
    private let life: Int32
    /// Addresses of this machine, which nothing inside may reach: behind them are services that trust their neighbours.
    let machine: [UInt32]

    private static let interface = "uplink"
    private static let patienceMS: Int32 = 3000
    private static let directories = ["/usr/bin", "/usr/local/bin", "/bin"]

    /// `nil` where there is no slirp4netns.
    package static var program: String? {
        directories.map { $0 + "/slirp4netns" }.first { access($0, X_OK) == 0 }
    }

    /// Forks the helper, which waits; `nil` where there is none.
    ///
    /// - Throws: `SystemError` if this machine has no more processes or descriptors.
    static func prepare(log: Int32) throws(SystemError) -> Uplink? {
        guard let program else { return nil }
        var pipes = [[Int32]](repeating: [-1, -1], count: 3)
        for number in pipes.indices { try check(clx_pipe(&pipes[number], 4096), "make a pipe") }
        let (go, ready, life) = (pipes[0], pipes[1], pipes[2])
        var addresses = [UInt32](repeating: 0, count: 256)
        let count = try check(clx_own_addresses(&addresses, Int32(addresses.count)), "list network addresses")
        let holder = getpid()
        if try check(clx_fork(), "fork") == 0 {
            for end in [go[1], ready[0], life[1]] { close(end) }
            wait(go[0])
            become(program, of: holder, ready: ready[1], life: life[0], log: log)
        }
        for end in [go[0], ready[1], life[0]] { close(end) }
        return Uplink(go: go[1], ready: ready[0], life: life[1], machine: Array(addresses.prefix(Int(count))))
    }

    /// Lets the helper in and adds it to the bridge.
    ///
    /// - Throws: `SystemError` if it does not come; the fleet has no way out then.
    func start(bridge: String) throws(SystemError) {
        var byte: UInt8 = 0
        guard write(go, &byte, 1) == 1, clx_wait_readable(ready, Self.patienceMS) > 0,
            read(ready, &byte, 1) == 1
        else { throw SystemError("start slirp4netns", code: ETIMEDOUT) }
        close(go)
        close(ready)
        try check(clx_link_join(Self.interface, bridge), "add the way out to the bridge")
    }

    /// Ends this process unless it is told to go on.
    private static func wait(_ go: Int32) {
        var byte: UInt8 = 0
        if read(go, &byte, 1) != 1 { _exit(0) }
    }

    private static func become(
        _ program: String,
        of holder: pid_t,
        ready: Int32,
        life: Int32,
        log: Int32
    ) -> Never {
        clx_reset_signals()
        setsid()
        dup2(log, 1)
        dup2(log, 2)
        let words = [
            program, "--cidr", InstanceAddress.network, "--mtu", "65520", "--disable-host-loopback",
            "--enable-sandbox", "--enable-seccomp", "--ready-fd", "3", "--exit-fd", "4", String(holder),
            interface,
        ]
        var arguments = words.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        if clx_place([ready, life], 2, 3) >= 0 { execve(program, &arguments, &environment) }
        _exit(127)
    }
}
