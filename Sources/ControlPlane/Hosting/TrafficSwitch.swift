package import AgentProtocol
package import Resources

/// Where calls of an endpoint go; the router behind it acts on a change at once.
package protocol TrafficSwitch: Sendable {
    /// Sends the calls of an endpoint to these variants from now on.
    func publish(_ variants: [VariantRoute], of endpoint: String, in scope: Scope)
    /// Answers calls of the endpoint as unknown from now on.
    func withdraw(_ endpoint: String, in scope: Scope)
}

/// A variant's share of the calls and the instances that take them.
package struct VariantRoute: Sendable, Equatable {
    package let variant: String
    package let weight: Double
    package let routing: VariantFleet.Routing
    package let targets: [Target]
    /// How calls go through the containers of a model of several, and their names.
    package var mode: InferenceMode?
    package var containers: [String] = []

    /// One instance and the socket that connects to its container.
    package struct Target: Sendable, Equatable {
        package let instance: InstanceID
        package let connectorPath: String
        /// The same of its other containers.
        package var further: [String] = []
    }
}
