package import Resources

/// An endpoint as the router sees it: who answers for it, and in which proportion.
package struct RoutedEndpoint: Sendable, Equatable {
    package var scope: Scope
    /// The endpoint's name in its own case.
    package var name: String
    package var variants: [RoutedVariant]

    package init(scope: Scope, name: String, variants: [RoutedVariant]) {
        self.scope = scope
        self.name = name
        self.variants = variants
    }
}

/// A production variant: one model on one or more instances.
package struct RoutedVariant: Sendable, Equatable {
    package var name: String
    /// Share of the traffic relative to the other variants, `>= 0`.
    package var weight: Double
    package var strategy: RoutingStrategy
    /// The instances that passed their health check.
    package var targets: [RoutedTarget]

    package init(
        name: String,
        weight: Double,
        strategy: RoutingStrategy = .random,
        targets: [RoutedTarget]
    ) {
        self.name = name
        self.weight = weight
        self.strategy = strategy
        self.targets = targets
    }
}

/// How an instance of a variant is chosen (`RoutingConfig` of the API).
package enum RoutingStrategy: String, Sendable, Codable {
    case random = "RANDOM"
    case leastOutstandingRequests = "LEAST_OUTSTANDING_REQUESTS"
}

/// One instance.
package struct RoutedTarget: Sendable, Hashable {
    /// Identifies the instance across publications: its counts and connections stay.
    package var instance: String
    /// Path of the unix socket on which the instance hands out connections to its container.
    package var connector: String
    /// Port inside the instance.
    package var port: UInt16

    package init(instance: String, connector: String, port: UInt16 = 8080) {
        self.instance = instance
        self.connector = connector
        self.port = port
    }
}
