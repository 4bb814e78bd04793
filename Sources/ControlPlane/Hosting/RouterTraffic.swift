import AgentProtocol
package import Resources
package import Router

/// Puts the supervisor's routes into the router's directory.
package struct RouterTraffic: TrafficSwitch {
    private let directory: EndpointDirectory

    package init(directory: EndpointDirectory) { self.directory = directory }

    package func publish(_ variants: [VariantRoute], of endpoint: String, in scope: Scope) {
        directory.publish(
            RoutedEndpoint(
                scope: scope,
                name: endpoint,
                variants: variants.map { variant in
                    RoutedVariant(
                        name: variant.variant,
                        weight: variant.weight,
                        strategy: variant.routing == .random ? .random : .leastOutstandingRequests,
                        targets: variant.targets.map {
                            RoutedTarget(
                                instance: $0.instance.description,
                                connector: $0.connectorPath,
                                further: $0.further
                            )
                        },
                        flow: Self.flow(of: variant)
                    )
                }
            )
        )
    }

    private static func flow(of variant: VariantRoute) -> InferenceFlow {
        switch variant.mode {
        case nil: .single
        case .serial: .serial
        case .direct: .direct(variant.containers)
        }
    }

    package func withdraw(_ endpoint: String, in scope: Scope) {
        directory.remove(scope: scope, name: endpoint)
    }
}
