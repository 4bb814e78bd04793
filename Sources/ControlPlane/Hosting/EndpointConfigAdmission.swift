package import AWSWire
package import Gateway
import Resources
package import SageMakerAPI
package import Store

/// Turns a `CreateEndpointConfig` request into a record, or says why it cannot be accepted; changes nothing.
package struct EndpointConfigAdmission: Sendable {
    private let database: StateDatabase

    package init(database: StateDatabase) { self.database = database }

    /// Accepts a request that the service model's constraints let through.
    package func admit(
        _ request: SageMaker.CreateEndpointConfigInput,
        caller: Caller,
        now: Double
    ) throws(ServiceError) -> EndpointConfigRecord {
        guard let name = request.endpointConfigName else {
            throw .validation("EndpointConfigName is required.")
        }
        try checkUnsupported(request)
        var seen: Set<String> = []
        for variant in request.productionVariants ?? [] {
            let variantName = variant.variantName ?? ""
            guard seen.insert(variantName).inserted else {
                throw .validation("Variant names must be unique: '\(variantName)' is there twice.")
            }
            try check(variant, caller: caller)
        }
        var request = request
        request.productionVariants = request.productionVariants?.map { variant in
            var variant = variant
            variant.initialVariantWeight = variant.initialVariantWeight ?? 1
            return variant
        }
        return EndpointConfigRecord(scope: caller.scope, name: name, created: now, request: request)
    }

    private func check(_ variant: SageMaker.ProductionVariant, caller: Caller) throws(ServiceError) {
        let name = variant.variantName ?? ""
        func refuse(_ field: String) -> ServiceError {
            .validation(
                "\(field) of variant '\(name)' is not offered yet. Give InstanceType and InitialInstanceCount."
            )
        }
        if variant.serverlessConfig != nil { throw refuse("ServerlessConfig") }
        if variant.managedInstanceScaling != nil { throw refuse("ManagedInstanceScaling") }
        if variant.instancePools?.isEmpty == false { throw refuse("InstancePools") }
        if variant.capacityReservationConfig != nil { throw refuse("CapacityReservationConfig") }
        guard let model = variant.modelName else {
            throw refuse("A variant without ModelName (inference components)")
        }
        guard let type = variant.instanceType, let count = variant.initialInstanceCount else {
            throw .validation("Variant '\(name)' needs InstanceType and InitialInstanceCount.")
        }
        try InstanceQuota.check(
            count,
            at: "productionVariants.member.initialInstanceCount",
            type: type,
            usage: "endpoint usage"
        )
        guard InstanceCatalogue.type(named: type) != nil else {
            throw .validation("InstanceType '\(type)' of variant '\(name)' is unknown.")
        }
        _ = try database.existing(ModelRecord.self, model, in: caller.scope, noun: "model")
    }

    /// What would change the result and cannot be honoured yet is refused by name.
    private func checkUnsupported(_ request: SageMaker.CreateEndpointConfigInput) throws(ServiceError) {
        let refused: [(name: String, isUsed: Bool)] = [
            ("DataCaptureConfig.EnableCapture", request.dataCaptureConfig?.enableCapture == true),
            ("AsyncInferenceConfig", request.asyncInferenceConfig != nil),
            ("ExplainerConfig", request.explainerConfig != nil),
            ("ShadowProductionVariants", request.shadowProductionVariants?.isEmpty == false),
        ]
        for field in refused where field.isUsed {
            throw .validation("\(field.name) is not offered yet. Leave it out.")
        }
    }
}
