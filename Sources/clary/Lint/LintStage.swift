import AWSWire
import Archive
import ControlPlane
import Foundation
import SageMakerAPI

/// Where a container is linted: a bucket of its own and names that nothing else has; all of it goes away again.
struct LintStage: Sendable {
    let client: ServerClient
    /// Of the bucket, the endpoint and the jobs' beginning.
    let name = "clary-lint-" + String(UInt64.random(in: 0 ... .max), radix: 36)

    private var objects: ServerObjects { ServerObjects(client: client) }
    private var region: String { client.server.record.region }

    static let service = (name: "sagemaker", target: SageMaker.targetPrefix)
    private static let interval = Duration.milliseconds(100)

    /// The runs that there may be.
    enum Run: String, CaseIterable, Sendable {
        case train
        case stop
        case isolated
    }

    /// Key of the model that the user has given.
    static let model = "model/model.tar.gz"

    func job(_ run: Run) -> String { "\(name)-\(run.rawValue)" }

    func call<O: AWSWire.Operation>(_ operation: O.Type, _ input: O.Input) async throws -> O.Output {
        try await client.call(operation, input, of: Self.service, region: region)
    }

    /// Makes the bucket and fills it with data and code.
    func prepare(_ subject: LintSubject) async throws {
        try await objects.makeBucket(name, region: region)
        if subject.channels.isEmpty {
            try await objects.put(Array(LintSubject.table.utf8), name, "data/train/table.csv")
        }
        for (channel, path) in subject.channels { try await upload(path, to: "data/\(channel)") }
        if let model = subject.model {
            try await objects.put(Array(Data(contentsOf: URL(filePath: model))), name, Self.model)
        }
        guard let script = subject.script else { return }
        let archive = FileManager.default.temporaryDirectory.appending(path: "\(name).tar.gz").path
        defer { unlink(archive) }
        guard try ArchivePacker.pack([script.directory], to: archive) != nil else {
            throw CleanFailure(message: "There are no files below \(script.directory).")
        }
        try await objects.put(
            Array(Data(contentsOf: URL(filePath: archive))),
            name,
            "code/sourcedir.tar.gz"
        )
    }

    private func upload(_ path: String, to prefix: String) async throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CleanFailure(message: "There is no file or directory \(path).")
        }
        guard isDirectory.boolValue else {
            let bytes = Array(try Data(contentsOf: URL(filePath: path)))
            return try await objects.put(bytes, name, "\(prefix)/\(URL(filePath: path).lastPathComponent)")
        }
        var skipped: [String] = []
        for entry in try ContainedDirectory(path).list(skipped: &skipped) where !entry.isDirectory {
            let bytes = Array(try Data(contentsOf: URL(filePath: "\(path)/\(entry.path)")))
            try await objects.put(bytes, name, "\(prefix)/\(entry.path)")
        }
    }

    /// Keys below a prefix of the bucket.
    func keys(below prefix: String) async throws -> [String] {
        try await objects.keys(in: name, below: prefix)
    }

    // MARK: Afterwards

    /// Ends and removes whatever there is; says what could not be removed.
    func clear() async {
        await attempt("the endpoint \(name)") { try await removeEndpoint() }
        await attempt("the endpoint configuration \(name)") {
            _ = try await call(SageMaker.DeleteEndpointConfig.self, .init(endpointConfigName: name))
        }
        await attempt("the model \(name)") {
            _ = try await call(SageMaker.DeleteModel.self, .init(modelName: name))
        }
        for run in Run.allCases {
            await attempt("the training job \(job(run))") { try await removeJob(job(run)) }
        }
        await attempt("the bucket \(name)") { try await objects.removeBucket(name) }
    }

    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch let refusal as ServerRefusal where refusal.message.hasPrefix("Could not find") {
            // It was never made.
        } catch {
            Screen.note("\(what) could not be removed: \(error)")
        }
    }

    private func removeEndpoint() async throws {
        while let endpoint = try await client.endpoints(named: name).first {
            if endpoint.status != "Deleting" {
                do {
                    _ = try await call(SageMaker.DeleteEndpoint.self, .init(endpointName: name))
                } catch is ServerRefusal where endpoint.status == "Creating" {
                    // Not before it has come into service or failed.
                }
            }
            try await Task.sleep(for: Self.interval)
        }
        try await removeLogs(of: "/aws/sagemaker/Endpoints/\(name)")
    }

    private func removeJob(_ job: String) async throws {
        while let report = try await client.jobs(named: job, limit: 1).first {
            if report.isEnded {
                _ = try await call(SageMaker.DeleteTrainingJob.self, .init(trainingJobName: job))
                return try await removeStreams(of: job)
            }
            if report.status != "Stopping" {
                do {
                    _ = try await call(SageMaker.StopTrainingJob.self, .init(trainingJobName: job))
                } catch let refusal as ServerRefusal where refusal.message.contains("is in status") {
                    // It has ended meanwhile.
                }
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    private func removeStreams(of job: String) async throws {
        let group = "/aws/sagemaker/TrainingJobs"
        let page = try await client.call(
            CloudWatchLogs.DescribeLogStreams.self,
            .init(logGroupName: group, logStreamNamePrefix: "\(job)/"),
            of: Self.logs,
            region: region
        )
        for stream in page.logStreams ?? [] {
            _ = try await client.call(
                CloudWatchLogs.DeleteLogStream.self,
                .init(logGroupName: group, logStreamName: stream.logStreamName),
                of: Self.logs,
                region: region
            )
        }
    }

    private func removeLogs(of group: String) async throws {
        do {
            _ = try await client.call(
                CloudWatchLogs.DeleteLogGroup.self,
                .init(logGroupName: group),
                of: Self.logs,
                region: region
            )
        } catch let refusal as ServerRefusal where refusal.code.hasSuffix("ResourceNotFoundException") {
            return  // Nothing was ever written there.
        }
    }

    private static let logs = (name: "logs", target: CloudWatchLogs.targetPrefix)
}
