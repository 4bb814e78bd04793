package import AWSWire
package import Resources
import SageMakerAPI
package import Store

/// Works out the fleets of an endpoint configuration.
package struct FleetPlan {
    private let database: StateDatabase
    private let scope: Scope
    private let now: Double

    /// - Parameters:
    ///   - database: Where the models are.
    ///   - scope: Account and region of the endpoint.
    ///   - now: When the images are looked up, seconds since the epoch.
    package init(database: StateDatabase, scope: Scope, now: Double) {
        self.database = database
        self.scope = scope
        self.now = now
    }

    /// One fleet, without instances yet, for each production variant.
    package func fleets(of config: EndpointConfigRecord) throws(ServiceError) -> [VariantFleet] {
        var fleets: [VariantFleet] = []
        for variant in config.request.productionVariants ?? [] {
            let model = try database.existing(ModelRecord.self, variant.modelName, in: scope, noun: "model")
            fleets.append(
                VariantFleet(
                    variant: variant.variantName ?? "",
                    modelName: model.name,
                    image: model.container?.image ?? "",
                    instanceType: variant.instanceType ?? "",
                    desiredCount: variant.initialInstanceCount ?? 1,
                    weight: variant.initialVariantWeight ?? 1,
                    routing: variant.routingConfig?.routingStrategy.flatMap(VariantFleet.Routing.init)
                        ?? .random,
                    startupTimeoutSeconds: variant.containerStartupHealthCheckTimeoutInSeconds ?? 240,
                    volumeSizeInGB: variant.volumeSizeInGB,
                    resolved: now
                )
            )
        }
        return fleets
    }
}

extension VariantFleet {
    /// The same variant with another weight or number of instances, and none of the instances.
    package func resized(count: Int, weight: Double) -> VariantFleet {
        VariantFleet(
            variant: variant,
            modelName: modelName,
            image: image,
            instanceType: instanceType,
            desiredCount: count,
            weight: weight,
            routing: routing,
            startupTimeoutSeconds: startupTimeoutSeconds,
            volumeSizeInGB: volumeSizeInGB,
            resolved: resolved
        )
    }
}
