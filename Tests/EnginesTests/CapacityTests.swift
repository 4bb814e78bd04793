import AgentProtocol
import Engines
import Resources
import Testing

extension Capacity {
    /// A fleet of one type.
    fileprivate mutating func place(
        _ instances: [InstanceID],
        of type: InstanceType,
        for owner: String
    ) throws(EngineError) -> [Place] {
        try place(instances.map { ($0, type) }, for: owner)
    }
}

@Suite struct CapacityTests {
    private static let gibibyte = 1 << 30

    private func type(
        _ vCPUs: Int,
        _ memoryGiB: Double,
        gpus: Int = 0,
        name: String = "ml.test"
    ) -> InstanceType {
        InstanceType(
            name: name,
            family: "standard",
            vCPUs: vCPUs,
            memoryGiB: memoryGiB,
            gpus: gpus,
            uses: []
        )
    }

    private func machine(_ cpus: Int, _ memoryGiB: Int, gpus: [Int] = []) -> Machine {
        Machine(cpus: cpus, memory: memoryGiB * Self.gibibyte, gpus: gpus)
    }

    private func ids(_ names: Int...) -> [InstanceID] { names.map { InstanceID("i-\($0)") } }

    @Test(arguments: [
        // type, machine, limit, clamped
        (4, 16.0, 8, 32, 4, 16.0, false), (16, 64.0, 8, 32, 8, 32.0, true), (4, 64.0, 8, 32, 4, 32.0, true),
        (16, 8.0, 8, 32, 8, 8.0, true), (8, 32.0, 8, 32, 8, 32.0, false),
    ])
    func `a limit is the smaller of type and machine, and clamping is said`(
        row: (
            vCPUs: Int, memory: Double, cpus: Int, gib: Int, limitCPUs: Int, limitGiB: Double, clamped: Bool
        )
    ) throws {
        let (limits, notice) = try Capacity(machine: machine(row.cpus, row.gib)).limits(
            of: type(row.vCPUs, row.memory)
        )
        #expect(limits.cpus == row.limitCPUs)
        #expect(limits.memory == Int(row.limitGiB * Double(Self.gibibyte)))
        #expect((notice != nil) == row.clamped)
    }

    @Test(arguments: [(2, 8.0), (4, 16.0), (96, 384.0), (1, 2.0)])
    func `at least four instances of any type fit, and the fifth of a large one waits`(
        size: (Int, Double)
    ) throws {
        var capacity = Capacity(machine: machine(2, 23))
        _ = try capacity.place(ids(1, 2, 3, 4), of: type(size.0, size.1), for: "job")
        #expect(throws: EngineError.noRoom(holders: ["job"])) {
            _ = try capacity.place(ids(5), of: type(96, 384), for: "other")
        }
        capacity.free(InstanceID("i-1"))
        _ = try capacity.place(ids(5), of: type(96, 384), for: "other")
    }

    @Test func `every catalogued type without a GPU fits four times on a small machine`() throws {
        for type in InstanceCatalogue.types where type.gpus == 0 {
            var capacity = Capacity(machine: machine(2, 4))
            _ = try capacity.place(ids(1, 2, 3, 4), of: type, for: "job")
        }
    }

    @Test func `room is counted beside what runs, and its holders are named`() throws {
        var capacity = Capacity(machine: machine(4, 16))
        let two = [type(4, 16), type(2, 8)]
        #expect(try capacity.vacancy(for: two) == Vacancy(hasRoom: true, more: 4, holders: []))
        _ = try capacity.place(ids(1, 2, 3), of: type(4, 16), for: "training job a")
        #expect(
            try capacity.vacancy(for: two)
                == Vacancy(hasRoom: false, more: 1, holders: ["training job a"])
        )
        #expect(throws: EngineError.self) {
            _ = try capacity.vacancy(for: Array(repeating: type(4, 16), count: 5))
        }
    }

    @Test func `a fleet is placed whole or not at all`() throws {
        var capacity = Capacity(machine: machine(4, 16))
        _ = try capacity.place(ids(1, 2, 3), of: type(4, 16), for: "training job a")
        #expect(throws: EngineError.noRoom(holders: ["training job a"])) {
            _ = try capacity.place(ids(4, 5), of: type(4, 16), for: "b")
        }
        // The refused fleet holds nothing.
        _ = try capacity.place(ids(6), of: type(4, 16), for: "c")
    }

    @Test func `a fleet that would not even fit alone does not wait for ever`() {
        var capacity = Capacity(machine: machine(4, 16))
        #expect {
            _ = try capacity.place(ids(1, 2, 3, 4, 5), of: type(4, 16), for: "job")
        } throws: { error in
            guard case EngineError.impossible(let text) = error else { return false }
            return text.contains("at most 4")
        }
    }

    @Test func `a fleet of several types is placed whole or not at all`() throws {
        var capacity = Capacity(machine: machine(8, 64, gpus: [0, 1]))
        let (small, large) = (type(1, 4), type(2, 16, gpus: 1, name: "ml.large"))
        let names = ids(1, 2, 3, 4)
        let places = try capacity.place([(names[0], small), (names[1], large)], for: "a")
        #expect(places.map(\.reservation.cpus) == [1, 2])
        #expect(places.map(\.gpus) == [[], [0]])
        #expect(throws: EngineError.noRoom(holders: ["a"])) {
            _ = try capacity.place([(names[2], large), (names[3], large)], for: "b")
        }
        #expect {
            _ = try capacity.place(names.map { ($0, large) } + [(InstanceID("s"), small)], for: "c")
        } throws: { error in
            guard case EngineError.impossible(let text) = error else { return false }
            return text == "4 × ml.large and 1 × ml.test do not fit on this machine together. "
                + "Ask for fewer."
        }
        #expect(try capacity.place([(names[2], large)], for: "d").map(\.gpus) == [[1]])
    }

    @Test func `GPUs are counted and belong to one instance`() throws {
        var capacity = Capacity(machine: machine(8, 64, gpus: [0, 1, 2]))
        let first = try capacity.place(ids(1, 2), of: type(1, 1, gpus: 1), for: "a")
        #expect(first.map(\.gpus) == [[0], [1]])
        #expect(throws: EngineError.noRoom(holders: ["a"])) {
            _ = try capacity.place(ids(3), of: type(1, 1, gpus: 2), for: "b")
        }
        capacity.free(InstanceID("i-1"))
        #expect(try capacity.place(ids(3), of: type(1, 1, gpus: 2), for: "b").map(\.gpus) == [[0, 2]])
    }

    @Test func `a GPU type on a machine without one fails saying so`() {
        #expect {
            _ = try Capacity(machine: machine(8, 64)).limits(of: type(4, 16, gpus: 1))
        } throws: { error in
            guard case EngineError.impossible(let text) = error else { return false }
            return text.contains("ml.test has 1 GPU") && text.contains("this machine has none")
        }
    }

    @Test func `adopted instances hold their places and GPUs`() throws {
        var capacity = Capacity(machine: machine(4, 16, gpus: [0, 1]))
        capacity.adopt(InstanceID("i-9"), of: type(1, 1, gpus: 1), for: "endpoint e", gpus: [0])
        #expect(try capacity.place(ids(1), of: type(1, 1, gpus: 1), for: "b").map(\.gpus) == [[1]])
        #expect(throws: EngineError.noRoom(holders: ["b", "endpoint e"])) {
            _ = try capacity.place(ids(2), of: type(1, 1, gpus: 1), for: "c")
        }
    }
}
