package import AgentProtocol
package import Engines
import Foundation
import Logging
import Resources
package import Store

/// Drives endpoints: starts their fleets, switches traffic, replaces what is lost.
///
/// Every change goes through the endpoint's state machine, is made durable, and only then acted upon.
package actor EndpointSupervisor: InstanceOwner {
    /// An endpoint of one account and region.
    package struct Key: Hashable, Sendable {
        let scope: Scope
        let name: String
    }

    let parts: SupervisorParts
    private let traffic: any TrafficSwitch
    private let now: @Sendable () -> Double
    var endpoints: [Key: LiveEndpoint] = [:]
    var endpointOfInstance: [InstanceID: Key] = [:]
    private let exits = Broadcast<InstanceID>()
    /// Ends of deployments, and of endpoints.
    let endings = Broadcast<UUID>()
    private let removals = Broadcast<Key>()

    package init(
        parts: SupervisorParts,
        traffic: any TrafficSwitch,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.parts = parts
        self.traffic = traffic
        self.now = now
    }

    // MARK: Asked by users

    /// Takes a new endpoint on.
    ///
    /// - Throws: `ResourceExists` if the name is taken.
    package func accept(_ record: EndpointRecord, tags: [ResourceTag]) throws {
        try parts.database.commit { transaction in
            try transaction.insert(record)
            try transaction.setTags(tags, on: record.arn)
            try transaction.record(record.latestEvent)
        }
        let key = Key(scope: record.scope, name: record.name)
        endpoints[key] = LiveEndpoint(record: record)
        parts.work.submit { await self.launch(key) }
    }

    /// Begins the change to another configuration or size.
    ///
    /// - Throws: `EndpointBusy` if it cannot be changed now.
    package func update(_ key: Key, configName: String, to incoming: [VariantFleet]) throws {
        guard var endpoint = endpoints[key] else { throw UnknownInstance() }
        let effects = try endpoint.record.state.handle(.updateRequested)
        endpoint.record.incoming = incoming
        endpoint.record.pendingConfigName = configName
        endpoint.record.pendingSince = now()
        endpoint.record.failureReason = nil
        try commit(&endpoint, key)
        perform(effects, on: key)
    }

    /// Changes the variants' shares of the calls at once.
    package func setWeights(_ weights: [String: Double], of key: Key) throws {
        guard var endpoint = endpoints[key] else { throw UnknownInstance() }
        guard endpoint.record.state == .inService else { throw EndpointBusy(state: endpoint.record.state) }
        endpoint.record.fleet = endpoint.record.fleet.map { fleet in
            var fleet = fleet
            fleet.weight = weights[fleet.variant] ?? fleet.weight
            return fleet
        }
        try commit(&endpoint, key)
        publish(key)
    }

    /// Ends an endpoint; the first fleet, if it is being started, is given up.
    ///
    /// - Throws: `EndpointBusy` if it cannot be deleted now.
    package func delete(_ key: Key) async throws {
        try transition(key, .deleteRequested)
        await parts.placement.roomMayBeFree()
    }

    /// Ends an endpoint whatever it is doing: a fleet that is being started is given up first.
    package func abandon(_ key: Key, reason: String) async throws {
        try transition(key, .fleetFailed(reason), keeping: nil)
        try await delete(key)
    }

    /// Which of the endpoint's instances answer now.
    package func readiness(of key: Key) -> [InstanceID: Bool] {
        endpoints[key]?.instances.mapValues(\.isReady) ?? [:]
    }

    /// Where those of the endpoint's instances stand that wait for room.
    package func places(of key: Key) async -> [InstanceID: QueuePlace] {
        let places = await parts.placement.places
        return places.filter { endpoints[key]?.instances[$0.key] != nil }
    }

    /// The instances that should be running.
    package var handles: [InstanceHandle] {
        endpoints.values.flatMap(\.instances.values).compactMap(\.handle)
    }

    // MARK: Reported by agents

    package func amend(
        _ instance: InstanceID,
        _ change: @Sendable (inout InstanceRecord) throws -> Void
    ) throws {
        guard let key = endpointOfInstance[instance], var endpoint = endpoints[key],
            var record = endpoint.instances[instance]
        else { throw UnknownInstance() }
        try change(&record)
        endpoint.instances[instance] = record
        try commit(&endpoint, key)
    }

    package func apply(_ events: [InstanceEvent], from instance: InstanceID) async throws {
        guard let key = endpointOfInstance[instance] else { throw UnknownInstance() }
        for event in events {
            guard var endpoint = endpoints[key], var record = endpoint.instances[instance] else {
                // It is off the books already: somebody waits for its end only.
                switch event.change {
                case .exited, .failed, .finished: exits.notify(instance)
                case .downloading, .progress, .pulling, .image, .started, .ready, .uploading: break
                }
                continue
            }
            guard event.sequence > record.lastEvent else { continue }
            record.lastEvent = event.sequence
            switch event.change {
            case .ready: record.isReady = true
            case .exited, .failed, .finished: record.isReady = false
            case .image(let reference, let digest):
                endpoint.noteImage(reference, digest: digest, of: instance)
            case .downloading, .progress, .pulling, .started, .uploading: break
            }
            endpoint.instances[instance] = record
            try commit(&endpoint, key)
            react(to: event.change, of: instance, key)
        }
    }

    private func react(to change: InstanceEvent.Change, of instance: InstanceID, _ key: Key) {
        switch change {
        case .ready:
            settle(key)
        case .failed(let failure):
            exits.notify(instance)
            instanceFailed(instance, key, reason: "\(failure.blame.rawValue): \(failure.message)")
        case .finished:
            exits.notify(instance)
        case .exited:
            publish(key)
        case .downloading, .progress, .pulling, .image, .started, .uploading:
            break
        }
    }

    package func instanceWasLost(_ instance: InstanceID) async {
        exits.notify(instance)
        guard let key = endpointOfInstance[instance] else { return }
        instanceFailed(
            instance,
            key,
            reason: "InternalServerError: An instance was lost: its agent ended without a word."
        )
    }

    private func instanceFailed(_ instance: InstanceID, _ key: Key, reason: String) {
        guard let endpoint = endpoints[key] else { return }
        if let fleet = endpoint.record.incoming.first(where: { $0.instances.contains(instance) }) {
            let isIsolated = endpoint.instances[instance]?.assignment.network == .isolated
            let words = HostingFailure.reason(reason, ofVariant: fleet.variant, isIsolated: isIsolated)
            report(.fleetFailed(words), key)
        } else if endpoint.record.fleet.contains(where: { $0.instances.contains(instance) }) {
            parts.work.submit { await self.replace(instance, of: key) }
        }
    }

    /// Starts another instance in the place of one that is gone; the endpoint stays in service.
    private func replace(_ instance: InstanceID, of key: Key) async {
        guard var endpoint = endpoints[key], endpoint.record.state != .deleting,
            let index = endpoint.record.fleet.firstIndex(where: { $0.instances.contains(instance) })
        else { return }
        let lost = endpoint.instances.removeValue(forKey: instance)
        endpoint.record.fleet[index].instances.removeAll { $0 == instance }
        let (record, fleet) = (endpoint.record, endpoint.record.fleet[index])
        do {
            try commit(&endpoint, key)
            publish(key)
            if let lost { await clear([lost]) }
            var (successors, leases) = try await makeInstances(1, of: fleet, for: record, until: removals) {
                $0 != .deleting
            }
            let seats = successors.indices.map { successors[$0].takeSeat() }
            guard var current = endpoints[key],
                let place = current.record.fleet.firstIndex(where: { $0.variant == fleet.variant })
            else { return }
            for successor in successors { current.instances[successor.id] = successor }
            current.record.fleet[place].instances += successors.map(\.id)
            try commit(&current, key)
            try await self.place(successors, keeping: leases, in: seats, fleet: fleet, of: key)
        } catch  where error is CancellationError || error.endsPreparation {
            // The endpoint goes, or the server ends.
        } catch {
            parts.logger.error("No replacement for \(instance) of endpoint \(key.name): \(error)")
        }
    }

    // MARK: The one way an endpoint changes

    /// Goes on where every instance of the incoming fleet answers, or one of the current fleet came back.
    func settle(_ key: Key) {
        guard let endpoint = endpoints[key] else { return }
        if endpoint.isIncomingReady { report(.fleetReady, key) } else { publish(key) }
    }

    func report(_ event: EndpointEvent, _ key: Key) {
        do {
            try transition(key, event, keeping: parts.keepsFailedFor)
        } catch {
            parts.logger.error("Endpoint \(key.name): \(event) was not written: \(error)")
        }
    }

    private func transition(_ key: Key, _ event: EndpointEvent, keeping: Double? = nil) throws {
        guard var endpoint = endpoints[key] else { return }
        let deployment = endpoint.deployment
        let (effects, retired) = try endpoint.apply(event, at: now(), keeping: keeping)
        let kept = Set(endpoint.kept.map(\.id))
        try commit(
            &endpoint,
            key,
            retired: retired,
            usage: effects.contains(.switchTraffic) ? .newFleet : .none
        )
        if endpoint.deployment != deployment { endings.notify(deployment) }
        perform(effects, on: key, retired: retired, keeping: kept)
    }

    func perform(
        _ effects: [EndpointEffect],
        on key: Key,
        retired: [InstanceRecord] = [],
        keeping kept: Set<InstanceID> = []
    ) {
        for effect in effects {
            switch effect {
            case .launch:
                parts.work.submit { await self.launch(key) }
            case .switchTraffic, .discardIncoming:
                publish(key)
                parts.work.submit { await self.retire(retired, keeping: kept) }
            case .remove:
                removals.notify(key)
                traffic.withdraw(key.name, in: key.scope)
                parts.work.submit {
                    await self.retire(retired)
                    await self.forget(key)
                }
            }
        }
    }

    /// Tells the router which instances answer.
    func publish(_ key: Key) {
        guard let endpoint = endpoints[key], !endpoint.record.fleet.isEmpty else { return }
        traffic.publish(endpoint.routes, of: key.name, in: key.scope)
    }

    func commit(
        _ endpoint: inout LiveEndpoint,
        _ key: Key,
        retired: [InstanceRecord] = [],
        usage: LiveEndpoint.UsageChange = .none
    ) throws {
        endpoint.record.modified = endpoint.timeline.stamp(now())
        try parts.database.commit { [endpoint] in
            try endpoint.save(in: $0, retired: retired, usage: usage)
        }
        // Only what is on disk counts: whoever reported what could not be written reports it again.
        endpoint.forgetKept()
        endpoints[key] = endpoint
    }

    // MARK: Clearing up

    /// Stops instances gently: SIGTERM lets a container finish the calls under way, then comes force.
    private func retire(_ instances: [InstanceRecord], keeping kept: Set<InstanceID> = []) async {
        for instance in instances {
            parts.registry.send(.stop(cause: .stopRequested, graceSeconds: 30), to: instance.id)
        }
        await withDiscardingTaskGroup { group in
            for instance in instances where instance.handle != nil {
                group.addTask { await self.waitForExit(of: instance, atMost: .seconds(35)) }
            }
        }
        await clear(instances, keeping: kept)
    }

    /// Returns when the instance's agent has said its last word or is gone, which it need not say.
    private func waitForExit(of instance: InstanceRecord, atMost limit: Duration) async {
        guard let handle = instance.handle else { return }
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline, await parts.engine.isAlive(handle) {
            await exits.wait(for: instance.id, atMost: .milliseconds(200)) { false }
        }
    }

    func clear(_ instances: [InstanceRecord], keeping kept: Set<InstanceID> = []) async {
        for instance in instances {
            let handle = instance.handle
            // An agent that hears that nobody knows it would clear up after itself.
            if kept.contains(instance.id), let handle { await parts.keep(handle) }
            parts.registry.remove(instance.id)
            endpointOfInstance[instance.id] = nil
            if !kept.contains(instance.id), let handle { await parts.discard(handle) }
        }
        await parts.placement.roomMayBeFree()
    }

    private func forget(_ key: Key) async {
        guard let record = endpoints.removeValue(forKey: key)?.record else { return }
        do {
            try await parts.database.write { try $0.delete(record) }
        } catch {
            parts.logger.error("The deletion of endpoint \(key.name) was not written: \(error)")
        }
    }
}
