import ArgumentParser
import Foundation
import Glibc
import Proxy

/// `clary run -- CMD`: the exports of `clary env` for one command.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run one command with the environment of `clary env`.",
        discussion: "Example:  clary run -- python train.py"
    )

    @OptionGroup var options: ClientOptions

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var command: [String] = []

    func run() throws {
        if ["--help", "-h"].contains(command.first) { throw CleanExit.helpRequest(self) }
        let words = command.first == "--" ? Array(command.dropFirst()) : command
        guard let program = words.first else {
            throw ValidationError("Say which command to run: clary run -- python train.py")
        }
        let environment = try options.environment(current: ProcessInfo.processInfo.environment)
        for change in environment.changes {
            if let value = change.value { setenv(change.name, value, 1) } else { unsetenv(change.name) }
        }
        var arguments = words.map { strdup($0) } + [nil]
        // A worker thread runs this, and such threads block most signals: the command must hear its own.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        execvp(program, &arguments)
        let problem = String(cString: strerror(errno))
        FileHandle.standardError.write(Data("clary run: \(program): \(problem)\n".utf8))
        throw ExitCode(errno == ENOENT ? 127 : 126)
    }
}
