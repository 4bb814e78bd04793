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
    /// How a call goes through a model of several containers.
    package var flow: InferenceFlow

    package init(
        name: String,
        weight: Double,
        strategy: RoutingStrategy = .random,
        targets: [RoutedTarget],
        flow: InferenceFlow = .single
    ) {
        self.name = name
        self.weight = weight
        self.strategy = strategy
        self.targets = targets
        self.flow = flow
    }
}

/// How an instance of a variant is chosen (`RoutingConfig` of the API).
package enum RoutingStrategy: String, Sendable, Codable {
    case random = "RANDOM"
    case leastOutstandingRequests = "LEAST_OUTSTANDING_REQUESTS"
}

/// How a call goes through the containers of an instance.
package enum InferenceFlow: Sendable, Equatable {
    /// There is one.
    case single
    /// What each answers is the next one's request.
    case serial
    /// The caller names one of these, which are in the containers' order.
    case direct([String])
}

/// One instance.
package struct RoutedTarget: Sendable, Hashable {
    /// Identifies the instance across publications: its counts and connections stay.
    package var instance: String
    /// Path of the unix socket on which the instance hands out connections to its container.
    package var connector: String
    /// Port inside the instance.
    package var port: UInt16
    /// The same of the instance's other containers.
    package var further: [String]

    package init(instance: String, connector: String, port: UInt16 = 8080, further: [String] = []) {
        self.instance = instance
        self.connector = connector
        self.port = port
        self.further = further
    }
}
