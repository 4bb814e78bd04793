import AgentProtocol
import CLinux
import Glibc

/// The subcommands that make up an instance.
///
/// They are dispatched by the first argument before anything asynchronous
/// starts: they fork, which only a process with one thread may.
package enum SandboxCommands {
    /// Runs the subcommand that `arguments` (program name first) asks for and ends the process; returns if it is
    /// none of `init`, `holder`, `agent`.
    package static func runIfAsked(_ arguments: [String]) {
        guard arguments.count > 1 else { return }
        let rest = Array(arguments.dropFirst(2))
        switch arguments[1] {
        case "init": exit(initProcess(rest))
        case "holder": exit(holder(rest))
        case "agent": agent(rest)
        default: return
        }
    }

    /// `init`: PID 1 of a sandbox; its descriptors are those of `LaunchRequest.Attachment` from `control` on, from 3.
    ///
    /// `init --line SOCKET`: PID 1 of a container of an engine's, which fetches them there.
    package static func initProcess(_ arguments: [String]) -> Int32 {
        InitProcess.run(lineSocket: Options(arguments)?["line"])
    }

    /// `holder --socket PATH --instances N --network open|isolated --log PATH [--fleet PATH]`: enters the job's namespaces, listens, prints
    /// `<process id> <start time>` and goes to the background.
    ///
    /// - Returns: Exit code; 1 with a sentence on standard error if this machine refuses the namespaces.
    package static func holder(_ arguments: [String]) -> Int32 {
        guard let options = Options(arguments), let socket = options["socket"], let log = options["log"],
            let count = options["instances"].flatMap({ Int($0) }),
            let network = options["network"].flatMap({ NetworkAccess(rawValue: $0) })
        else { return usage("holder --socket PATH --instances N --network open|isolated --log PATH") }
        return Holder.start(
            socket: socket,
            fleet: options["fleet"] ?? socket,
            instances: count,
            network: network,
            log: log
        )
    }

    /// Runs one instance to its end: `agent --bootstrap PATH [--detach --log PATH]`.
    ///
    /// Its standard input holds the one-time token. With `--detach` it prints `<process id> <start time>` and goes to the background.
    package static func agent(_ arguments: [String]) -> Never {
        let detach = arguments.contains("--detach")
        guard let options = Options(arguments.filter { $0 != "--detach" }),
            let bootstrap = options["bootstrap"]
        else {
            exit(usage("agent --bootstrap PATH [--detach --log PATH]"))
        }
        clx_close_from(3)
        // Read before anything else runs, and from a pipe: nobody can read it a second time.
        let token: String
        do {
            token = String(decoding: try readToEnd(0), as: UTF8.self)
        } catch {
            exit(usage("agent: \(error)"))
        }
        if detach {
            do {
                let log = try openLog(options["log"] ?? "/dev/null")
                if let parentCode = goToBackground(output: log) { exit(parentCode) }
            } catch {
                exit(usage("agent: \(error)"))
            }
        }
        // The main thread only keeps the process alive: the task below ends it.
        Task.detached { exit(await AgentProcess.run(bootstrapPath: bootstrap, token: token)) }
        while true { pause() }
    }

    /// Opens a log to append to; readable by its owner only.
    static func openLog(_ path: String) throws(SystemError) -> Int32 {
        let log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw SystemError("write \(path)", code: errno) }
        return log
    }

    /// Forks; the parent prints the child's identity and gets its own exit code, the child, whose output goes to a log,
    /// gets `nil`.
    static func goToBackground(output: Int32) -> Int32? {
        let child = clx_detach()
        if child < 0 { return usage("cannot fork: \(String(cString: strerror(-child)))") }
        guard child > 0 else {
            clx_redirect_output(output)
            return nil
        }
        say("\(child) \(clx_process_start(child))", to: 1)
        return 0
    }

    /// Writes a line to a descriptor.
    static func say(_ text: String, to descriptor: Int32) {
        let line = text + "\n"
        _ = write(descriptor, line, line.utf8.count)
    }

    private static func usage(_ text: String) -> Int32 {
        say("clary \(text)", to: 2)
        return 64
    }
}

/// `--name value` pairs.
private struct Options {
    private var values: [String: String] = [:]

    /// `nil` if an option lacks its dashes or its value.
    init?(_ arguments: [String]) {
        guard arguments.count.isMultiple(of: 2) else { return nil }
        for position in stride(from: 0, to: arguments.count, by: 2) {
            guard arguments[position].hasPrefix("--") else { return nil }
            values[String(arguments[position].dropFirst(2))] = arguments[position + 1]
        }
    }

    subscript(name: String) -> String? { values[name] }
}
