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
    ) async throws(ServiceError) -> EndpointConfigRecord {
        guard let name = request.endpointConfigName else {
            throw .validation("EndpointConfigName is required.")
        }
        for check in checks(of: request, by: caller) { try await check.run() }
        var request = request
        request.productionVariants = request.productionVariants?.map { variant in
            var variant = variant
            variant.initialVariantWeight = variant.initialVariantWeight ?? 1
            return variant
        }
        return EndpointConfigRecord(scope: caller.scope, name: name, created: now, request: request)
    }

    /// Every rule that a request must fulfil, in the order in which it is refused.
    func checks(
        of request: SageMaker.CreateEndpointConfigInput,
        by caller: Caller
    ) -> [AdmissionCheck] {
        let variants = request.productionVariants ?? []
        return unsupported(request)
            + variants.enumerated().flatMap { index, variant in
                let name = variant.variantName ?? ""
                let unique = AdmissionCheck(Self.subject(variant)) { () throws(ServiceError) in
                    guard !variants[..<index].contains(where: { $0.variantName == variant.variantName })
                    else { throw .validation("Variant names must be unique: '\(name)' is there twice.") }
                }
                return [unique] + checks(of: variant, by: caller)
            }
    }

    /// What the rules of a variant are about, for people.
    static func subject(_ variant: SageMaker.ProductionVariant) -> String {
        "Variant '\(variant.variantName ?? "")'"
    }

    private func checks(
        of variant: SageMaker.ProductionVariant,
        by caller: Caller
    ) -> [AdmissionCheck] {
        let (subject, name) = (Self.subject(variant), variant.variantName ?? "")
        let refused: [(field: String, isUsed: Bool)] = [
            ("ServerlessConfig", variant.serverlessConfig != nil),
            ("ManagedInstanceScaling", variant.managedInstanceScaling != nil),
            ("InstancePools", variant.instancePools?.isEmpty == false),
            ("CapacityReservationConfig", variant.capacityReservationConfig != nil),
            ("A variant without ModelName (inference components)", variant.modelName == nil),
        ]
        let unsupported = refused.filter(\.isUsed).map { field, _ in
            AdmissionCheck(subject) { () throws(ServiceError) in
                throw .validation(
                    "\(field) of variant '\(name)' is not offered yet. Give InstanceType and InitialInstanceCount."
                )
            }
        }
        return unsupported + [
            AdmissionCheck(subject) { () throws(ServiceError) in try checkInstances(of: variant) },
            AdmissionCheck(subject) { () throws(ServiceError) in
                // A variant without one is refused for that.
                guard let model = variant.modelName else { return }
                _ = try database.existing(ModelRecord.self, model, in: caller.scope, noun: ModelHandlers.noun)
            },
        ]
    }

    private func checkInstances(of variant: SageMaker.ProductionVariant) throws(ServiceError) {
        let name = variant.variantName ?? ""
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
            throw .validation(
                "InstanceType '\(type)' of variant '\(name)' is unknown. \(InstanceCatalogue.advice(for: type, in: "create-endpoint-config"))"
            )
        }
    }

    /// What would change the result and cannot be honoured yet is refused by name.
    private func unsupported(_ request: SageMaker.CreateEndpointConfigInput) -> [AdmissionCheck] {
        let refused: [(name: String, isUsed: Bool)] = [
            ("DataCaptureConfig.EnableCapture", request.dataCaptureConfig?.enableCapture == true),
            ("AsyncInferenceConfig", request.asyncInferenceConfig != nil),
            ("ExplainerConfig", request.explainerConfig != nil),
            ("ShadowProductionVariants", request.shadowProductionVariants?.isEmpty == false),
        ]
        return refused.filter(\.isUsed).map { name, _ in
            AdmissionCheck(name) { () throws(ServiceError) in
                throw .validation("\(name) is not offered yet. Leave it out.")
            }
        }
    }
}
