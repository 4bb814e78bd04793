import AlgorithmContainer
import Testing

@Suite struct HostTests {
    private let hosts = ["algo-1", "algo-2", "algo-3"]

    @Test func `hosts that have all channels train, in the job's order`() {
        let plan = HostPlan(
            [
                "algo-1": .init(hasTrain: true, lacksValidation: true),
                "algo-2": .init(hasTrain: true, lacksValidation: false),
                "algo-3": .init(hasTrain: true, lacksValidation: false),
            ],
            hosts: hosts
        )
        #expect(plan.members == ["algo-2", "algo-3"])
        #expect(plan.place(of: "algo-3") == 1)
        #expect(plan.place(of: "algo-1") == nil)
    }

    @Test func `sparse parts take the widest, tables must agree`() throws {
        func shape(_ columns: Int, _ isSparse: Bool, _ smallest: Int? = nil) -> ChannelShape {
            ChannelShape(columnCount: columns, isSparse: isSparse, smallestIndex: smallest)
        }
        let merged = try ChannelShape.merged(
            ["algo-1": shape(5, true, 1), "algo-2": shape(7, true, 0), "algo-3": shape(2, true)],
            channel: "train"
        )
        #expect(merged == shape(7, true, 0))
        #expect(throws: TrainingFault.self) {
            try ChannelShape.merged(
                ["algo-1": shape(5, false), "algo-2": shape(7, false)],
                channel: "train"
            )
        }
    }

    @Test func `an exchange is complete when everybody who is left has spoken`() {
        var exchange = HostExchange(hosts: hosts)
        #expect(exchange.hear(HostMessage(.say, host: "algo-1", value: "1")) == nil)
        #expect(exchange.hear(HostMessage(.say, host: "stranger", value: "0")) == nil)
        #expect(exchange.hear(HostMessage(.say, host: "algo-3", value: "3")) == nil)
        let all = exchange.hear(HostMessage(.done, host: "algo-2"))
        #expect(all?.values == ["algo-1": "1", "algo-3": "3"])
        #expect(exchange.lose("algo-2") == nil, "who is done may go")
        #expect(exchange.hear(HostMessage(.done, host: "algo-1")) == nil)
        #expect(!exchange.isOver)
        #expect(exchange.hear(HostMessage(.done, host: "algo-3")) == nil)
        #expect(exchange.isOver)
    }

    @Test func `the first fault is everybody's, with its host's name`() {
        var exchange = HostExchange(hosts: hosts)
        let lost = exchange.lose("algo-3")
        #expect(lost?.fault.message.hasPrefix("Host algo-3: it is gone") == true)
        #expect(lost?.fault.party == .algorithm)
        let later = HostMessage(TrainingFault(party: .customer, message: "late"), of: "algo-1")
        #expect(exchange.hear(later) == nil)
    }

    @Test func `a host that comes after a failure is told of it`() {
        var exchange = HostExchange(hosts: hosts)
        let failed = HostMessage(TrainingFault(party: .customer, message: "early"), of: "algo-2")
        #expect(exchange.hear(HostMessage(.hello, host: "algo-2")) == nil)
        #expect(exchange.hear(failed) == failed)
        #expect(!exchange.isOver)
        #expect(exchange.hear(HostMessage(.hello, host: "algo-1")) == failed)
        #expect(!exchange.isOver)
        #expect(exchange.hear(HostMessage(.hello, host: "algo-3")) == failed)
        #expect(exchange.isOver)
    }

    @Test func `lines arrive whole, however they are cut`() throws {
        let message = HostMessage(.say, host: "algo-1", value: "{\"x\":\"\\n\"}")
        let bytes = try message.line() + message.line()
        for size in 1...bytes.count {
            var cutter = LineCutter()
            let lines = stride(from: 0, to: bytes.count, by: size).flatMap {
                cutter.take(Array(bytes[$0..<min($0 + size, bytes.count)]))
            }
            #expect(lines.compactMap(HostMessage.parse) == [message, message])
        }
    }

    @Test func `hosts exchange values and hear of a failure`() async throws {
        let names = ["127.250.1.1", "127.250.1.2"]
        let log = ContainerLog { _ in }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for name in names {
                tasks.addTask {
                    let group = try await HostGroup.join(hosts: names, current: name, log: log)
                    let first = try await group.exchange("from \(name)")
                    #expect(first == Dictionary(uniqueKeysWithValues: names.map { ($0, "from \($0)") }))
                    let second = try await group.exchange(name == names[0] ? 7 : nil)
                    #expect(second == [names[0]: 7])
                    if name == names[1] {
                        return await group.fail(TrainingFault(party: .customer, message: "no luck"))
                    }
                    await #expect(
                        throws: TrainingFault(party: .customer, message: "Host \(names[1]): no luck")
                    ) { _ = try await group.exchange(1) }
                }
            }
            try await tasks.waitForAll()
        }
    }
}
