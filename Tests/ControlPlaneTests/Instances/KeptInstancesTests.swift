import AWSWire
import AgentProtocol
import ControlPlane
import Engines
import Foundation
import Logging
import Resources
import Store
import Synchronization
import Testing

/// Remembers whose files were removed.
private final class FakeMachine: Engine {
    private let gone = Mutex<[String]>([])
    private let stuck: Bool

    init(isStuck: Bool = false) { stuck = isStuck }

    var removed: [String] { gone.withLock(\.self) }

    func release(_ instance: InstanceHandle) async throws(EngineError) {
        if stuck { throw .failed("busy") }
        gone.withLock { $0.append(instance.instance.description) }
    }
    func start(_ fleet: FleetSpec) async throws(EngineError) -> [InstanceHandle] { [] }
    func kill(_ instance: InstanceHandle) async throws(EngineError) {}
    func keep(_ instance: InstanceHandle) async throws(EngineError) {}
    func isAlive(_ instance: InstanceHandle) async -> Bool { true }
    func adopt(_ instances: [InstanceHandle], keeping kept: [InstanceHandle]) async {}
    func limits(of instanceType: String) throws(EngineError) -> (limits: InstanceLimits, notice: String?) {
        (InstanceLimits(cpus: 1, memory: 1), nil)
    }
    func vacancy(for instanceTypes: [String]) async throws(EngineError) -> Vacancy {
        Vacancy(hasRoom: true, more: 1, holders: [])
    }
}

/// What is kept of some jobs at second 100, in a folder that goes away with it.
private final class Stage: Sendable {
    private let folder: URL
    let database: StateDatabase
    let machine: FakeMachine
    let kept: KeptInstances

    init(hasDisk: Bool = true, isStuck: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "kept-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try StateDatabase(file: folder.appending(path: "state.sqlite").path)
        machine = FakeMachine(isStuck: isStuck)
        kept = KeptInstances(
            database: database,
            engine: machine,
            hasDisk: { hasDisk },
            now: { 100 },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    deinit {
        // A folder that stays behind in the temporary directory fails no test.
        try? FileManager.default.removeItem(at: folder)
    }

    func add(_ id: String, of job: String, until: Double, region: String = "us-east-1", host: Int = 1) throws
    {
        let scope = Scope(account: .standard, region: try #require(Region(region)))
        let owner = "arn:aws:sagemaker:\(region):000000000000:\(job)"
        var assignment = Assignment.sample(id)
        assignment.host = "algo-\(host)"
        var record = InstanceRecord(
            id: InstanceID(id),
            owner: owner,
            scope: scope,
            index: host - 1,
            assignment: assignment,
            role: "",
            log: LogTarget(group: "g", stream: "s", metricsOf: "m")
        )
        record.handle = .sample(record.id)
        let instance = try #require(KeptInstance(of: record, until: until))
        try database.commit { try $0.keep([instance]) }
    }

    var names: [String] {
        get throws { try database.read { try $0.keptInstances() }.map(\.id.description) }
    }
}

@Suite struct KeptInstancesTests {
    @Test func `what is kept has no credentials`() throws {
        let scope = Scope(account: .standard, region: .standard)
        let record = InstanceRecord.sample("one", of: "arn:x", in: scope)
        #expect(record.assignment.credentials.secretAccessKey == "s")
        let kept = try #require(KeptInstance(of: record, until: 1))
        #expect(kept.assignment.credentials.secretAccessKey.isEmpty)
        #expect(kept.assignment.credentials.sessionToken.isEmpty)
        #expect(KeptInstance(of: .sample("two", of: "arn:x", in: scope, isPlaced: false), until: 1) == nil)
    }

    @Test func `a sweep clears away what is over and nothing else`() async throws {
        let stage = try Stage()
        try stage.add("a", of: "training-job/a", until: 100)
        try stage.add("b", of: "training-job/b", until: 101)
        await stage.kept.sweep()
        #expect(stage.machine.removed == ["a"])
        #expect(try stage.names == ["b"])
        await stage.kept.sweep()
        #expect(stage.machine.removed == ["a"])
    }

    @Test func `what cannot be removed stays on the books and is tried again`() async throws {
        let stage = try Stage(isStuck: true)
        try stage.add("a", of: "training-job/a", until: 1)
        await stage.kept.sweep()
        #expect(try stage.names == ["a"])
    }

    @Test func `where the disk is short they go job by job, those first that would go next`() async throws {
        let stage = try Stage(hasDisk: false)
        try stage.add("later", of: "training-job/later", until: 300)
        try stage.add("soon-1", of: "training-job/soon", until: 200, host: 1)
        try stage.add("soon-2", of: "training-job/soon", until: 200, host: 2)
        await stage.kept.sweep()
        #expect(stage.machine.removed.sorted() == ["soon-1", "soon-2"])
        await stage.kept.sweep()
        #expect(try stage.names.isEmpty)
    }

    @Test func `there are never more than some`() async throws {
        let stage = try Stage()
        for number in 0...KeptInstance.most {
            try stage.add("i-\(number)", of: "training-job/j-\(number)", until: 1000 + Double(number))
        }
        await stage.kept.sweep()
        #expect(stage.machine.removed == ["i-0"])
        #expect(try stage.names.count == KeptInstance.most)
    }

    @Test func `a visitor enters the first instance, or the one that they name`() async throws {
        let stage = try Stage()
        try stage.add("two", of: "training-job/demo", until: 200, host: 2)
        try stage.add("one", of: "training-job/demo", until: 200, host: 1)
        let first = try await stage.kept.enter(VisitRequest(name: "demo"))
        #expect(first.directory.hasSuffix("/one"))
        #expect(first.hosts == ["algo-1", "algo-2"])
        let second = try await stage.kept.enter(VisitRequest(name: "demo", host: "algo-2"))
        #expect(second.directory.hasSuffix("/two"))
        await #expect(throws: ServiceError.self) {
            try await stage.kept.enter(VisitRequest(name: "demo", host: "algo-3"))
        }
    }

    @Test func `of several failures of an endpoint the latest is meant`() async throws {
        let stage = try Stage()
        try stage.add("before", of: "endpoint/demo", until: 200)
        try stage.add("after", of: "endpoint/demo", until: 300)
        #expect(try await stage.kept.enter(VisitRequest(name: "demo")).directory.hasSuffix("/after"))
    }

    @Test func `things of one name have to be told apart, and what is over is not there`() async throws {
        let stage = try Stage()
        try stage.add("job", of: "training-job/demo", until: 200)
        try stage.add("far", of: "training-job/demo", until: 200, region: "eu-west-1")
        try stage.add("endpoint", of: "endpoint/demo", until: 200)
        try stage.add("over", of: "training-job/over", until: 50)
        for wanted in [VisitRequest(name: "demo"), VisitRequest(name: "over"), VisitRequest(name: "no")] {
            await #expect(throws: ServiceError.self) { try await stage.kept.enter(wanted) }
        }
        let endpoint = try await stage.kept.enter(VisitRequest(name: "demo", isOfEndpoint: true))
        #expect(endpoint.directory.hasSuffix("/endpoint"))
        let far = try await stage.kept.enter(VisitRequest(name: "demo", region: "eu-west-1"))
        #expect(far.directory.hasSuffix("/far"))
        #expect(try await stage.kept.discard(VisitRequest(name: "demo", region: "eu-west-1")) == 1)
        #expect(stage.machine.removed == ["far"])
        #expect(try stage.names.sorted() == ["endpoint", "job", "over"])
    }
}
