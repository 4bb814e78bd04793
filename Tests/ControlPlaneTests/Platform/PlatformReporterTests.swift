import AgentProtocol
import ControlPlane
import Engines
import Foundation
import Resources
import SageMakerAPI
import Store
import Testing

/// Reports over a state in a folder that goes away with it, on a machine of 8 CPUs and 32 GiB, at second 1100.
private final class Stage: Sendable {
    private let folder: URL
    let database: StateDatabase
    let reporter: PlatformReporter

    static let east = Scope(account: .standard, region: .standard)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "reports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try StateDatabase(file: folder.appending(path: "state.sqlite").path)
        reporter = PlatformReporter(
            facts: .init(
                version: "1.2.3",
                pid: 7,
                account: "000000000000",
                dataDirectory: "/data",
                started: Date(timeIntervalSince1970: 1000),
                url: { "http://127.0.0.1:9000" }
            ),
            database: database,
            machine: Machine(cpus: 8, memory: 32 << 30),
            now: { 1100 }
        )
    }

    deinit {
        // A folder that stays behind in the temporary directory fails no test.
        try? FileManager.default.removeItem(at: folder)
    }

    /// Keeps a job that was created at `created`, in a stage of its life.
    @discardableResult
    func addJob(
        _ name: String,
        type: String = "ml.m5.xlarge",
        in scope: Scope = Stage.east,
        created: Double,
        outcome: TrainingOutcome? = nil
    ) throws -> TrainingJobRecord {
        var record = TrainingJobRecord(
            scope: scope,
            name: name,
            created: created,
            request: .init(
                trainingJobName: name,
                resourceConfig: .init(instanceType: type, instanceCount: 2)
            )
        )
        if let outcome {
            record.state = .finished(outcome)
            record.close(outcome, at: created + 10)
        }
        let job = record
        try database.commit { try $0.insert(job) }
        return record
    }

    /// Keeps an instance of a job.
    func addInstance(_ id: String, of job: TrainingJobRecord, isPlaced: Bool) throws {
        let type = job.request.resourceConfig?.instanceType ?? ""
        var record = InstanceRecord(
            id: InstanceID(id),
            owner: job.arn,
            scope: job.scope,
            index: 0,
            assignment: .sample(id, type: type),
            role: "",
            log: LogTarget(group: "g", stream: "s", metricsOf: job.name)
        )
        if isPlaced {
            record.handle = InstanceHandle(
                instance: record.id,
                instanceType: type,
                processID: 1,
                processStart: 1,
                directory: "/data/instances/\(id)",
                owner: "training job \(job.name)"
            )
        }
        let instance = record
        try database.commit {
            try $0.setInstance(id, owner: job.arn, scope: job.scope, document: instance)
        }
    }
}

@Suite struct PlatformReporterTests {
    private let noDisk = PlatformOverview.Disk(usedBytes: 5, freeBytes: 6, isAtLeast: false)

    @Test func `an empty server reports itself`() throws {
        let stage = try Stage()
        let overview = try stage.reporter.overview(disk: noDisk, isShuttingDown: false)
        #expect(overview.server.version == "1.2.3")
        #expect(overview.server.uptimeSeconds == 100)
        #expect(overview.resources.trainingJobs.isEmpty)
        #expect(overview.instances.isEmpty)
        #expect(overview.machine.reservedCPUs == 0)
    }

    @Test func `jobs of every region are counted by their status`() throws {
        let stage = try Stage()
        let west = Scope(account: .standard, region: try #require(Region("us-west-2")))
        try stage.addJob("a", created: 1, outcome: .completed)
        try stage.addJob("a", in: west, created: 2, outcome: .completed)
        try stage.addJob("b", created: 3)
        let overview = try stage.reporter.overview(disk: noDisk, isShuttingDown: true)
        #expect(overview.resources.trainingJobs == ["Completed": 2, "InProgress": 1])
        #expect(overview.server.isShuttingDown)
    }

    @Test func `an instance that runs holds a quarter of the machine at most`() throws {
        let stage = try Stage()
        let job = try stage.addJob("big", type: "ml.m5.24xlarge", created: 1)
        try stage.addInstance("i-1", of: job, isPlaced: true)
        try stage.addInstance("i-2", of: job, isPlaced: false)
        let overview = try stage.reporter.overview(disk: noDisk, isShuttingDown: false)
        #expect(overview.instances.map(\.id) == ["i-1"])
        #expect(overview.instances[0].limit == .init(cpus: 8, memoryBytes: 32 << 30))
        #expect(overview.instances[0].reservation == .init(cpus: 2, memoryBytes: 8 << 30))
        #expect(overview.machine.reservedCPUs == 2)
    }

    @Test func `a limit is told beside the offer only where it is less`() throws {
        let stage = try Stage()
        try stage.addJob("clamped", type: "ml.m5.24xlarge", created: 2)
        try stage.addJob("whole", type: "ml.m5.xlarge", created: 1)
        let jobs = try stage.reporter.jobs(limit: 10, places: [:])
        #expect(jobs.map(\.name) == ["clamped", "whole"])
        #expect(jobs[0].offered == .init(cpus: 96, memoryBytes: 384 << 30))
        #expect(jobs[1].offered == nil)
        #expect(jobs[1].limit == .init(cpus: 4, memoryBytes: 16 << 30))
    }

    @Test func `a job that cannot run here has no limit`() throws {
        let stage = try Stage()
        try stage.addJob("gpu", type: "ml.p3.2xlarge", created: 1)
        #expect(try stage.reporter.jobs(limit: 10, places: [:])[0].limit == nil)
    }

    @Test func `a job that waits says its place`() throws {
        let stage = try Stage()
        let job = try stage.addJob("waits", created: 1)
        try stage.addInstance("i-1", of: job, isPlaced: false)
        let place = QueuePlace(position: 2, holders: ["training job other"])
        let jobs = try stage.reporter.jobs(limit: 10, places: [InstanceID("i-1"): place])
        #expect(jobs[0].queue == place)
    }

    @Test func `jobs that have not ended are never left out`() throws {
        let stage = try Stage()
        try stage.addJob("old", created: 1)
        for number in 1...3 {
            try stage.addJob("done-\(number)", created: Double(number + 1), outcome: .stopped)
        }
        #expect(try stage.reporter.jobs(limit: 2, places: [:]).map(\.name) == ["done-3", "done-2", "old"])
        #expect(try stage.reporter.jobs(limit: 0, places: [:]).map(\.name) == ["old"])
        #expect(try stage.reporter.jobs(named: "done-1", limit: 9, places: [:]).map(\.name) == ["done-1"])
    }

    @Test func `time runs from the creation to the end or to now`() throws {
        let stage = try Stage()
        try stage.addJob("done", created: 1050, outcome: .failed("AlgorithmError: no"))
        try stage.addJob("on", created: 1040)
        let jobs = try stage.reporter.jobs(limit: 10, places: [:])
        #expect(jobs.map(\.elapsedSeconds) == [10, 60])
        #expect(jobs.map(\.isEnded) == [true, false])
        #expect(jobs[0].failureReason == "AlgorithmError: no")
    }

    @Test func `an endpoint shows its variants, those to come apart`() throws {
        let stage = try Stage()
        let fleet = VariantFleet.sample(count: 2)
        var record = EndpointRecord(
            scope: Stage.east,
            name: "e",
            created: 1,
            configName: "c",
            incoming: [fleet]
        )
        record.fleet = [fleet]
        let endpoint = record
        try stage.database.commit { state in
            try state.insert(endpoint)
            try state.record(.init(arn: endpoint.arn, time: 5, status: "Creating", message: ""))
        }
        let found = try stage.reporter.endpoints(places: [:])
        #expect(found.map(\.status) == ["Creating"])
        #expect(found[0].since == Date(timeIntervalSince1970: 5))
        #expect(found[0].variants.map(\.isIncoming) == [false, true])
        #expect(found[0].variants[0].currentCount == 0)
    }
}
