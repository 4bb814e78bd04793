import CLinux
import Glibc

/// PID 1 of a sandbox: starts the entry process and the plumbing, passes SIGTERM on to the entry process alone, reaps,
/// watches memory, and reports the raw wait status.
struct InitProcess {
    private let control: Int32 = 3
    private let connector: Int32 = 6
    private let spec: EntrySpec
    /// Listening sockets, one for each of `spec.relays`.
    private let listeners: [Int32]
    private let signals: Int32
    private var entry: Int32
    private var plumbing: Int32
    /// What an image's user was lent, to be given back.
    private let loan: DirectoryLoan?

    /// How often the processes' memory is added up.
    private static let watchIntervalMS: Int32 = 100

    /// Runs to the end of the container.
    ///
    /// - Parameter lineSocket: Where an agent waits for PID 1 of a container that an engine started; `nil` in a sandbox,
    ///   whose PID 1 has its descriptors already.
    /// - Returns: Exit code.
    static func run(lineSocket: String?) -> Int32 {
        // The processes of the job run as the same user: they must not read the agent's line through `/proc/1`.
        clx_hide_from_tracing()
        do {
            if let lineSocket { try ContainerLine.take(from: lineSocket) }
        } catch {
            SandboxCommands.say("clary init: \(error)", to: 2)
            return 1
        }
        for descriptor in [3, 4, 5, 6] as [Int32] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        do {
            var process = try InitProcess(EntrySpec(readToEnd(4)))
            return process.serve()
        } catch let refusal as Refusal {
            report(.refused(refusal.code, why: refusal.why))
        } catch {
            SandboxCommands.say("clary init: \(error)", to: 2)
            // What an engine's container says on its own standard error, nobody reads.
            if lineSocket != nil { SandboxCommands.say("[clary] \(error)", to: 5) }
        }
        return 1
    }

    private struct Refusal: Error {
        let code: Int32
        let why: String
    }

    private init(_ spec: EntrySpec) throws {
        self.spec = spec
        close(4)
        clx_limit_cpus(Int32(spec.cpus), UInt32(spec.cpuOffset))
        listeners = try spec.relays.map { relay in
            try check(clx_loopback_listen(relay.port), "listen on port \(relay.port)")
        }
        signals = try check(clx_signal_descriptor([SIGCHLD, SIGTERM, 0]), "watch signals")
        plumbing = Self.startPlumbing(connector, listeners, spec.relays)
        var arguments = spec.command.map { strdup($0) } + [nil]
        var environment = spec.environment.map { strdup($0) } + [nil]
        let streams = try Self.streams(spec.streams, control)
        let user = try spec.image.map { try ImageUser($0.user) }
        if let user, let image = spec.image {
            loan = try DirectoryLoan(of: image.directories, to: user)
        } else {
            loan = nil
        }
        if let home = user?.home, !spec.environment.contains(where: { $0.hasPrefix("HOME=") }) {
            environment.insert(strdup("HOME=\(home)"), at: 0)
        }
        entry = Self.start(
            &arguments,
            &environment,
            spec,
            streams,
            as: user
        )
        guard entry > 0 else {
            takeBack()
            let fault = spec.command.first.flatMap {
                ExecutableFault($0, environment: spec.environment, directory: spec.directory)
            }
            throw Refusal(code: -entry, why: fault?.why ?? "")
        }
        for stream in Set(streams) where stream > 5 { close(stream) }
        // The output's end must come when the last process of the job has gone. Where something was lent this one sees to
        // that, and may have a word to say afterwards.
        if loan == nil { close(5) }
        Self.report(.started)
    }

    private static func start(
        _ arguments: inout [UnsafeMutablePointer<CChar>?],
        _ environment: inout [UnsafeMutablePointer<CChar>?],
        _ spec: EntrySpec,
        _ streams: [Int32],
        as user: ImageUser?
    ) -> Int32 {
        let (terminal, processes) = (spec.streams == .terminal ? 1 as Int32 : 0, Int32(spec.processLimit))
        guard var identity = user?.identity else {
            return clx_start_entry(
                &arguments,
                &environment,
                spec.directory,
                streams,
                terminal,
                processes,
                nil
            )
        }
        return clx_start_entry(
            &arguments,
            &environment,
            spec.directory,
            streams,
            terminal,
            processes,
            &identity
        )
    }

    /// Standard input, output and errors of the entry process.
    private static func streams(_ kind: EntrySpec.Streams, _ control: Int32) throws -> [Int32] {
        guard kind != .output else { return [-1, 5, 5] }
        var descriptors: [Int32] = [-1, -1, -1]
        var count: Int32 = 3
        var greeting: UInt8 = 0
        try check(clx_receive(control, &greeting, 1, &descriptors, &count), "hear from the visitor")
        switch (kind, count) {
        case (.terminal, 1): return [descriptors[0], descriptors[0], descriptors[0]]
        case (.pipes, 3): return descriptors
        default: throw SystemError("hear from the visitor", code: EPROTO)
        }
    }

    private static func startPlumbing(
        _ connector: Int32,
        _ listeners: [Int32],
        _ relays: [EntrySpec.Relay]
    ) -> Int32 {
        var sockets = relays.map { strdup($0.socket) }
        defer { for socket in sockets { free(socket) } }
        return clx_start_plumbing(connector, listeners, &sockets, Int32(listeners.count))
    }

    private mutating func serve() -> Int32 {
        while true {
            var entries = [
                pollfd(fd: control, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&entries, 2, Self.watchIntervalMS)
            if ready > 0, entries[0].revents != 0, !obey() { return endAll() }
            while case let number = clx_next_signal(signals), number != 0 {
                if number == SIGTERM { kill(entry, SIGTERM) }
            }
            if let status = reap() {
                guard spec.image != nil else {
                    Self.report(.exited(status))
                    return endAll()
                }
                // The agent takes what was left as soon as it hears of the end.
                let code = endAll()
                if EngineLimits.haveKilled { Self.report(.outOfMemory(0)) }
                Self.report(.exited(status))
                return code
            }
            if spec.memoryLimit > 0 { watchMemory() }
            watchProcesses()
        }
    }

    /// Carries out one order; false if the agent has gone, and the container has to follow it.
    private func obey() -> Bool {
        var order: UInt8 = 0
        guard clx_receive(control, &order, 1, nil, nil) > 0 else { return false }
        switch InitOrder(rawValue: order) {
        case .terminate: kill(entry, SIGTERM)
        case .kill: clx_signal_all(SIGKILL)
        case nil: break
        }
        return true
    }

    /// Raw wait status of the entry process once it has ended.
    private mutating func reap() -> Int32? {
        var result: Int32?
        var status: Int32 = 0
        while true {
            let pid = clx_wait(-1, &status, WNOHANG)
            guard pid > 0 else { return result }
            if pid == entry { result = status }
            if pid == plumbing, result == nil {
                plumbing = Self.startPlumbing(connector, listeners, spec.relays)
            }
        }
    }

    private func watchMemory() {
        guard used(.quick) > spec.memoryLimit else { return }
        // The quick sum counts a page once per process that shares it; nobody is killed for that.
        let exact = used(.exact)
        guard exact > spec.memoryLimit else { return }
        Self.report(.outOfMemory(exact))
        clx_signal_all(SIGKILL)
    }

    /// The kernel's own limit counts nothing for a job that is root outside too.
    private func watchProcesses() {
        let count = Int(clx_namespace_processes())
        guard count > spec.processLimit else { return }
        Self.report(.tooManyProcesses(count))
        clx_signal_all(SIGKILL)
    }

    /// How memory that processes share is counted: once for each of them, or in parts.
    private enum MemorySum: Int32 {
        case quick = 0
        case exact = 1
    }

    private func used(_ sum: MemorySum) -> Int {
        // Files in shared memory count even when no process maps them; a mapped page is counted by its process.
        Int(max(clx_namespace_memory(sum.rawValue), clx_filesystem_used("/dev/shm")))
    }

    private func endAll() -> Int32 {
        clx_signal_all(SIGKILL)
        if loan != nil {
            var status: Int32 = 0
            while clx_wait(-1, &status, 0) > 0 {}
            takeBack()
        }
        return 0
    }

    private func takeBack() {
        for failure in loan?.giveBack() ?? [] { SandboxCommands.say("[clary] \(failure)", to: 5) }
    }

    private static func report(_ report: InitReport) {
        _ = clx_send(3, report.bytes, report.bytes.count, nil, 0)
    }
}
