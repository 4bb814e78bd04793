package import AgentProtocol
import Engines
package import Foundation
package import Resources
package import Store

/// An endpoint with its instances, those of the fleet that answers and those of the one to come.
///
/// What an event does to it and what of it is written down; the supervisor performs the effects.
package struct LiveEndpoint {
    package var record: EndpointRecord
    package var instances: [InstanceID: InstanceRecord] = [:]
    /// The change of fleets that is under way or would come next; another once it is over.
    ///
    /// Whoever worked for one finds out by it that nobody wants the result any more, even if an endpoint of the same
    /// name has been made meanwhile.
    package private(set) var deployment = UUID()
    /// Where its stamps come from.
    var timeline: Timeline
    /// What is kept of the instances of its last fleet that failed, until it is written down.
    package private(set) var kept: [KeptInstance] = []

    package init(record: EndpointRecord) {
        self.record = record
        timeline = Timeline(after: record.modified)
    }

    /// Applies an event: state, fleets and configuration change together.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - time: When, in seconds since the epoch.
    ///   - keeping: Seconds that what is left of a fleet that fails is kept; `nil` for not at all.
    /// - Returns: What to do now, and the instances that are off the books and have to be ended.
    /// - Throws: `EndpointBusy`, leaving everything as it was.
    package mutating func apply(
        _ event: EndpointEvent,
        at time: Double = 0,
        keeping: Double? = nil
    ) throws(EndpointBusy) -> (effects: [EndpointEffect], retired: [InstanceRecord]) {
        let effects = try record.state.handle(event)
        var retired: [InstanceRecord] = []
        for effect in effects {
            switch effect {
            case .switchTraffic:
                retired = detach(record.fleet)
                record.fleet = record.incoming
                record.configName = record.pendingConfigName ?? record.configName
                closeDeployment()
            case .discardIncoming(let reason):
                retired = detach(record.incoming)
                kept =
                    keeping.map { seconds in
                        retired.compactMap { KeptInstance(of: $0, until: time + seconds) }
                    } ?? []
                record.failureReason = FailureReason.complete(reason, with: KeptInstance.advice(kept))
                closeDeployment()
            case .remove:
                retired = detach(record.fleet + record.incoming)
                deployment = UUID()
            case .launch:
                break
            }
        }
        return (effects, retired)
    }

    /// They are on the books of their own now.
    mutating func forgetKept() { kept = [] }

    private mutating func closeDeployment() {
        record.incoming = []
        record.pendingConfigName = nil
        record.pendingSince = nil
        deployment = UUID()
    }

    /// Takes the instances of some fleets off the endpoint's books.
    mutating func detach(_ fleets: [VariantFleet]) -> [InstanceRecord] {
        fleets.flatMap(\.instances).compactMap { instances.removeValue(forKey: $0) }
    }

    /// Whether there is an incoming fleet and every instance of it answers.
    package var isIncomingReady: Bool {
        !record.incoming.isEmpty
            && record.incoming.allSatisfy { fleet in
                fleet.instances.count == fleet.desiredCount
                    && fleet.instances.allSatisfy { connector(of: $0) != nil }
            }
    }

    /// Where calls may go now: each variant with those of its instances that answer.
    package var routes: [VariantRoute] {
        record.fleet.map { fleet in
            var route = VariantRoute(
                variant: fleet.variant,
                weight: fleet.weight,
                routing: fleet.routing,
                targets: fleet.instances.compactMap { id in
                    connector(of: id).map {
                        .init(instance: id, connectorPath: $0, further: furtherConnectors(of: id))
                    }
                }
            )
            if let some = fleet.instances.lazy.compactMap({ instances[$0]?.assignment }).first {
                route.mode = some.hosting?.mode
                route.containers = some.hosts
            }
            return route
        }
    }

    /// The socket that leads to an instance's container, once it answers.
    private func connector(of id: InstanceID) -> String? {
        guard let instance = instances[id], instance.isReady else { return nil }
        return instance.handle?.connectorPath
    }

    /// What the image of an instance's variant turned out to be.
    mutating func noteImage(_ reference: String, digest: String, of id: InstanceID) {
        func mark(_ fleets: inout [VariantFleet]) {
            for index in fleets.indices
            where fleets[index].image == reference && fleets[index].instances.contains(id) {
                fleets[index].resolvedImage = digest
            }
        }
        mark(&record.fleet)
        mark(&record.incoming)
    }

    /// Of the containers behind an instance's first.
    private func furtherConnectors(of id: InstanceID) -> [String] {
        guard let instance = instances[id], let handle = instance.handle,
            let companions = instance.assignment.companions
        else { return [] }
        let paths = InstancePaths(handle.directory)
        return companions.indices.map { paths.companion($0 + 2).connector }
    }

    /// What a change means for the use of instances that is paid for.
    package enum UsageChange {
        case none
        /// The use of the fleet before ends and that of the present one begins.
        case newFleet
    }

    /// Writes the endpoint, what is new in its history, its use of instances, and the instances themselves.
    ///
    /// - Parameters:
    ///   - transaction: All of it or nothing.
    ///   - retired: Instances to take off the books.
    ///   - usage: What the change means for metering.
    /// - Throws: What the database says.
    package func save(
        in transaction: StateTransaction,
        retired: [InstanceRecord],
        usage: UsageChange
    ) throws {
        let before = try transaction.resource(EndpointRecord.self, named: record.name, in: record.scope)
        try transaction.update(record)
        if before?.status != record.status { try transaction.record(record.latestEvent) }
        for instance in instances.values {
            try transaction.setInstance(
                instance.id.description,
                owner: record.arn,
                scope: record.scope,
                document: instance
            )
        }
        if !kept.isEmpty { try transaction.keep(kept) }
        for instance in retired { try transaction.removeInstance(instance.id.description) }
        if usage == .newFleet || record.state == .deleting {
            try transaction.endUsage(of: record.arn, at: record.modified)
        }
        guard usage == .newFleet else { return }
        for fleet in record.fleet {
            try transaction.beginUsage(
                UsageRecord(
                    arn: record.arn,
                    component: "hosting",
                    instanceType: fleet.instanceType,
                    instanceCount: fleet.desiredCount,
                    start: record.modified,
                    end: nil
                )
            )
        }
    }
}
