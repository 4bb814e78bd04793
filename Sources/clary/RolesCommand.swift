import ArgumentParser
import ControlPlane
import Foundation
import Reports

/// `clary roles`: what jobs and endpoints run as.
struct RolesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles",
        abstract: "List roles, and make those exist that code has hard-coded.",
        subcommands: [List.self, Import.self],
        defaultSubcommand: List.self
    )

    /// `clary roles list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the roles.")

        @OptionGroup var dataDirectory: DataDirectoryOption

        @Flag(help: "Print a JSON array.")
        var json = false

        func run() async throws {
            let roles = try await ServerClient(dataDirectory).roles()
            if json { return try Screen.showJSON(roles) }
            var table = Table([
                .init("ARN"), .init("POLICIES", least: 16, hiding: 1), .init("CREATED", hiding: 2),
            ])
            for role in roles {
                table.add([
                    role.arn,
                    role.policies.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
                        .joined(separator: " "),
                    Screen.time(role.created),
                ])
            }
            Screen.show(table)
        }
    }

    /// `clary roles import`.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Make roles of a cloud account exist here, so that every user's code may name them.",
            discussion: """
                An imported role trusts SageMaker and has the rights of ClaryExecutionRole: the platform's data and \
                logs, no administration. Change them with the operations of IAM.

                Example:
                  clary roles import arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole
                """
        )

        @OptionGroup var dataDirectory: DataDirectoryOption

        @Argument(help: "ARNs of roles.")
        var arns: [String]

        @Flag(help: "Print a JSON array.")
        var json = false

        func run() async throws {
            let roles = try await ServerClient(dataDirectory).importRoles(ImportedRoles(arns: arns))
            if json { return try Screen.showJSON(roles) }
            for role in roles { Screen.note("\(role.arn) exists.") }
        }
    }
}
