import Agent
import ArgumentParser
import Glibc

/// The executable: one file per subcommand.
@main
enum EntryPoint {
    /// Dispatches what forks before anything asynchronous has started, then the commands for people.
    static func main() {
        SandboxCommands.runIfAsked(CommandLine.arguments)
        SandboxProbe.runIfAsked(CommandLine.arguments)
        Keeper.runIfAsked(CommandLine.arguments)
        ShellExports.putAwayIfAsked(CommandLine.arguments)
        // Off the main actor, on which every call into an actor would first have to hop back.
        Task.detached {
            await Clary.main()
            exit(0)
        }
        while true { pause() }
    }
}

/// The command line.
struct Clary: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clary",
        abstract: "A machine-learning platform that speaks Amazon SageMaker's API.",
        discussion: """
            Start it with `clary serve`, lead clients to it with eval "$(clary env)", and run ordinary SageMaker code. \
            Every command has --help; those that show something have --json.
            """,
        version: "clary \(ClaryVersion.current)",
        groupedSubcommands: [
            .init(
                name: "Server and clients",
                subcommands: [
                    ServeCommand.self, EnvCommand.self, RunCommand.self, LoginCommand.self,
                    ShutdownCommand.self, UpgradeCommand.self, DoctorCommand.self,
                ]
            ),
            .init(
                name: "What it does",
                subcommands: [
                    StatusCommand.self, JobsCommand.self, EndpointsCommand.self, LogsCommand.self,
                    InvokeCommand.self, StopCommand.self, ShellCommand.self,
                ]
            ),
            .init(
                name: "What it would do",
                subcommands: [PreflightCommand.self, LintContainerCommand.self]
            ),
            .init(
                name: "Who may do what",
                subcommands: [UsersCommand.self, ImagesCommand.self, RolesCommand.self, AuditCommand.self]
            ),
            .init(
                name: "Its data",
                subcommands: [
                    DataCommand.self, BackupCommand.self, RestoreCommand.self, CollectCommand.self,
                    ScrubCommand.self,
                ]
            ),
            .init(name: "Inside instances", subcommands: [AlgorithmCommand.self, ReadRecordsCommand.self]),
        ]
    )
}
