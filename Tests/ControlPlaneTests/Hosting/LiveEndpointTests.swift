import AgentProtocol
import ControlPlane
import Resources
import Store
import Testing

@Suite struct LiveEndpointTests {
    private let scope = Scope(account: .standard, region: .standard)

    /// An endpoint in its update: `old` answers, `new` is to come.
    private func updating() -> LiveEndpoint {
        var record = EndpointRecord(
            scope: scope,
            name: "demo",
            created: 1,
            configName: "first",
            incoming: [.sample(count: 1, instances: [InstanceID("new")])]
        )
        record.state = .updating
        record.fleet = [.sample(count: 1, instances: [InstanceID("old")])]
        record.pendingConfigName = "second"
        record.pendingSince = 5
        var endpoint = LiveEndpoint(record: record)
        for name in ["old", "new"] {
            var instance = InstanceRecord.sample(name, of: record.arn, in: scope)
            instance.isReady = name == "old"
            endpoint.instances[instance.id] = instance
        }
        return endpoint
    }

    @Test func `an incoming fleet is ready when every instance of it is placed and answers`() {
        var endpoint = updating()
        #expect(!endpoint.isIncomingReady)
        endpoint.instances[InstanceID("new")]?.isReady = true
        #expect(endpoint.isIncomingReady)
        endpoint.instances[InstanceID("new")]?.handle = nil
        #expect(!endpoint.isIncomingReady)
    }

    @Test func `no incoming fleet is never ready`() {
        var endpoint = updating()
        endpoint.record.incoming = []
        #expect(!endpoint.isIncomingReady)
    }

    @Test func `a switch of traffic takes configuration and fleet together and retires the old`() throws {
        var endpoint = updating()
        let (effects, retired) = try endpoint.apply(.fleetReady)
        #expect(effects == [.switchTraffic])
        #expect(retired.map(\.id.description) == ["old"])
        #expect(endpoint.record.configName == "second")
        #expect(endpoint.record.fleet.flatMap(\.instances).map(\.description) == ["new"])
        #expect(endpoint.record.incoming.isEmpty)
        #expect(endpoint.record.pendingSince == nil)
        #expect(endpoint.instances.keys.map(\.description) == ["new"])
    }

    @Test func `what is left of a fleet that failed is kept where that is wanted`() throws {
        var endpoint = updating()
        _ = try endpoint.apply(.fleetFailed("why"), at: 10, keeping: 60)
        #expect(endpoint.kept.map(\.id.description) == ["new"])
        #expect(endpoint.kept.map(\.isOfEndpoint) == [true])
        #expect(
            endpoint.record.failureReason
                == "why. Enter what is left until 1970-01-01T00:01:10Z: clary shell demo"
        )
        var other = updating()
        _ = try other.apply(.fleetReady, at: 10, keeping: 60)
        #expect(other.kept.isEmpty)
    }

    @Test func `a failed update keeps what answers`() throws {
        var endpoint = updating()
        let (_, retired) = try endpoint.apply(.fleetFailed("too big"))
        #expect(retired.map(\.id.description) == ["new"])
        #expect(endpoint.record.state == .inService)
        #expect(endpoint.record.configName == "first")
        #expect(endpoint.record.failureReason == "too big")
        #expect(endpoint.record.pendingConfigName == nil)
    }

    @Test func `calls go only to instances that answer`() {
        var endpoint = updating()
        endpoint.record.fleet[0].instances.append(InstanceID("new"))
        #expect(endpoint.routes.map(\.targets.count) == [1])
        #expect(endpoint.routes.first?.targets.first?.instance == InstanceID("old"))
        #expect(endpoint.routes.first?.weight == 0.5)
    }

    @Test func `a deletion retires everything`() throws {
        var endpoint = updating()
        endpoint.record.state = .inService
        let (effects, retired) = try endpoint.apply(.deleteRequested)
        #expect(effects == [.remove])
        #expect(Set(retired.map(\.id.description)) == ["old", "new"])
        #expect(endpoint.instances.isEmpty)
    }
}
