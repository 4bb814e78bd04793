import ControlPlane
import Foundation
import SageMakerAPI

/// The steps that concern `train`.
struct LintTraining {
    let subject: LintSubject
    let stage: LintStage
    /// ARN.
    let role: String
    /// Whether the image's own algorithm runs.
    let usesAlgorithm: Bool

    static let accepted = "The request is accepted"
    static let starts = "`train` starts"
    static let completes = "`train` ends with exit code 0"
    static let model = "A model is left in /opt/ml/model"
    static let stops = "`train` ends when it is told to (SIGTERM)"
    static let isolated = "`train` works without a network"

    /// Seconds that a container has between SIGTERM and SIGKILL.
    private static let grace = 120.0
    private static let interval = Duration.milliseconds(50)
    private static let longestStart = Duration.seconds(5)

    /// - Returns: S3 address of the model; `nil` if there is none.
    func run(_ log: inout LintLog) async throws -> String? {
        let request = request(.train)
        guard try await check(request, &log), let run = try await train(request, &log) else { return nil }
        try await stop(after: run.length, &log)
        guard let model = run.model else { return nil }
        if subject.isIsolatedToo { try await isolate(&log) }
        return model
    }

    /// What the server knows before anything starts.
    private func check(
        _ request: SageMaker.CreateTrainingJobRequest,
        _ log: inout LintLog
    ) async throws -> Bool {
        let report = try await stage.client.preflight(request)
        let problems = report.checks.filter { $0.verdict == .problem }
        guard problems.isEmpty else {
            log.add(
                Self.accepted,
                .failed,
                problems.map { "\($0.subject): \($0.text)" }.joined(separator: "\n")
            )
            for title in ContainerLint.training.dropFirst() {
                log.add(title, .skipped, "Not tried: the request is not accepted.")
            }
            return false
        }
        log.add(Self.accepted, .passed)
        return true
    }

    /// A run to the end.
    private struct Run {
        /// How long `train` was at work.
        var length: Duration
        /// S3 address; `nil` if it left none.
        var model: String?
    }

    /// - Returns: `nil` for a run that failed.
    private func train(
        _ request: SageMaker.CreateTrainingJobRequest,
        _ log: inout LintLog
    ) async throws -> Run? {
        let name = request.trainingJobName ?? ""
        _ = try await stage.call(SageMaker.CreateTrainingJob.self, request)
        _ = try await wait(for: name) { $0.secondaryStatus == "Training" }
        let begin = ContinuousClock.now
        let last = try await wait(for: name) { _ in false }
        let length = ContinuousClock.now - begin
        let description = try await stage.call(
            SageMaker.DescribeTrainingJob.self,
            .init(trainingJobName: name)
        )
        let reason = last?.failureReason ?? ""
        let rest = [Self.completes, Self.model, Self.stops]
        guard description.secondaryStatusTransitions?.contains(where: { $0.status == "Training" }) == true
        else {
            log.add(Self.starts, .failed, reason)
            for title in rest { log.add(title, .skipped, "Not tried: `train` did not start.") }
            return nil
        }
        log.add(Self.starts, .passed)
        guard last?.status == "Completed" else {
            let text =
                last?.status == "Stopped"
                ? "It was stopped after \(subject.trainingLimit) s (--training-limit)." : reason
            log.add(Self.completes, .failed, try await explained(text, name))
            for title in rest.dropFirst() { log.add(title, .skipped, "Not tried: `train` failed.") }
            return nil
        }
        log.add(Self.completes, .passed)
        let prefix = "out/\(name)/output/"
        guard let model = description.modelArtifacts?.s3ModelArtifacts,
            try await stage.keys(below: prefix).contains(prefix + "model.tar.gz")
        else {
            log.add(
                Self.model,
                .failed,
                "The directory was empty: write what is to be served to /opt/ml/model"
                    + (subject.script == nil ? "." : " (SM_MODEL_DIR).")
            )
            return Run(length: length)
        }
        log.add(Self.model, .passed)
        return Run(length: length, model: model)
    }

    /// Meets it in the middle of its work, not while its interpreter starts.
    private func stop(after length: Duration, _ log: inout LintLog) async throws {
        var request = request(.stop)
        // Long enough to be met at work.
        if usesAlgorithm { request.hyperParameters?["num_round"] = "1000000" }
        let name = request.trainingJobName ?? ""
        _ = try await stage.call(SageMaker.CreateTrainingJob.self, request)
        let met = try await wait(for: name) { $0.secondaryStatus == "Training" }
        var begin = ContinuousClock.now
        if met?.isEnded == false {
            try await Task.sleep(for: min(length / 2, Self.longestStart))
            begin = .now
            do {
                _ = try await stage.call(SageMaker.StopTrainingJob.self, .init(trainingJobName: name))
            } catch let refusal as ServerRefusal where refusal.message.contains("is in status") {
                // It has ended in this very moment, as its status says.
            }
        }
        let last = try await wait(for: name) { _ in false }
        let seconds = (ContinuousClock.now - begin).seconds
        guard last?.status == "Stopped" else {
            return log.add(Self.stops, .skipped, "It ended by itself before it could be told to.")
        }
        guard seconds < Self.grace else {
            return log.add(
                Self.stops,
                .failed,
                """
                It took no notice for \(Int(Self.grace)) s and was killed. Its entry process must react to SIGTERM: a shell \
                script hands it on with `exec` or `trap`, a program has a handler for it.
                """
            )
        }
        log.add(Self.stops, .passed, String(format: "It ended %.1f s after SIGTERM.", seconds))
    }

    private func isolate(_ log: inout LintLog) async throws {
        let request = request(.isolated)
        let name = request.trainingJobName ?? ""
        _ = try await stage.call(SageMaker.CreateTrainingJob.self, request)
        let last = try await wait(for: name) { _ in false }
        guard last?.status == "Completed" else {
            return log.add(Self.isolated, .failed, try await explained(last?.failureReason ?? "", name))
        }
        log.add(Self.isolated, .passed)
    }

    // MARK: -

    private func request(_ run: LintStage.Run) -> SageMaker.CreateTrainingJobRequest {
        var hyperparameters = subject.hyperparameters
        if usesAlgorithm {
            hyperparameters.merge(LintSubject.boosting) { given, _ in given }
        }
        var channels = subject.channels.isEmpty ? ["train": "table.csv"] : subject.channels
        // Without a network the code comes by a channel.
        let codeChannel = subject.script != nil && run == .isolated ? LintSubject.codeChannel : nil
        if let script = subject.script {
            if let codeChannel { channels[codeChannel] = "sourcedir.tar.gz" }
            let folder = codeChannel.map { "/opt/ml/input/data/\($0)" } ?? "s3://\(stage.name)/code"
            let place = "\(folder)/sourcedir.tar.gz"
            hyperparameters["sagemaker_program"] = Self.quoted(script.entryPoint)
            hyperparameters["sagemaker_submit_directory"] = Self.quoted(place)
        }
        return SageMaker.CreateTrainingJobRequest(
            trainingJobName: stage.job(run),
            hyperParameters: hyperparameters,
            algorithmSpecification: .init(trainingImage: subject.image, trainingInputMode: "File"),
            roleArn: role,
            inputDataConfig: channels.sorted { $0.key < $1.key }.map { name, path in
                .init(
                    channelName: name,
                    dataSource: .init(
                        s3DataSource: .init(
                            s3DataType: "S3Prefix",
                            s3Uri: "s3://\(stage.name)/\(name == codeChannel ? "code" : "data/\(name)")/"
                        )
                    ),
                    contentType: Self.contentType(of: path)
                )
            },
            outputDataConfig: .init(s3OutputPath: "s3://\(stage.name)/out"),
            resourceConfig: .init(instanceType: subject.instanceType, instanceCount: 1, volumeSizeInGB: 10),
            stoppingCondition: .init(maxRuntimeInSeconds: subject.trainingLimit),
            enableNetworkIsolation: run == .isolated
        )
    }

    /// As the SDKs write texts: in quotes, as JSON.
    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    private static func contentType(of path: String) -> String? {
        switch URL(filePath: path).pathExtension.lowercased() {
        case "csv": "text/csv"
        case "libsvm", "svm": "text/libsvm"
        case "parquet": "application/x-parquet"
        default: nil
        }
    }

    /// Polls until the job has ended, or `isThere` says yes.
    ///
    /// `DescribeTrainingJob` is not asked: it waits for the end of young jobs.
    private func wait(for name: String, until isThere: (JobReport) -> Bool) async throws -> JobReport? {
        var isTold = false
        while true {
            guard let job = try await stage.client.jobs(named: name, limit: 1).first else { return nil }
            if let queue = job.queue, !isTold {
                Screen.note("Waiting for room: \(queue.words).")
                isTold = true
            }
            if job.isEnded || isThere(job) { return job }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// A reason and the end of the log.
    private func explained(_ reason: String, _ job: String) async throws -> String {
        let region = stage.client.server.record.region
        return try await stage.explained(reason, .job(job, region: region, instances: 1))
    }
}
