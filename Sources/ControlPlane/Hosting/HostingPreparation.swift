import Environments
import Resources
import Store

extension EndpointSupervisor {
    /// Makes instances of a variant as long as they are wanted: their environments may have to be built.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - fleet: The variant.
    ///   - record: The endpoint as it is now.
    ///   - ends: Told when an endpoint wants none any more.
    ///   - isWanted: Whether they are in a state of the endpoint.
    /// - Returns: What `HostingInstances.make` returns.
    /// - Throws: `PreparationEnded` if they are not wanted any more or the server ends, and what `HostingInstances.make`
    ///   throws.
    func makeInstances(
        _ count: Int,
        of fleet: VariantFleet,
        for record: EndpointRecord,
        until ends: Broadcast<Key>,
        while isWanted: @escaping @Sendable (EndpointState) -> Bool
    ) async throws -> (instances: [InstanceRecord], leases: [EnvironmentLease]) {
        let making = HostingInstances(parts: parts)
        let key = Key(scope: record.scope, name: record.name)
        return try await ends.prepare(until: key, atMost: .seconds(24 * 3600)) {
            await self.endpoints[key].map { !isWanted($0.record.state) } ?? true
        } _: {
            try await making.make(count, of: fleet, for: record)
        }
    }
}
