import AWSWire
import ContainerEngine
package import Engines
import Foundation
package import Gateway
import Images
import Resources
import SageMakerAPI
package import Store

/// Says what would become of a request, all of it at once, and makes nothing.
package struct Preflight: Sendable {
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    /// What it asks.
    package struct Parts: Sendable {
        let database: StateDatabase
        let training: TrainingAdmission
        let models: ModelAdmission
        let data: DataCatalogue
        let openDirectories: OpenDirectories
        let images: ImagesAPI
        let preparation: ImagePreparation
        let engine: any Engine
        let placement: PlacementQueue
        let control: any AccessControl
        let algorithm: AlgorithmRules
        /// Bytes of the disk that jobs may still use.
        let freeDisk: @Sendable () -> Int

        package init(
            database: StateDatabase,
            training: TrainingAdmission,
            models: ModelAdmission,
            data: DataCatalogue,
            openDirectories: OpenDirectories,
            images: ImagesAPI,
            preparation: ImagePreparation,
            engine: any Engine,
            placement: PlacementQueue,
            control: any AccessControl,
            algorithm: AlgorithmRules,
            freeDisk: @escaping @Sendable () -> Int
        ) {
            self.database = database
            self.training = training
            self.models = models
            self.data = data
            self.openDirectories = openDirectories
            self.images = images
            self.preparation = preparation
            self.engine = engine
            self.placement = placement
            self.control = control
            self.algorithm = algorithm
            self.freeDisk = freeDisk
        }
    }

    /// What the built-in algorithm refuses, in its own words.
    package struct AlgorithmRules: Sendable {
        /// Takes hyperparameters, names of channels and the version of the container; `nil` if nothing is wrong.
        let objection: @Sendable ([String: String], Set<String>, String) -> String?

        package init(objection: @escaping @Sendable ([String: String], Set<String>, String) -> String?) {
            self.objection = objection
        }
    }

    /// - Returns: `nil` for another call.
    /// - Throws: `ServiceError` for a document that is no request.
    func answer(
        _ call: PlatformCall,
        _ body: Data,
        for caller: Caller
    ) async throws(ServiceError)
        -> PreflightReport?
    {
        guard call.name == "POST preflight" else { return nil }
        let (request, unknown) = try PreflightRequest.read(Array(body))
        switch request {
        case .trainingJob(let request):
            var report = PreflightReport(
                operation: "CreateTrainingJob",
                name: request.trainingJobName ?? ""
            )
            examine(request, unknown, TrainingHandlers.creation, of: caller, into: &report)
            await TrainingPreflight(parts: parts, request: request, caller: caller).examine(into: &report)
            return report
        case .model(let request):
            var report = PreflightReport(operation: "CreateModel", name: request.modelName ?? "")
            examine(request, unknown, ModelHandlers.creation, of: caller, into: &report)
            await examine(request, of: caller, into: &report)
            return report
        case .endpointConfig(let request):
            var report = PreflightReport(
                operation: "CreateEndpointConfig",
                name: request.endpointConfigName ?? ""
            )
            examine(request, unknown, EndpointConfigHandlers.creation, of: caller, into: &report)
            await examine(request, of: caller, into: &report)
            return report
        }
    }

    /// What every operation asks: the service model's constraints and the caller's permissions.
    private func examine<Input: WireShape>(
        _ request: Input,
        _ unknown: [String],
        _ access: OperationAccess<Input>,
        of caller: Caller,
        into report: inout PreflightReport
    ) {
        var checker = ConstraintChecker()
        request.validate(&checker)
        for violation in checker.violations { report.add("Request", .problem, violation + ".") }
        for path in unknown {
            report.add("Request", .problem, "\(report.operation) has no member '\(path)': clients refuse it.")
        }
        if !report.isBroken("Request") {
            report.add("Request", .ok, "It fulfils the constraints of \(report.operation).")
        }
        for access in access.accesses?("sagemaker:\(report.operation)", request, caller) ?? [] {
            let subject = access.action == "iam:PassRole" ? "RoleArn" : "Permission"
            if let refusal = parts.control.refusal(of: access, by: caller) {
                report.add(subject, .problem, refusal.message)
            } else if access.action == "iam:PassRole" {
                remark(onRole: access.resource, of: caller, into: &report)
            } else {
                report.add(subject, .ok, "You may call \(access.action).")
            }
        }
    }

    private func remark(onRole arn: String, of caller: Caller, into report: inout PreflightReport) {
        let principal = parts.data.principal(actingAs: arn, scope: caller.scope)
        guard case .role(_, Role.standardName) = principal.authority, RoleARN(arn)?.name != Role.standardName
        else {
            return report.add("RoleArn", .ok, "It exists, SageMaker may assume it, and you may pass it on.")
        }
        report.add(
            "RoleArn",
            .remark,
            """
            \(arn) was never here: because you are the owner, it stands for \(Role.standardName) and its rights. \
            `clary roles import` makes it exist.
            """
        )
    }

    private func examine(
        _ request: SageMaker.CreateModelInput,
        of caller: Caller,
        into report: inout PreflightReport
    ) async {
        let name = request.modelName ?? ""
        await report.run("ModelName") { () throws(ServiceError) in
            let taken = try parts.database.find(ModelRecord.self, named: name, in: caller.scope)
            if let taken { throw .validation("Cannot create already existing model \"\(taken.arn)\".") }
        }
        await report.run("Container") { () throws(ServiceError) in
            _ = try await parts.models.admit(request, caller: caller, now: 0)
        }
        let container = request.primaryContainer ?? request.containers?.first
        if let container, !report.isBroken("Container"),
            let image = try? await parts.preparation.image(of: container)
        {
            await remark(on: image, of: container.image ?? "", &report)
        }
        for notice in IneffectiveFields.notices(request) { report.add("Fields", .remark, notice) }
    }

    private func examine(
        _ request: SageMaker.CreateEndpointConfigInput,
        of caller: Caller,
        into report: inout PreflightReport
    ) async {
        let name = request.endpointConfigName ?? ""
        await report.run("EndpointConfigName") { () throws(ServiceError) in
            let taken = try parts.database.find(EndpointConfigRecord.self, named: name, in: caller.scope)
            if let taken {
                throw .validation("Cannot create already existing endpoint configuration \"\(taken.arn)\".")
            }
        }
        await report.run("ProductionVariants") { () throws(ServiceError) in
            _ = try EndpointConfigAdmission(database: parts.database).admit(request, caller: caller, now: 0)
        }
        for variant in request.productionVariants ?? [] {
            guard let type = variant.instanceType, let count = variant.initialInstanceCount,
                (1...InstanceQuota.most).contains(count)
            else { continue }
            await CapacityPreflight(engine: parts.engine, placement: parts.placement).examine(
                [(type, count)],
                subject: "Capacity of variant '\(variant.variantName ?? "")'",
                into: &report
            )
        }
        for notice in IneffectiveFields.notices(request) { report.add("Fields", .remark, notice) }
    }

    /// What an image that can be run stands for.
    func remark(on image: ContainerImage, of uri: String, _ report: inout PreflightReport) async {
        switch image {
        case .xgboost(let version):
            report.add(
                "Image",
                .ok,
                "It stands for the built-in XGBoost, behaving as container \(version)."
            )
        case .framework:
            guard let recipe = await parts.images.explain(uri).recipes.first else { return }
            let state = recipe.isBuilt ? "which is built" : "which the first job has built, for some minutes"
            report.add("Image", .ok, "It stands for the environment \(recipe.id), \(state).")
            for note in recipe.notes { report.add("Image", .remark, note) }
        case .oci(let reference): await remark(onForeign: reference, &report)
        }
    }

    private func remark(onForeign reference: String, _ report: inout PreflightReport) async {
        guard let engine = parts.preparation.runtimes.engine else {
            return report.add(
                "Image",
                .problem,
                "\(reference) needs a container engine, and none was found: install Podman, and see `clary doctor`."
            )
        }
        do {
            let isThere = try await engine.image(ImageReference(reference)) != nil
            report.add(
                "Image",
                isThere ? .ok : .remark,
                isThere
                    ? "The container engine has it."
                    : "The container engine does not have it and will pull it."
            )
        } catch {
            report.add("Image", .problem, "The container engine does not answer: \(error)")
        }
    }
}

extension PreflightReport {
    /// Runs a rule and keeps what it says.
    mutating func run(
        _ subject: String,
        _ rule: () async throws(ServiceError) -> Void
    ) async {
        do throws(ServiceError) {
            try await rule()
            add(subject, .ok)
        } catch {
            add(subject, .problem, error.message)
        }
    }
}
