import AgentProtocol
import ControlPlane
import Engines
import Resources
import Synchronization
import Testing

/// A machine that has room as soon as nobody holds it; it remembers who asked.
private final class FakeMachine: Engine {
    private let holders: Mutex<[String]>
    private let asked = Mutex<[String]>([])

    init(heldBy holders: [String] = []) { self.holders = Mutex(holders) }

    var requests: [String] { asked.withLock(\.self) }

    func free() { holders.withLock { $0 = [] } }

    func start(_ fleet: FleetSpec) async throws(EngineError) -> [InstanceHandle] {
        asked.withLock { $0.append(fleet.owner) }
        guard fleet.instances.allSatisfy({ $0.instanceType != "ml.never" }) else {
            throw .impossible("no such machine")
        }
        let current = holders.withLock(\.self)
        guard current.isEmpty else { throw .noRoom(holders: current) }
        return fleet.instances.map { InstanceHandle.sample($0.id) }
    }

    func kill(_ instance: InstanceHandle) async throws(EngineError) {}
    func isAlive(_ instance: InstanceHandle) async -> Bool { true }
    func release(_ instance: InstanceHandle) async throws(EngineError) {}
    func keep(_ instance: InstanceHandle) async throws(EngineError) {}
    func adopt(_ instances: [InstanceHandle], keeping kept: [InstanceHandle]) async {}
    func limits(of instanceType: String) throws(EngineError) -> (limits: InstanceLimits, notice: String?) {
        (InstanceLimits(cpus: 1, memory: 1), nil)
    }
    func vacancy(for instanceTypes: [String]) async throws(EngineError) -> Vacancy {
        let current = holders.withLock(\.self)
        return Vacancy(hasRoom: current.isEmpty, more: 0, holders: current)
    }
}

/// A fleet that stands in line, and what it is told there.
private struct Queued {
    let placing: Task<[InstanceHandle], any Error>
    private let told: AsyncStream<QueuePlace>

    init(
        _ owner: String,
        type: String = "ml.m5.large",
        in queue: PlacementQueue,
        while isWanted: @escaping @Sendable () -> Bool = { true }
    ) {
        let (told, telling) = AsyncStream.makeStream(of: QueuePlace.self)
        self.told = told
        let fleet = FleetSpec(
            owner: owner,
            instances: [InstanceSeat(id: InstanceID(owner), instanceType: type, token: "t")],
            network: .isolated
        )
        placing = Task {
            try await queue.place(fleet, while: isWanted) { telling.yield($0) }
        }
    }

    /// The next place that it is told; waits for it.
    func place() async -> QueuePlace? {
        for await place in told { return place }
        return nil
    }
}

@Suite(.timeLimit(.minutes(1))) struct PlacementQueueTests {
    @Test func `a fleet starts at once where there is room`() async throws {
        let queue = PlacementQueue(engine: FakeMachine())
        let handles = try await Queued("a", in: queue).placing.value
        #expect(handles.map(\.instance) == [InstanceID("a")])
        #expect(await queue.places.isEmpty)
    }

    @Test func `a fleet without room waits until room may be free`() async throws {
        let machine = FakeMachine(heldBy: ["training job big"])
        let queue = PlacementQueue(engine: machine)
        let fleet = Queued("a", in: queue)
        let place = QueuePlace(position: 1, holders: ["training job big"])
        #expect(await fleet.place() == place)
        #expect(await queue.places == [InstanceID("a"): place])
        machine.free()
        await queue.roomMayBeFree()
        #expect(try await fleet.placing.value.count == 1)
        #expect(await queue.places.isEmpty)
    }

    @Test func `nobody is started before those who came first`() async throws {
        let machine = FakeMachine(heldBy: ["training job big"])
        let queue = PlacementQueue(engine: machine)
        let first = Queued("first", in: queue)
        #expect(await first.place()?.position == 1)
        let second = Queued("second", in: queue)
        let place = QueuePlace(position: 2, ahead: ["first"], holders: ["training job big"])
        #expect(await second.place() == place)
        #expect(place.words == "number 2 in line behind first; the room is held by training job big")
        #expect(machine.requests.allSatisfy { $0 == "first" })
        machine.free()
        await queue.roomMayBeFree()
        _ = try await (first.placing.value, second.placing.value)
        #expect(machine.requests.last == "second")
    }

    @Test func `a fleet that nobody wants any more lets the next one forward`() async throws {
        let machine = FakeMachine(heldBy: ["training job big"])
        let queue = PlacementQueue(engine: machine)
        let isWanted = Atomic(true)
        let first = Queued("first", in: queue) { isWanted.load(ordering: .relaxed) }
        #expect(await first.place()?.position == 1)
        let second = Queued("second", in: queue)
        #expect(await second.place()?.position == 2)
        isWanted.store(false, ordering: .relaxed)
        await queue.roomMayBeFree()
        await #expect(throws: CancellationError.self) { try await first.placing.value }
        #expect(await second.place() == QueuePlace(position: 1, holders: ["training job big"]))
        machine.free()
        await queue.roomMayBeFree()
        _ = try await second.placing.value
    }

    @Test func `a fleet that nobody wants before it stands in line is not started`() async {
        let machine = FakeMachine()
        let fleet = Queued("a", in: PlacementQueue(engine: machine)) { false }
        await #expect(throws: CancellationError.self) { try await fleet.placing.value }
        #expect(machine.requests.isEmpty)
    }

    @Test func `a fleet that can never run does not wait`() async {
        let queue = PlacementQueue(engine: FakeMachine(heldBy: ["training job big"]))
        let fleet = Queued("a", type: "ml.never", in: queue)
        await #expect(throws: EngineError.impossible("no such machine")) { try await fleet.placing.value }
        #expect(await queue.places.isEmpty)
    }
}
