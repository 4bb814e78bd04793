import AgentProtocol
import CLinux
import Glibc

/// Starts containers of one instance; the connection to the holder lives as long as this value.
final class Sandbox: ContainerRuntime {
    private let paths: InstancePaths
    private let holder: HolderConnection
    private let connector: Descriptor
    private let log: Descriptor

    /// How long a holder may need to listen: it is started at the same time as the agents.
    private static let holderPatience = Duration.seconds(30)

    /// A connection to the fleet's holder, as soon as it listens.
    ///
    /// - Throws: `SystemError` if it does not come to that; `CancellationError`.
    static func reachHolder(at socket: String) async throws -> HolderConnection {
        let deadline = ContinuousClock.now + holderPatience
        while true {
            let connection = clx_unix_connect(socket, Int32(SOCK_SEQPACKET.rawValue))
            guard [-ENOENT, -ECONNREFUSED].contains(connection), ContinuousClock.now < deadline else {
                return try HolderConnection(
                    owning: try check(connection, "reach the holder of namespaces at \(socket)")
                )
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Opens the connector's socket and the log.
    ///
    /// - Throws: `SystemError` if one of them cannot be opened.
    init(paths: InstancePaths, holder: HolderConnection) throws(SystemError) {
        self.paths = paths
        self.holder = holder
        connector = Descriptor(
            owning: try check(
                clx_unix_listen(paths.connector, Int32(SOCK_SEQPACKET.rawValue), 512),
                "listen at \(paths.connector)"
            )
        )
        let number = open(paths.sandboxLog, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw SystemError("write \(paths.sandboxLog)", code: errno) }
        log = Descriptor(owning: number)
    }

    /// Starts a container.
    ///
    /// - Throws: `LaunchFailure`, `SystemError`.
    func launch(_ plan: SandboxPlan) async throws -> RunningContainer {
        try await InstanceRun.onThread { [self] in try launchBlocking(plan) }
    }

    /// Blocks for the few milliseconds until bubblewrap runs.
    func launchBlocking(_ plan: SandboxPlan) throws -> RunningContainer {
        let stage = try SandboxStage(
            showing: [paths.root, plan.executable, plan.gatewayDirectory]
                + plan.overlays.map(\.lower).filter { !$0.hasPrefix(paths.root + "/") }
                + plan.container.mounts.map(\.source) + plan.volumes.map(\.open),
            to: holder.foreignNamespace
        )
        let mounts = plan.container.mounts.map { mount in
            let layer = plan.layers.first { mount.access == .layered && $0.lower == mount.source }
            return ContainerSpec.Mount(
                source: stage.seen(layer?.target ?? mount.source),
                target: mount.target,
                access: layer == nil ? mount.access : .writing
            )
        }
        let arguments = BubblewrapArguments(
            paths: InstancePaths(stage.seen(paths.root)),
            executable: stage.seen(plan.executable),
            host: plan.host,
            network: plan.network,
            gatewayDirectory: stage.seen(plan.gatewayDirectory),
            mounts: mounts,
            volumes: stage.seen(plan.volumes),
            modelIsReadOnly: plan.modelIsReadOnly,
            checkpointPath: plan.checkpointPath,
            tensorBoardPath: plan.tensorBoardPath,
            gpus: plan.gpus,
            sharedMemory: max(64 << 20, plan.limits.memory / 2),
            machine: plan.machine
        ).arguments
        let request = LaunchRequest(
            index: plan.index,
            directory: paths.root,
            overlays: (plan.overlays + plan.layers).map {
                .init(
                    lower: stage.seen($0.lower),
                    upper: stage.seen($0.upper),
                    work: stage.seen($0.work),
                    target: stage.seen($0.target)
                )
            },
            attachments: plan.fastFiles.map { stage.seen($0.target) },
            command: [plan.bubblewrap] + arguments
        )
        let entry = EntrySpec(
            command: plan.container.command,
            environment: plan.container.environment.map { "\($0.key)=\($0.value)" }.sorted(),
            directory: plan.container.workingDirectory,
            cpus: plan.limits.cpus,
            cpuOffset: plan.cpuOffset,
            memoryLimit: plan.limits.memory,
            processLimit: Self.processLimit(cpus: plan.limits.cpus),
            relays: plan.network == .open ? EntrySpec.Relay.toPlatform : [],
            streams: plan.streams
        )

        let group = try controlGroup(for: plan)
        let entrance = try group.map { try $0.entrance() } ?? Self.nowhere()
        var line: [Int32] = [-1, -1]
        try check(clx_socket_pair(&line), "make a socket pair")
        let control = Descriptor(owning: line[0])
        let theirControl = Descriptor(owning: line[1])
        var pipe: [Int32] = [-1, -1]
        // A container that writes much is not to wait for each 64 KB.
        try check(clx_pipe(&pipe, 1 << 20), "make a pipe")
        let output = Descriptor(owning: pipe[0])
        let theirOutput = Descriptor(owning: pipe[1])
        let requestFile = try memoryFile("request", request.bytes)
        let entryFile = try memoryFile("entry", entry.bytes)
        let descriptors =
            [
                requestFile.number, log.number, entrance.number, theirControl.number, entryFile.number,
                theirOutput.number,
                connector.number,
            ] + stage.mounts + plan.fastFiles.map(\.mount)
        let greeting: [UInt8] = [1]
        try check(
            clx_send(holder.socket.number, greeting, 1, descriptors, Int32(descriptors.count)),
            "reach the holder of namespaces"
        )
        var reply = [UInt8](repeating: 0, count: 4096)
        let length = clx_receive(holder.socket.number, &reply, reply.count, nil, nil)
        guard length > 0 else {
            throw LaunchFailure(stage: .sandbox, text: "The holder of the job's namespaces has ended.")
        }
        let record = try Records.decode(Array(reply.prefix(Int(length)))).first ?? []
        guard record == ["ok"] else { throw LaunchFailure(record) }
        return RunningContainer(control: control, output: output, group: group)
    }

    /// `nil` where this machine delegates none.
    private func controlGroup(for plan: SandboxPlan) throws(SystemError) -> ControlGroup? {
        guard let parent = ControlGroupTree().parent else { return nil }
        let name = paths.root.split(separator: "/").last.map(String.init) ?? plan.host
        return try ControlGroup(
            named: name,
            under: parent,
            limits: plan.limits,
            processes: Self.processLimit(cpus: plan.limits.cpus)
        )
    }

    private static func nowhere() throws(SystemError) -> Descriptor {
        let number = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("open /dev/null", code: errno) }
        return Descriptor(owning: number)
    }

    /// Most processes and threads of a container: far above what data loaders and thread pools start.
    static func processLimit(cpus: Int) -> Int { max(4096, 512 * cpus) }

    /// Whose mounts the job's are, for those that a file system of ours serves.
    var mountOwner: FastFileChannel.Owner? { holder.mountOwner }

    func complete(_ spec: ContainerSpec) -> ContainerSpec { spec }

    /// The last words of bubblewrap and PID 1, for a failure's text.
    func complaints() -> String {
        // They only explain another failure: where they cannot be read there are none.
        guard lseek(log.number, max(0, lseek(log.number, 0, SEEK_END) - 2000), SEEK_SET) >= 0,
            let bytes = try? readToEnd(log.number)
        else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func memoryFile(_ name: String, _ bytes: [UInt8]) throws(SystemError) -> Descriptor {
        Descriptor(owning: try check(clx_memory_file(name, bytes, bytes.count), "make a memory file"))
    }
}

/// A container whose bubblewrap runs.
final class RunningContainer: Sendable {
    private let control: Descriptor
    private let output: Descriptor
    private let group: ControlGroup?

    init(control: consuming Descriptor, output: consuming Descriptor, group: ControlGroup?) {
        self.control = control
        self.output = output
        self.group = group
    }

    deinit { group?.remove() }

    /// Whether the kernel has killed a process of it for its memory.
    var hasRunOutOfMemory: Bool { group?.hasRunOutOfMemory ?? false }

    /// Gives the entry process what it reads and writes, where its plan says that something follows.
    ///
    /// - Throws: `SystemError` if PID 1 has gone.
    func hand(over descriptors: [Int32]) throws(SystemError) {
        let greeting: [UInt8] = [1]
        try check(
            clx_send(control.number, greeting, 1, descriptors, Int32(descriptors.count)),
            "reach PID 1 of the sandbox"
        )
    }

    /// SIGTERM to the entry process.
    func terminate() { send(.terminate) }

    /// SIGKILL to everything.
    func kill() { send(.kill) }

    /// Waits for the next report of PID 1; `nil` when it has gone.
    func nextReport() -> InitReport? {
        var bytes = [UInt8](repeating: 0, count: 256)
        while true {
            let length = clx_receive(control.number, &bytes, bytes.count, nil, nil)
            guard length > 0 else { return nil }
            if let report = InitReport(Array(bytes.prefix(Int(length)))) { return report }
        }
    }

    /// Waits for the next bytes of standard output and error; empty at the end.
    func nextOutput() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            repeat {
                count = read(output.number, buffer.baseAddress, buffer.count)
            } while count < 0 && errno == EINTR
            count = max(0, count)
        }
    }

    private func send(_ order: InitOrder) {
        var byte = order.rawValue
        // An order that no longer finds anybody has been fulfilled.
        _ = clx_send(control.number, &byte, 1, nil, 0)
    }
}
