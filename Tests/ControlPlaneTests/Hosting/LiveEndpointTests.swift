import AgentProtocol
import ControlPlane
import Resources
import SageMakerAPI
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

    @Test func `a deployment that is over is another one's no more`() throws {
        var endpoint = updating()
        let first = endpoint.deployment
        _ = try endpoint.apply(.fleetFailed("too big"))
        let second = endpoint.deployment
        _ = try endpoint.apply(.deleteRequested)
        #expect(Set([first, second, endpoint.deployment]).count == 3)
    }

    @Test func `an endpoint whose first fleet waits for room says so`() {
        let record = EndpointRecord(
            scope: scope,
            name: "demo",
            created: 1,
            configName: "first",
            incoming: [.sample(count: 1, instances: [InstanceID("new")])]
        )
        let place = QueuePlace(position: 1, holders: ["training job big"])
        let reply = record.description(places: [InstanceID("new"): place]) { _ in 0 }
        #expect(reply.productionVariants == nil)
        #expect(reply.pendingDeploymentSummary?.endpointConfigName == "first")
        let status = reply.pendingDeploymentSummary?.productionVariants?.first?.variantStatus?.first
        #expect(status?.status == "Creating")
        #expect(
            status?.statusMessage
                == "Waiting for free instances: number 1 in line; the room is held by training job big."
        )
        let started = record.description { _ in 0 }.pendingDeploymentSummary?.productionVariants?.first
        #expect(started?.variantStatus?.first?.status == "Creating")
        #expect(started?.variantStatus?.first?.statusMessage == nil)
    }

    @Test func `a variant that waits for room for a lost instance says so`() {
        var record = updating().record
        record.state = .inService
        record.incoming = []
        record.pendingConfigName = nil
        let place = QueuePlace(position: 2, ahead: ["endpoint b"], holders: ["training job big"])
        let status = record.description(places: [InstanceID("old"): place]) { _ in 0 }
            .productionVariants?.first?.variantStatus
        #expect(status?.map(\.status) == ["Updating"])
        #expect(status?.first?.statusMessage?.contains("number 2 in line behind endpoint b;") == true)
        #expect(record.description { _ in 1 }.productionVariants?.first?.variantStatus == nil)
    }
}
