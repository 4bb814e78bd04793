import ArgumentParser
import ControlPlane
import Foundation
import Glibc

/// `clary upgrade`: has the running server go on as the program that is now at its path.
struct UpgradeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade",
        abstract: "Have the running server go on as the program that is installed now.",
        discussion: """
            Put the new program in the place of the old one first (with mv or install, which replace a file, not with \
            cp over a running program). The server finishes the requests in flight, calls that arrive meanwhile wait, \
            and jobs and endpoints go on. A new program that does not start is replaced by the old one. SIGUSR2 to the \
            server's process does the same.

            Examples:
              install clary /usr/local/bin/clary && clary upgrade
              clary upgrade --data-dir /srv/clary
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Option(help: "Seconds to wait at most for the server to be ready again.")
    var timeout = 60

    func validate() throws {
        guard timeout > 0 else { throw ValidationError("--timeout is a number of seconds above 0.") }
    }

    func run() async throws {
        let path = dataDirectory.path
        let before = try RunningServer.find(dataDirectory: path).record
        guard let worker = before.workerPid, worker != before.pid else {
            throw CleanFailure(
                message:
                    "The server (process \(before.pid)) has no keeper. Stop it and start it again instead."
            )
        }
        guard kill(before.pid, SIGUSR2) == 0 else {
            let problem = String(cString: strerror(errno))
            throw CleanFailure(message: "The server (process \(before.pid)) cannot be told: \(problem).")
        }
        let deadline = ContinuousClock.now + .seconds(timeout)
        while ContinuousClock.now < deadline {
            let now = try RunningServer.find(dataDirectory: path).record
            if let successor = now.workerPid, successor != worker {
                let version = try await ServerClient(dataDirectory).overview().server.version
                return Screen.say("Clary \(version) goes on at \(now.url) as process \(successor).")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw CleanFailure(
            message:
                "After \(timeout) s the server (process \(before.pid)) is not ready again; its output says why."
        )
    }
}
