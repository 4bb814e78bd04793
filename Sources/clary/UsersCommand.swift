import ArgumentParser
import ControlPlane
import Foundation
import Reports

/// `clary users`: people and programs with keys of their own.
struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Add, list and remove users with keys of their own.",
        discussion: """
            A user may do what their policies allow and nothing else: attach some with --policy, or later with the \
            operations of IAM (`aws iam attach-user-policy`, `put-user-policy`).

            Examples:
              clary users add ada --policy AmazonSageMakerFullAccess --policy AmazonS3FullAccess
              clary users add root2 --policy AdministratorAccess --json
              clary users rm ada
            """,
        subcommands: [Add.self, List.self, Remove.self],
        defaultSubcommand: List.self
    )

    /// `clary users add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Add a user and print their key, which is shown only this once."
        )

        @OptionGroup var dataDirectory: DataDirectoryOption

        @Argument(help: "The user's name; their ARN carries it.")
        var name: String

        @Option(help: "Name or ARN of a policy to attach; may be given several times.")
        var policy: [String] = []

        @Option(
            help: ArgumentHelp(
                "Twelve digits: an account of their own, in place of the server's.",
                discussion: """
                    Buckets that they make belong to it, and those of others are closed to them unless a bucket policy \
                    or an access control list opens them.
                    """
            )
        )
        var account: String?

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let user = try await ServerClient(dataDirectory).addUser(
                NewUser(name: name, policies: policy, account: account)
            )
            if json { return try Screen.showJSON(user) }
            Screen.say("AWS_ACCESS_KEY_ID=\(user.accessKeyIds.first ?? "")")
            Screen.say("AWS_SECRET_ACCESS_KEY=\(user.secretAccessKey ?? "")")
            Screen.note("\(user.arn) was added. The secret key is not shown again.")
            if policy.isEmpty {
                Screen.note("Without a policy this user may do nothing yet: see `clary users add --help`.")
            }
        }
    }

    /// `clary users list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the users.")

        @OptionGroup var dataDirectory: DataDirectoryOption

        @Flag(help: "Print a JSON array.")
        var json = false

        func run() async throws {
            let users = try await ServerClient(dataDirectory).users()
            if json { return try Screen.showJSON(users) }
            guard !users.isEmpty else {
                return Screen.note("There are no users; the owner's key does everything.")
            }
            var table = Table([
                .init("NAME"), .init("KEYS", hiding: 2), .init("POLICIES", least: 16, hiding: 1),
                .init("CREATED", hiding: 3),
            ])
            for user in users {
                table.add([
                    user.name, user.accessKeyIds.joined(separator: " "),
                    user.policies.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
                        .joined(separator: " "),
                    Screen.time(user.created),
                ])
            }
            Screen.show(table)
        }
    }

    /// `clary users rm`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm",
            abstract: "Remove a user; their keys are dead at once."
        )

        @OptionGroup var dataDirectory: DataDirectoryOption

        @Argument(help: "The user's name.")
        var name: String

        func run() async throws {
            let user = try await ServerClient(dataDirectory).removeUser(name)
            Screen.note("\(user.arn) was removed.")
        }
    }
}
