import ArgumentParser
import ControlPlane
import Foundation
import Glibc
import Reports

/// `clary shutdown`: ends the server with everything that it runs.
struct ShutdownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shutdown",
        abstract: "End all jobs and endpoints, and then the server.",
        discussion: """
            Jobs are stopped as by StopTrainingJob: their containers get SIGTERM and two minutes to end by themselves, \
            and what they left as a model is kept. Endpoints are deleted. Data, models, endpoint configurations and logs \
            stay. Waits until the server, its data directory and every process of its instances are free.

            To end only the server and leave jobs and endpoints running, send it SIGTERM (or Ctrl-C): the next `clary \
            serve` on the data directory takes them up again.

            Examples:
              clary shutdown
              clary shutdown --data-dir /srv/clary --timeout 30
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Option(help: "Seconds to wait at most. What has not ended by then goes on ending.")
    var timeout = 180

    func validate() throws {
        guard timeout > 0 else { throw ValidationError("--timeout is a number of seconds above 0.") }
    }

    func run() async throws {
        let began = ContinuousClock.now
        let deadline = began + .seconds(timeout)
        let path = dataDirectory.path
        var processes = InstanceProcesses(dataDirectory: path)
        let client = try connect(&processes)
        let server = InstanceProcesses.Process(client.server.record.pid)
        let url = client.server.record.url
        Screen.say("Ending the server at \(url) (process \(server.id)) and what it runs.")
        try await client.beginShutdown()
        try await waitForServer(server, client, &processes, until: deadline)
        try await waitForLock(path, until: deadline)
        try await waitForInstances(&processes, until: deadline)
        let elapsed = began.duration(to: .now)
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        Screen.say("Everything has ended after \(Units.duration(seconds)).")
    }

    private func connect(_ processes: inout InstanceProcesses) throws -> ServerClient {
        do {
            return try ServerClient(dataDirectory)
        } catch let error as NoServer {
            let left = processes.running()
            guard !left.isEmpty else { throw error }
            let path = dataDirectory.path
            throw CleanFailure(
                message: """
                    No Clary server runs on \(path), but \(Units.count(left.count, "process")) of its jobs and \
                    endpoints still \(left.count == 1 ? "does" : "do"). Start the server again with \
                    `clary serve --data-dir \(path)`; then `clary shutdown` ends them too.
                    """
            )
        }
    }

    /// Shows what is left while the server ends it.
    private func waitForServer(
        _ server: InstanceProcesses.Process,
        _ client: ServerClient,
        _ processes: inout InstanceProcesses,
        until deadline: ContinuousClock.Instant
    ) async throws {
        var told = ""
        while server.isAlive {
            _ = processes.running()
            // It stops answering a moment before it is gone.
            let left = try? await Self.soon { try await Self.remaining(client) }
            if let left, left != told {
                told = left
                Screen.say("  \(left)")
            }
            guard ContinuousClock.now < deadline else {
                throw CleanFailure(
                    message: """
                        After \(timeout) s the server (process \(server.id)) is still ending: \
                        \(told.isEmpty ? "it does not answer" : told). Jobs have two minutes to end by themselves; \
                        run `clary shutdown` again to go on waiting.
                        """
                )
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// What an operation returns, unless it takes too long: where another process holds the port too, as a service
    /// manager does, a call to a server that has ended is never refused.
    private static func soon(_ ask: @escaping @Sendable () async throws -> String) async throws -> String? {
        try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask { try await ask() }
            group.addTask {
                try await Task.sleep(for: .seconds(1))
                throw CancellationError()
            }
            defer { group.cancelAll() }
            return try await group.next()
        }
    }

    private static func remaining(_ client: ServerClient) async throws -> String {
        let jobs = try await client.jobs(limit: 0).map { "training job \($0.name) (\($0.secondaryStatus))" }
        let endpoints = try await client.endpoints().map { "endpoint \($0.name) (\($0.status))" }
        let left = jobs + endpoints
        guard !left.isEmpty else { return "no jobs and no endpoints left" }
        return left.prefix(5).joined(separator: ", ") + (left.count > 5 ? " and \(left.count - 5) more" : "")
    }

    private func waitForLock(_ path: String, until deadline: ContinuousClock.Instant) async throws {
        while !Self.isFree(path + "/lock") {
            guard ContinuousClock.now < deadline else {
                throw CleanFailure(
                    message: "The server has ended, but another one uses the data directory \(path) now."
                )
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    private static func isFree(_ lock: String) -> Bool {
        let file = open(lock, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return true }
        defer { close(file) }
        return flock(file, LOCK_SH | LOCK_NB) == 0
    }

    private func waitForInstances(
        _ processes: inout InstanceProcesses,
        until deadline: ContinuousClock.Instant
    ) async throws {
        let patience = ContinuousClock.now + Self.patience
        var left = processes.running()
        while !left.isEmpty, ContinuousClock.now < min(patience, deadline) {
            try await Task.sleep(for: Self.interval)
            left = processes.running()
        }
        guard !left.isEmpty else { return }
        Screen.say("  ending \(Units.count(left.count, "process")) of instances by force")
        for process in left { process.kill() }
        while !processes.running().isEmpty {
            guard ContinuousClock.now < deadline else {
                let ids = processes.running().map { String($0.id) }.sorted().joined(separator: ", ")
                throw CleanFailure(message: "These processes of instances do not end: \(ids).")
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    private static let interval = Duration.milliseconds(50)
    /// How long instances without a server may take to end by themselves.
    private static let patience = Duration.seconds(5)
}
