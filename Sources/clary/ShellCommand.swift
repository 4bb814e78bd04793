import Agent
import AgentProtocol
import ArgumentParser
import ControlPlane
import Engines
import Foundation
import Glibc
import Reports

/// `clary shell`: enters what is left of a failed instance.
struct ShellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Enter what is left of a failed job's or endpoint's instance.",
        discussion: """
            `clary serve --keep-failed` keeps the files of instances whose job or endpoint failed: /opt/ml with the \
            channels as the job left them, /tmp, and their logs. This command makes such an instance's sandbox once \
            more, with the same root, user, environment, limits and network, and runs a shell in it, or the command after \
            `--`, whose exit status becomes its own. Processes, /root and /dev/shm of the job are gone, and its \
            credentials are revoked.

            It runs on the server's machine, as the server's user. One visitor at a time; when the time of what is kept \
            is over, a visit ends with it; `clary shutdown` lets go of everything. Whoever enters stands in the audit log. `clary status` lists what is kept.

            Examples:
              clary shell my-job
              clary shell my-job -- cat /opt/ml/output/failure
              clary shell my-job --host algo-2
              clary shell my-job --discard     # lets go of it before its time
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption
    @OptionGroup var options: SubjectOptions

    @Option(help: "Which instance of the job, such as algo-2 (default: the first).")
    var host: String?

    @Flag(help: "Let go of what is kept, at once.")
    var discard = false

    @Argument(help: "Name of a training job or an endpoint that failed.")
    var name: String

    @Argument(parsing: .postTerminator, help: "A command to run in place of a shell.")
    var command: [String] = []

    func validate() throws {
        guard !discard || command.isEmpty && host == nil else {
            throw ValidationError("--discard takes neither --host nor a command.")
        }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        try refuseForeignDirectory()
        let client = try ServerClient(dataDirectory)
        let wanted = VisitRequest(
            name: name,
            region: options.region,
            isOfEndpoint: options.kind.map { $0 == .endpoint },
            host: host
        )
        if discard {
            let count = try await client.discard(wanted)
            return Screen.say("What was left of \(name) is gone: \(Units.count(count, "instance")).")
        }
        try await enter(client.enter(wanted), client)
    }

    /// The data directory is its server's alone.
    private func refuseForeignDirectory() throws {
        let path = dataDirectory.path
        guard access(path, R_OK | X_OK) != 0, errno == EACCES else { return }
        throw CleanFailure(
            message: """
                The data directory \(path) belongs to another user. `clary shell` enters an instance as the user of the \
                server: run it as that user, on the server's machine.
                """
        )
    }

    private func enter(_ visit: Visit, _ client: ServerClient) async throws {
        try refuseForeignInstance(visit)
        let lock = try lock(visit)
        defer { close(lock) }
        var assignment = visit.assignment
        let isInteractive = isatty(0) == 1 && isatty(1) == 1
        let shell = access("/bin/bash", X_OK) == 0 ? "/bin/bash" : "/bin/sh"
        assignment.container.command = command.isEmpty ? [shell] : command
        // The job may have removed the directory that it was started in.
        assignment.container.workingDirectory = "/"
        // What the instances knew each other by is nobody's business any more.
        assignment.container.environment["CLARY_FLEET_SECRET"] = nil
        let place = visit.hosts.count > 1 ? "\(visit.name)/\(assignment.host)" : visit.name
        if isInteractive {
            assignment.container.environment["TERM"] = ProcessInfo.processInfo.environment["TERM"] ?? "dumb"
            assignment.container.environment["PS1"] = "[\(place)] \\w# "
            let until = Screen.time(Date(timeIntervalSince1970: visit.until))
            Screen.note("What is left of \(place), until \(until). Its credentials are revoked.")
            if visit.hosts.count > 1 {
                Screen.note("It had \(visit.hosts.joined(separator: ", ")): --host chooses another one.")
            }
        }
        let streams = try isInteractive ? ShellStreams.terminal() : ShellStreams.pipes()
        let end = try await Self.visit(visit.directory, assignment, client, streams)
        streams.finish()
        unlink(InstancePaths(visit.directory).visit)
        try report(end, place)
    }

    private func refuseForeignInstance(_ visit: Visit) throws {
        var facts = stat()
        guard stat(visit.directory, &facts) == 0 else {
            throw CleanFailure(
                message:
                    "The files of \(visit.name) are not on this machine: run `clary shell` where the server is."
            )
        }
        guard facts.st_uid == geteuid() else {
            let owner =
                getpwuid(facts.st_uid).map { String(cString: $0.pointee.pw_name) } ?? "\(facts.st_uid)"
            throw CleanFailure(message: "The server runs as \(owner): run `clary shell` as that user.")
        }
    }

    /// Two sandboxes above the same files would not see each other's changes.
    private func lock(_ visit: Visit) throws -> Int32 {
        let file = open(InstancePaths(visit.directory).visitLock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            if file >= 0 { close(file) }
            throw CleanFailure(
                message: isTaken
                    ? "Somebody else is in \(visit.name) now; one visitor can be there at a time."
                    : "What was left of \(visit.name) is gone."
            )
        }
        return file
    }

    private static func visit(
        _ directory: String,
        _ assignment: Assignment,
        _ client: ServerClient,
        _ streams: ShellStreams
    ) async throws -> InstanceVisit.End {
        let executable = ExecutablePath.current
        do {
            try VisitHolder.start(
                for: directory,
                of: InstanceVisit.fleet(of: directory),
                network: assignment.network,
                executable: executable
            )
            let visit = try await InstanceVisit(
                to: directory,
                assignment: assignment,
                executable: executable,
                access: client.visitorAccess(to: assignment),
                streams: streams.inside
            )
            for notice in visit.notices { Screen.note(notice) }
            streams.start()
            let end = await visit.waitForEnd()
            for failure in visit.failures { Screen.note(failure) }
            return end
        } catch {
            streams.finish()
            throw CleanFailure(message: "The instance cannot be entered. \(Self.text(error))")
        }
    }

    private static func text(_ error: any Error) -> String {
        switch error {
        case EngineError.failed(let text), EngineError.impossible(let text): text
        case let failure as InstanceFailure: failure.message
        default: "\(error)"
        }
    }

    private func report(_ end: InstanceVisit.End, _ place: String) throws {
        switch end {
        case .exited(0): return
        case .exited(let code): throw ExitCode(code)
        case .signalled(let number): throw ExitCode(128 + number)
        case .neverStarted(let code):
            Screen.note("clary shell: \(command.first ?? "shell"): \(String(cString: strerror(code)))")
            throw ExitCode(code == ENOENT ? 127 : 126)
        case .outOfMemory:
            throw CleanFailure(message: "More memory was used than \(place) has: everything in it was ended.")
        case .outOfDisk:
            throw CleanFailure(
                message: "More was written than the volume of \(place) holds: everything was ended."
            )
        case .tooManyProcesses:
            throw CleanFailure(message: "More processes ran than \(place) may have: all of them were ended.")
        case .vanished:
            throw CleanFailure(message: "\(place) is gone: its time was over, or somebody let go of it.")
        }
    }
}
