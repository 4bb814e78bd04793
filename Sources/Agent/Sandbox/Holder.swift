import AgentProtocol
import CLinux
import Glibc

/// The holder of one job's namespaces: user, network with a bridge, and mount.
///
/// Agents connect, are given the user namespace, and ask for a sandbox each; closing the connection ends that sandbox. The holder ends when every
/// instance has come and gone, and with it whatever still runs inside.
struct Holder {
    private let listener: Int32
    private let signals: Int32
    /// The user that the job is outside, and its namespace.
    private let user: uid_t
    private let userNamespace: Int32
    /// `nil` for a fleet without a way out.
    private let uplink: Uplink?
    /// Agents that have not come yet.
    private var awaited: Int
    private var clients: [Client] = []
    /// Makes the names of links unique: an old one may still be vanishing when the next appears.
    private var launches = 0

    /// How long agents that never came are waited for once nobody is connected.
    private static let patienceMS: Int32 = 60_000
    private static let bridge = "br0"

    private struct Client {
        let socket: Int32
        /// Process id of bubblewrap, while it runs.
        var sandbox: Int32?
    }

    /// Enters the namespaces and listens, so that every refusal reaches the caller; then goes to the background.
    ///
    /// - Parameters:
    ///   - socket: Where to listen.
    ///   - fleet: The socket of the fleet whose user the sandboxes are; `socket` for a fleet of their own.
    ///   - instances: How many will come.
    ///   - network: What they may reach.
    ///   - log: File for what there is to say.
    /// - Returns: Exit code.
    static func start(
        socket: String,
        fleet: String,
        instances: Int,
        network: NetworkAccess,
        log: String
    ) -> Int32 {
        clx_close_from(3)
        do {
            // The user of the job may not open anything of the platform's: what is needed is opened before.
            let listener = try check(
                clx_unix_listen(socket, Int32(SOCK_SEQPACKET.rawValue), 128),
                "listen at \(socket)"
            )
            let output = try SandboxCommands.openLog(log)
            let user = JobUser.choose(for: fleet)
            var uplink = network == .open ? try Uplink.prepare(log: output) : nil
            try check(
                clx_enter_job_namespaces(user),
                "enter user, network and mount namespaces (see `clary doctor`)"
            )
            try check(clx_link_up("lo"), "bring the loopback interface up")
            try check(clx_bridge_add(bridge), "add a bridge")
            do {
                try uplink?.start(bridge: bridge)
            } catch {
                SandboxCommands.say("There is no way out of this fleet: \(error)", to: output)
                uplink = nil
            }
            if let parentCode = SandboxCommands.goToBackground(output: output) { return parentCode }
            let signals = try check(clx_signal_descriptor([SIGCHLD, SIGTERM, 0]), "watch signals")
            let userNamespace = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC)
            guard userNamespace >= 0 else { throw SystemError("open the user namespace", code: errno) }
            var holder = Holder(
                listener: listener,
                signals: signals,
                user: user,
                userNamespace: userNamespace,
                uplink: uplink,
                awaited: instances
            )
            holder.serve()
            return 0
        } catch {
            SandboxCommands.say("\(error)", to: 2)
            return 1
        }
    }

    private mutating func serve() {
        while awaited > 0 || !clients.isEmpty {
            var entries = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
            entries.append(pollfd(fd: signals, events: Int16(POLLIN), revents: 0))
            entries += clients.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
            let ready = poll(&entries, nfds_t(entries.count), clients.isEmpty ? Self.patienceMS : -1)
            if ready == 0 { return }
            guard ready > 0 else { continue }
            // Backwards, because serving a client may remove it.
            for position in clients.indices.reversed() where entries[position + 2].revents != 0 {
                serveClient(at: position)
            }
            if entries[1].revents != 0, clx_next_signal(signals) == SIGTERM { return }
            reap()
            if entries[0].revents != 0 { accept() }
        }
    }

    private mutating func accept() {
        let socket = clx_accept(listener)
        guard socket >= 0 else { return }
        let greeting = Records.encode([[String(user), uplink == nil ? "closed" : "open"]])
        _ = clx_send(socket, greeting, greeting.count, [userNamespace], 1)
        awaited = max(0, awaited - 1)
        clients.append(Client(socket: socket, sandbox: nil))
    }

    private mutating func reap() {
        var status: Int32 = 0
        while true {
            let pid = clx_wait(-1, &status, WNOHANG)
            guard pid > 0 else { return }
            for position in clients.indices where clients[position].sandbox == pid {
                clients[position].sandbox = nil
            }
        }
    }

    private mutating func serveClient(at position: Int) {
        var fds = [Int32](repeating: -1, count: LaunchRequest.mostDescriptors)
        var count = Int32(fds.count)
        var greeting: UInt8 = 0
        let length = clx_receive(clients[position].socket, &greeting, 1, &fds, &count)
        defer { for fd in fds.prefix(Int(count)) { close(fd) } }
        guard length > 0, Int(count) >= LaunchRequest.Attachment.allCases.count else {
            endClient(at: position)
            return
        }
        endSandbox(at: position)
        let reply: [String]
        do {
            launches += 1
            let pid = try launch(
                LaunchRequest(readToEnd(fds[0])),
                descriptors: Array(fds.prefix(Int(count))),
                number: launches
            )
            clients[position].sandbox = pid
            reply = ["ok"]
        } catch let failure as LaunchFailure {
            reply = [failure.stage.rawValue, failure.text]
        } catch {
            reply = [LaunchFailure.Stage.sandbox.rawValue, "\(error)"]
        }
        let bytes = Records.encode([reply])
        _ = clx_send(clients[position].socket, bytes, bytes.count, nil, 0)
    }

    private mutating func endClient(at position: Int) {
        endSandbox(at: position)
        close(clients[position].socket)
        clients.remove(at: position)
    }

    private mutating func endSandbox(at position: Int) {
        guard let pid = clients[position].sandbox else { return }
        kill(pid, SIGKILL)
        var status: Int32 = 0
        _ = clx_wait(pid, &status, 0)
        clients[position].sandbox = nil
    }

    /// Forks the process that becomes bubblewrap and gives it its network.
    private func launch(_ request: LaunchRequest, descriptors: [Int32], number: Int) throws -> Int32 {
        var line: [Int32] = [-1, -1]
        try check(clx_socket_pair(&line), "make a socket pair")
        let mine = Descriptor(owning: line[0])
        let theirs = Descriptor(owning: line[1])
        let pid = try check(clx_fork(), "fork")
        if pid == 0 {
            InstanceLauncher(
                request: request,
                descriptors: descriptors,
                line: theirs.number,
                unreachable: uplink?.machine
            ).run()
        }
        close(theirs.release())
        do {
            // The child says one byte once it is in its namespaces, hears one once its link is there, and then either
            // closes the line by its exec or says what went wrong.
            if let failure = receive(mine.number), failure != [Self.inNamespaces] {
                throw LaunchFailure(failure.first ?? [])
            }
            try check(
                clx_veth_add("v\(number)", "eth0", pid, Self.bridge, InstanceAddress.hardware(request.index)),
                "add a network interface"
            )
            let go: [UInt8] = [1]
            try check(clx_send(mine.number, go, 1, nil, 0), "reach the sandbox")
            if let failure = receive(mine.number) { throw LaunchFailure(failure.first ?? []) }
            return pid
        } catch {
            kill(pid, SIGKILL)
            var status: Int32 = 0
            _ = clx_wait(pid, &status, 0)
            throw error
        }
    }

    static let inNamespaces = ["ready"]

    /// The next message, `nil` at the end.
    private func receive(_ socket: Int32) -> [[String]]? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let length = clx_receive(socket, &bytes, bytes.count, nil, nil)
        guard length > 0 else { return nil }
        return try? Records.decode(Array(bytes.prefix(Int(length))))
    }
}

/// Why a sandbox could not be started.
struct LaunchFailure: Error, CustomStringConvertible {
    let stage: Stage
    let text: String

    /// What the agent can do about it depends on where it happened.
    enum Stage: String {
        /// Overlays are refused here: copies will do.
        case overlay
        case network
        case sandbox
    }

    init(stage: Stage, text: String) {
        self.stage = stage
        self.text = text
    }

    /// From a message of the launcher or of the holder.
    init(_ record: [String]) {
        stage = record.first.flatMap { Stage(rawValue: $0) } ?? .sandbox
        text = record.count > 1 ? record[1] : "The sandbox ended before it began."
    }

    var description: String { text }
}
