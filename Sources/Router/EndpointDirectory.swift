package import Resources
import Synchronization

/// All endpoints that can be invoked.
///
/// Lookups come from event loops, changes from the control plane.
package final class EndpointDirectory: Sendable {
    private struct Key: Hashable {
        let scope: Scope
        let name: String
    }

    private let endpoints = Mutex<[Key: EndpointEntry]>([:])

    package init() {}

    /// Adds an endpoint or replaces what was published under its name.
    ///
    /// Requests in flight finish where they are; instances that stay keep their counts, variants that stay keep their tallies.
    package func publish(_ endpoint: RoutedEndpoint) {
        let key = Key(scope: endpoint.scope, name: endpoint.name)
        endpoints.withLock { endpoints in
            endpoints[key] = EndpointEntry(endpoint, replacing: endpoints[key])
        }
    }

    /// Takes an endpoint out; what its variants counted and nobody drained is returned.
    @discardableResult
    package func remove(scope: Scope, name: String) -> [TallySample] {
        let entry = endpoints.withLock { $0.removeValue(forKey: Key(scope: scope, name: name)) }
        return entry?.drain() ?? []
    }

    /// Requests in flight on an instance of an endpoint; 0 for what is not published.
    package func outstanding(scope: Scope, name: String, instance: String) -> Int {
        let targets = entry(scope: scope, name: name)?.variants.flatMap(\.targets) ?? []
        return targets.first { $0.routed.instance == instance }?.outstanding ?? 0
    }

    /// What was counted since the last call, of every variant that counted anything.
    package func drain() -> [TallySample] {
        endpoints.withLock { Array($0.values) }.flatMap { $0.drain() }
    }

    func entry(scope: Scope, name: String) -> EndpointEntry? {
        endpoints.withLock { $0[Key(scope: scope, name: name)] }
    }
}

/// A published endpoint with its live state.
final class EndpointEntry: Sendable {
    let scope: Scope
    let name: String
    let variants: [VariantEntry]

    init(_ endpoint: RoutedEndpoint, replacing old: EndpointEntry?) {
        scope = endpoint.scope
        name = endpoint.name
        let oldTargets = old?.variants.flatMap(\.targets) ?? []
        variants = endpoint.variants.map { variant in
            let targets = variant.targets.map { target in
                oldTargets.first { $0.routed == target } ?? TargetEntry(target)
            }
            let tally = old?.variants.first { $0.name == variant.name }?.tally
            return VariantEntry(variant, targets: targets, tally: tally ?? SharedTally())
        }
    }

    func drain() -> [TallySample] {
        variants.compactMap { variant in
            guard let tally = variant.tally.drain() else { return nil }
            return TallySample(scope: scope, endpoint: name, variant: variant.name, tally: tally)
        }
    }
}

/// A published variant with its live state.
final class VariantEntry: Sendable {
    let name: String
    let weight: Double
    let strategy: RoutingStrategy
    let flow: InferenceFlow
    let targets: [TargetEntry]
    let tally: SharedTally

    init(_ variant: RoutedVariant, targets: [TargetEntry], tally: SharedTally) {
        name = variant.name
        weight = variant.weight
        strategy = variant.strategy
        flow = variant.flow
        self.targets = targets
        self.tally = tally
    }
}

/// A published instance with its live state.
final class TargetEntry: Sendable {
    let routed: RoutedTarget
    /// The instance's containers, itself for the first: each has connections of its own.
    private let further: [TargetEntry]
    private let requests = Atomic(0)
    private let failures = Atomic(0)
    /// Uptime in nanoseconds before which the instance is only used if there is no other.
    private let restsUntil = Atomic<UInt64>(0)

    init(_ target: RoutedTarget) {
        routed = target
        further = target.further.map {
            TargetEntry(RoutedTarget(instance: target.instance, connector: $0, port: target.port))
        }
    }

    /// The container at a position; `nil` behind the last.
    func container(_ position: Int) -> TargetEntry? {
        if position == 0 { return self }
        return further.indices.contains(position - 1) ? further[position - 1] : nil
    }

    /// Requests in flight.
    var outstanding: Int { requests.load(ordering: .relaxed) }

    func begin() { requests.add(1, ordering: .relaxed) }

    func end() { requests.subtract(1, ordering: .relaxed) }

    /// Whether the instance lately took no connection and is left alone for a while.
    ///
    /// - Parameter now: Uptime in nanoseconds.
    /// - Returns: `true` until its rest is over.
    func isResting(at now: UInt64) -> Bool { restsUntil.load(ordering: .relaxed) > now }

    /// The instance took no connection: it rests for a time that doubles from 0.5 s to 16 s.
    func refused(at now: UInt64) {
        let count = failures.add(1, ordering: .relaxed).newValue
        restsUntil.store(now + 500_000_000 << UInt64(min(count - 1, 5)), ordering: .relaxed)
    }

    func accepted() {
        guard failures.load(ordering: .relaxed) != 0 else { return }
        failures.store(0, ordering: .relaxed)
        restsUntil.store(0, ordering: .relaxed)
    }
}
