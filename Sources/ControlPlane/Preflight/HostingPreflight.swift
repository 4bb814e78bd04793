import AWSWire
import Gateway
import Resources
import SageMakerAPI

/// What would become of a model or an endpoint configuration.
struct HostingPreflight: Sendable {
    let parts: Preflight.Parts
    let caller: Caller

    func examine(_ request: SageMaker.CreateModelInput, into report: inout PreflightReport) async {
        await report.run(
            AdmissionCheck("ModelName") { [parts, caller] () throws(ServiceError) in
                try parts.database.checkAbsence(
                    of: ModelRecord.self,
                    request.modelName,
                    in: caller.scope,
                    noun: ModelHandlers.noun
                )
            }
        )
        for check in parts.models.checks(of: request, by: caller) { await report.run(check) }
        for (place, container) in ModelAdmission.containers(of: request) {
            let subject = "\(place).Image"
            guard !report.isBroken(subject), let image = try? await parts.preparation.image(of: container)
            else { continue }
            await ImagePreflight(preparation: parts.preparation, subject: subject).examine(
                image,
                into: &report
            )
        }
        for notice in IneffectiveFields.notices(request) { report.add("Fields", .remark, notice) }
    }

    func examine(
        _ request: SageMaker.CreateEndpointConfigInput,
        into report: inout PreflightReport
    ) async {
        await report.run(
            AdmissionCheck("EndpointConfigName") { [parts, caller] () throws(ServiceError) in
                try parts.database.checkAbsence(
                    of: EndpointConfigRecord.self,
                    request.endpointConfigName,
                    in: caller.scope,
                    noun: EndpointConfigHandlers.noun
                )
            }
        )
        let admission = EndpointConfigAdmission(database: parts.database)
        for check in admission.checks(of: request, by: caller) { await report.run(check) }
        for variant in request.productionVariants ?? [] where !report.isBroken("ProductionVariants") {
            guard let type = variant.instanceType, let count = variant.initialInstanceCount,
                (1...InstanceQuota.most).contains(count), InstanceCatalogue.type(named: type) != nil
            else { continue }
            await CapacityPreflight(engine: parts.engine, placement: parts.placement).examine(
                [(type, count)],
                subject: "Capacity of variant '\(variant.variantName ?? "")'",
                into: &report
            )
        }
        for notice in IneffectiveFields.notices(request) { report.add("Fields", .remark, notice) }
    }
}
