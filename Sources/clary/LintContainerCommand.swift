import ArgumentParser
import ControlPlane
import Foundation
import Reports
import Resources
import UnixSignals

/// `clary lint-container IMAGE`: whether an image keeps the contract.
struct LintContainerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint-container",
        abstract:
            "Try whether an image trains and serves as its contract says, and explain each step that fails.",
        discussion: """
            Runs real jobs and a real endpoint of the running server with tiny data, in a bucket of their own: does \
            `train` start, end with 0, leave a model and obey SIGTERM; does `serve` listen on port 8080, answer, come back \
            after a crash and obey SIGTERM. All of it is removed again, also after Ctrl-C. Without --channel the data are \
            twelve rows of a label and two features. The exit code is 1 if a step failed.

            Examples:
              clary lint-container sagemaker-xgboost:1.7-1
              clary lint-container sagemaker-scikit-learn:1.2-1-cpu-py3 --script src --entry-point train.py
              clary lint-container … --channel train=data/ --hyperparameter epochs=1 --payload row.json
              clary lint-container my-server:1 --serve-only --model model.tar.gz
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Option(
        name: .customLong("channel"),
        help: "NAME=PATH: a channel and its file or directory; may be repeated."
    )
    var channels: [String] = []

    @Option(name: .customLong("hyperparameter"), help: "NAME=VALUE; may be repeated.")
    var hyperparameters: [String] = []

    @Option(help: "Directory of the script that a framework image runs.")
    var script: String?

    @Option(name: .customLong("entry-point"), help: "The script's file in that directory.")
    var entryPoint: String?

    @Option(
        name: .customLong("serving-entry-point"),
        help: "The file that serves (default: --entry-point)."
    )
    var servingEntryPoint: String?

    @Flag(
        name: .customLong("serve-only"),
        help: "Try serving alone, for an image that does not train: with --model, or without a model."
    )
    var isServingOnly = false

    @Option(help: "A model.tar.gz to serve, in the place of what training leaves.")
    var model: String?

    @Option(help: "File with a request for /invocations (default: a row of two numbers).")
    var payload: String?

    @Option(name: .customLong("content-type"), help: "What the request is (default: text/csv).")
    var contentType = "text/csv"

    @Option(name: .customLong("instance-type"), help: "What it runs on.")
    var instanceType = "ml.m5.large"

    @Option(help: "ARN of the role of jobs and endpoint (default: ClaryExecutionRole).")
    var role: String?

    @Flag(help: "Train once more without a network.")
    var isolated = false

    @Option(
        name: .customLong("training-limit"),
        parsing: .unconditional,
        help: "Seconds that training may take."
    )
    var trainingLimit = 600

    @Option(
        name: .customLong("start-limit"),
        parsing: .unconditional,
        help: "Seconds that serving may take to start, 60 to 3600."
    )
    var startLimit = 240

    @Flag(help: "Print a JSON object.")
    var json = false

    @Argument(help: "URI of an image.")
    var image: String

    func validate() throws {
        guard (script == nil) == (entryPoint == nil) else {
            throw ValidationError("--script DIR and --entry-point FILE go together.")
        }
        guard !isServingOnly || !isolated else {
            throw ValidationError("--isolated is about training, which --serve-only leaves out.")
        }
        guard (60...3600).contains(startLimit) else { throw ValidationError("--start-limit is 60 to 3600.") }
        guard trainingLimit >= 1 else { throw ValidationError("--training-limit is 1 or more.") }
        for text in channels + hyperparameters where !text.dropFirst().contains("=") {
            throw ValidationError("'\(text)' is not of the form NAME=VALUE.")
        }
        if InstanceCatalogue.type(named: instanceType) == nil {
            throw ValidationError(
                """
                --instance-type \(instanceType): there is no such type. \
                \(InstanceCatalogue.advice(for: instanceType, in: "create-training-job"))
                """
            )
        }
    }

    func run() async throws {
        // What is wrong here is said before anything is asked or started.
        let subject = try subject()
        try subject.check()
        let stage = LintStage(client: try ServerClient(dataDirectory))
        let isQuiet = json
        let lint = ContainerLint(subject: subject, stage: stage) { if !isQuiet { Self.show($0) } }
        let outcome = await Self.untilInterrupted { try await lint.run() }
        if case .failure(is CancellationError) = outcome { Screen.note("Interrupted: cleaning up.") }
        await stage.clear()
        switch outcome {
        case .failure(is CancellationError): throw ExitCode(130)
        case .failure(let error): throw error
        case .success(let report):
            if json { try Screen.showJSON(report) } else { Self.conclude(report) }
            if report.hasFailed { throw ExitCode.failure }
        }
    }

    /// What `work` gives, or a `CancellationError` after SIGINT or SIGTERM.
    private static func untilInterrupted(
        _ work: @escaping @Sendable () async throws -> LintReport
    ) async -> Result<LintReport, any Error> {
        let task = Task { try await work() }
        let watch = Task {
            for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { task.cancel() }
        }
        defer { watch.cancel() }
        let result = await task.result
        // A call that was cut off has an error of its own.
        return task.isCancelled ? .failure(CancellationError()) : result
    }

    private func subject() throws -> LintSubject {
        var bytes = Array(LintSubject.row.utf8)
        if let payload {
            guard let data = FileManager.default.contents(atPath: payload) else {
                throw CleanFailure(message: "--payload \(payload): the file cannot be read.")
            }
            bytes = Array(data)
        }
        return LintSubject(
            image: image,
            channels: Self.pairs(channels).mapValues(Self.absolute),
            hyperparameters: Self.pairs(hyperparameters),
            script: script.flatMap { directory in
                entryPoint.map {
                    LintSubject.Script(
                        directory: Self.absolute(directory),
                        entryPoint: $0,
                        servingEntryPoint: servingEntryPoint ?? $0
                    )
                }
            },
            payload: .init(bytes: bytes, contentType: contentType),
            instanceType: instanceType,
            role: role,
            isServingOnly: isServingOnly,
            model: model.map(Self.absolute),
            isIsolatedToo: isolated,
            trainingLimit: trainingLimit,
            startLimit: startLimit
        )
    }

    private static func pairs(_ texts: [String]) -> [String: String] {
        Dictionary(
            texts.map { text in
                let end = text.firstIndex(of: "=") ?? text.endIndex
                return (String(text[..<end]), String(text[end...].dropFirst()))
            }
        ) { _, last in last }
    }

    private static func absolute(_ path: String) -> String {
        URL(filePath: (path as NSString).expandingTildeInPath).standardizedFileURL.path
    }

    private static func show(_ step: LintStep) {
        let mark =
            switch step.verdict {
            case .passed: "✓"
            case .failed: "✗"
            case .skipped: "–"
            }
        Screen.say("\(mark) \(step.title)")
        for line in step.text.split(whereSeparator: \.isNewline) {
            Screen.say("    \(PlainText.line(String(line)))")
        }
    }

    private static func conclude(_ report: LintReport) {
        let failed = report.steps.count { $0.verdict == .failed }
        let skipped = report.steps.count { $0.verdict == .skipped }
        Screen.say("")
        Screen.say(
            failed == 0
                ? "\(report.image) keeps the contract"
                    + (skipped == 0
                        ? "." : ", as far as it was tried: \(Units.count(skipped, "step")) skipped.")
                : "\(Units.count(failed, "step")) failed."
        )
    }
}
