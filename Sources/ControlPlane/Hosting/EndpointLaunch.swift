import AgentProtocol
import Engines
import Environments
import Foundation
import Resources

extension EndpointSupervisor {
    /// Starts the incoming fleet, variant by variant.
    func launch(_ key: Key) async {
        guard let endpoint = endpoints[key] else { return }
        do {
            for (index, fleet) in endpoint.record.incoming.enumerated() {
                try await start(fleet, at: index, of: key, in: endpoint.deployment)
            }
        } catch  where error is CancellationError || error.endsPreparation {
            // The deployment is over, or the server ends: then the next start launches the fleet again.
        } catch {
            // An endpoint of the same name may have taken this one's place.
            guard endpoints[key]?.deployment == endpoint.deployment else { return }
            report(.fleetFailed(HostingFailure.reason(for: error)), key)
        }
    }

    /// Starts instances of one variant of the incoming fleet.
    private func start(
        _ fleet: VariantFleet,
        at index: Int,
        of key: Key,
        in deployment: UUID
    ) async throws {
        guard let record = endpoints[key]?.record else { return }
        var (instances, leases) = try await makeInstances(of: fleet, for: record, key, in: deployment)
        let seats = instances.indices.map { instances[$0].takeSeat() }
        guard var endpoint = endpoints[key], endpoint.deployment == deployment else {
            throw CancellationError()
        }
        for instance in instances { endpoint.instances[instance.id] = instance }
        endpoint.record.incoming[index].instances = instances.map(\.id)
        try commit(&endpoint, key)
        try await place(instances, keeping: leases, in: seats, fleet: fleet, of: key)
    }

    /// The instances of a variant; a deployment that ends meanwhile waits for nothing more.
    ///
    /// - Throws: `PreparationEnded` for a deployment that has ended, what `HostingInstances.make` throws.
    private func makeInstances(
        of fleet: VariantFleet,
        for record: EndpointRecord,
        _ key: Key,
        in deployment: UUID
    ) async throws -> (instances: [InstanceRecord], leases: [EnvironmentLease]) {
        let making = HostingInstances(parts: parts)
        return try await endings.prepare(until: deployment, atMost: .seconds(24 * 3600)) {
            await self.endpoints[key]?.deployment != deployment
        } _: {
            try await making.make(fleet.desiredCount, of: fleet, for: record)
        }
    }

    /// Lets the agents call, waits for room, starts them, and writes down where they are.
    ///
    /// - Throws: What `PlacementQueue.place` throws; `NobodyElseHoldsRoom`; what the database says.
    func place(
        _ instances: [InstanceRecord],
        keeping leases: [EnvironmentLease],
        in seats: [InstanceSeat],
        fleet: VariantFleet,
        of key: Key
    ) async throws {
        for instance in instances {
            endpointOfInstance[instance.id] = key
            parts.registry.add(instance, owner: self, keeping: leases)
        }
        let owner = "endpoint \(key.name)"
        let spec = FleetSpec(
            owner: owner,
            instances: seats,
            network: instances.first?.assignment.network ?? .isolated,
            runtime: instances.allSatisfy(\.assignment.isOfEngineAlone)
                ? .containerEngine : .sandbox
        )
        let handles = try await parts.placement.place(spec, atMost: Self.longestWait) {
            await self.isOnBooks(seats, of: key)
        } onWait: { place in
            // An update needs room beside the fleet it replaces.
            guard place.position == 1, !place.holders.isEmpty, place.holders.allSatisfy({ $0 == owner })
            else {
                return
            }
            throw NobodyElseHoldsRoom()
        }
        // Nothing is waited for between reading and writing: an endpoint that goes meanwhile must not come back.
        let unwanted = handles.filter { endpoints[key]?.instances[$0.instance] == nil }
        if var endpoint = endpoints[key] {
            for handle in handles { endpoint.instances[handle.instance]?.handle = handle }
            try commit(&endpoint, key)
            settle(key)
        }
        for handle in unwanted { await parts.discard(handle) }
    }

    private func isOnBooks(_ seats: [InstanceSeat], of key: Key) -> Bool {
        seats.allSatisfy { endpoints[key]?.instances[$0.id] != nil }
    }

    /// How long a fleet may wait for room, as on the service: its caller waits for an answer.
    private static let longestWait = Duration.seconds(300)
}
