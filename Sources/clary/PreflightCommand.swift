import ArgumentParser
import ControlPlane
import Foundation
import Reports

/// `clary preflight`: what would become of a request.
struct PreflightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract:
            "Say everything that is wrong with a job, a model or an endpoint configuration before it is made.",
        discussion: """
            FILE has the request as `aws sagemaker create-training-job --cli-input-json` takes it; CreateModel and \
            CreateEndpointConfig are understood too. Nothing is made or started. The checks are those that the request \
            itself and the start of the job will go through: constraints, permissions, the image, the script's archive, \
            hyperparameters, data, outputs, room. The exit code is 1 if there are problems.

            Examples:
              clary preflight job.json
              aws sagemaker describe-training-job … | jq … | clary preflight -
              clary preflight job.json --json | jq '.checks[] | select(.verdict == "problem")'
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Option(help: "The region that the request would be made in; the server's own by default.")
    var region: String?

    @Flag(help: "Print a JSON object.")
    var json = false

    @Argument(help: "File with the request as JSON; - is standard input.")
    var file: String

    func run() async throws {
        let report = try await ServerClient(dataDirectory).preflight(document(), region: region)
        if json {
            try Screen.showJSON(report)
        } else {
            var table = Table([.init("CHECK"), .init("RESULT"), .init("", least: 40)])
            for check in report.checks { table.add([check.subject, check.verdict.rawValue, check.text]) }
            Screen.show(table)
            let problems = report.checks.count { $0.verdict == .problem }
            Screen.say("")
            Screen.say(
                problems == 0
                    ? "\(report.operation) would accept \(report.name)."
                    : "\(Units.count(problems, "problem")) would keep \(report.name) from working."
            )
        }
        if report.hasProblems { throw ExitCode.failure }
    }

    private func document() throws -> Data {
        if file == "-" { return try FileHandle.standardInput.readToEnd() ?? Data() }
        do {
            return try Data(contentsOf: URL(filePath: file))
        } catch {
            throw CleanFailure(
                message: "The file \(file) cannot be read: \((error as NSError).localizedDescription)"
            )
        }
    }
}
