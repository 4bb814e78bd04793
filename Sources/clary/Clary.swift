import Agent

/// The executable: one file per subcommand.
@main
struct Clary {
    static func main() {
        // Before anything asynchronous: these fork.
        SandboxCommands.runIfAsked(CommandLine.arguments)
        print("clary")
    }
}
