import AWSWire
package import Engines
import Foundation
package import Gateway
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
        let preparation: ImagePreparation
        let engine: any Engine
        let placement: PlacementQueue
        let control: any AccessControl
        let algorithm: AlgorithmRules
        /// The server's own, for what is looked at for a moment.
        let directory: String
        /// Bytes of the disk that jobs may still use.
        let freeDisk: @Sendable () -> Int

        package init(
            database: StateDatabase,
            training: TrainingAdmission,
            models: ModelAdmission,
            data: DataCatalogue,
            openDirectories: OpenDirectories,
            preparation: ImagePreparation,
            engine: any Engine,
            placement: PlacementQueue,
            control: any AccessControl,
            algorithm: AlgorithmRules,
            directory: String,
            freeDisk: @escaping @Sendable () -> Int
        ) {
            self.database = database
            self.training = training
            self.models = models
            self.data = data
            self.openDirectories = openDirectories
            self.preparation = preparation
            self.engine = engine
            self.placement = placement
            self.control = control
            self.algorithm = algorithm
            self.directory = directory
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

    /// - Returns: `nil` for another call; for a document that is no request, a report that says why.
    func answer(_ call: PlatformCall, _ body: Data, for caller: Caller) async -> PreflightReport? {
        guard call.name == "POST preflight" else { return nil }
        do throws(PreflightDocument.Unreadable) {
            return await examine(try PreflightDocument(reading: Array(body)), for: caller)
        } catch {
            return PreflightReport(failure: "Document", error.message)
        }
    }

    private func examine(_ document: PreflightDocument, for caller: Caller) async -> PreflightReport {
        func report(_ operation: String, _ name: String?) -> PreflightReport {
            PreflightReport(operation: operation, name: name ?? "", unread: document.misfits.map(\.path))
        }
        switch document.request {
        case .trainingJob(let request):
            var report = report("CreateTrainingJob", request.trainingJobName)
            examine(request, document, TrainingHandlers.creation, of: caller, into: &report)
            await TrainingPreflight(parts: parts, request: request, caller: caller).examine(into: &report)
            await report.run(TagList.check(request.tags))
            return report
        case .model(let request):
            var report = report("CreateModel", request.modelName)
            examine(request, document, ModelHandlers.creation, of: caller, into: &report)
            await HostingPreflight(parts: parts, caller: caller).examine(request, into: &report)
            await report.run(TagList.check(request.tags))
            return report
        case .endpointConfig(let request):
            var report = report("CreateEndpointConfig", request.endpointConfigName)
            examine(request, document, EndpointConfigHandlers.creation, of: caller, into: &report)
            await HostingPreflight(parts: parts, caller: caller).examine(request, into: &report)
            await report.run(TagList.check(request.tags))
            return report
        }
    }

    /// What every operation asks: the service model's constraints and the caller's permissions.
    private func examine<Input: WireShape>(
        _ request: Input,
        _ document: PreflightDocument,
        _ access: OperationAccess<Input>,
        of caller: Caller,
        into report: inout PreflightReport
    ) {
        for misfit in document.misfits { report.add("Request", .problem, misfit.sentence) }
        for violation in BrokenConstraint.all(of: request)
        where !document.misfits.contains(where: { violation.isAbout($0.location) }) {
            guard let sentence = violation.sentence else { continue }
            report.add("Request", .problem, sentence)
        }
        for path in document.unknown {
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
}
