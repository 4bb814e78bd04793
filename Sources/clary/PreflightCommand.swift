import ArgumentParser
import ControlPlane
import Foundation
import Glibc
import Reports
import Resources

/// `clary preflight`: what would become of a request.
struct PreflightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract:
            "Say everything that is wrong with a job, a model or an endpoint configuration before it is made.",
        discussion: """
            FILE has the request as `aws sagemaker create-training-job --cli-input-json` takes it; CreateModel and \
            CreateEndpointConfig are understood too. Nothing is made or started. The checks are those that the request \
            itself and the start of the job will go through: constraints, permissions, the image, the script's archive and \
            requirements.txt, hyperparameters, data, outputs, room.

            The exit code is 0 if the request would be accepted, 1 if there are problems with it or the document is no \
            request, 2 if nothing could be checked (the file cannot be read, no server answers), 64 for wrong options. \
            With --json the output is one object in every case but the last:
              {"operation": "CreateTrainingJob", "name": "…",
               "checks": [{"subject": "Image", "verdict": "ok" | "remark" | "problem", "text": "…"}]}
            For a document that is no request, and where nothing could be checked, operation and name are empty, and the \
            only check has the subject Document, File or Server.

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

    func validate() throws {
        if let region, Region(region) == nil {
            throw ValidationError("--region \(region): this is no region's name, such as eu-west-1.")
        }
    }

    func run() async throws {
        let (report, code) = await report()
        if json {
            try Screen.showJSON(report)
        } else if report.operation.isEmpty {
            for check in report.checks { Screen.note("Error: \(check.text)") }
        } else {
            Self.show(report)
        }
        if code != 0 { throw ExitCode(code) }
    }

    /// What there is to say, and the exit code.
    private func report() async -> (PreflightReport, code: Int32) {
        let document: Data
        do throws(CleanFailure) {
            document = try self.document()
        } catch {
            return (PreflightReport(failure: "File", error.message), 2)
        }
        do {
            let report = try await ServerClient(dataDirectory).preflight(document, region: region)
            return (report, report.hasProblems ? 1 : 0)
        } catch {
            return (PreflightReport(failure: "Server", "\(error)"), 2)
        }
    }

    private static func show(_ report: PreflightReport) {
        var table = Table([.init("CHECK"), .init("RESULT"), .init("", least: 40)])
        for check in report.checks { table.add([check.subject, check.verdict.rawValue, check.text]) }
        Screen.show(table)
        let problems = report.checks.count { $0.verdict == .problem }
        let name = report.name.isEmpty ? "it" : report.name
        Screen.say("")
        Screen.say(
            problems == 0
                ? "\(report.operation) would accept \(name)."
                : "\(Units.count(problems, "problem")) would keep \(name) from working."
        )
    }

    private func document() throws(CleanFailure) -> Data {
        let place = file == "-" ? "The standard input" : "The file \(file)"
        func failure(_ error: Int32) -> CleanFailure {
            CleanFailure(message: "\(place) cannot be read: \(String(cString: strerror(error))).")
        }
        let descriptor = file == "-" ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var facts = stat()
        if fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR { throw failure(EISDIR) }
        var bytes = Data()
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= PlatformAPI.longestBody {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            guard count > 0 else { return bytes }
            bytes += chunk.prefix(count)
        }
        throw CleanFailure(message: "\(place) has more than 1 MiB, and no request has.")
    }
}
