import AWSWire
import Resources
import SageMakerAPI
import Store

/// Works out the fleets of an endpoint configuration.
struct FleetPlan {
    let database: StateDatabase
    let scope: Scope
    let now: Double

    /// One fleet, without instances yet, for each production variant.
    func fleets(of config: EndpointConfigRecord) throws(ServiceError) -> [VariantFleet] {
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
                    resolved: now
                )
            )
        }
        return fleets
    }
}

extension VariantFleet {
    /// The same variant with another weight or number of instances, and none of the instances.
    func resized(count: Int, weight: Double) -> VariantFleet {
        VariantFleet(
            variant: variant,
            modelName: modelName,
            image: image,
            instanceType: instanceType,
            desiredCount: count,
            weight: weight,
            routing: routing,
            startupTimeoutSeconds: startupTimeoutSeconds,
            resolved: resolved
        )
    }
}
