import ControlPlane
import Foundation

/// Runs the contract of training and hosting containers against an image, step by step.
struct ContainerLint: Sendable {
    let subject: LintSubject
    let stage: LintStage
    /// Hears of each step as it ends.
    let tell: @Sendable (LintStep) -> Void

    /// Runs every step that can be run.
    ///
    /// - Returns: The steps in their order.
    /// - Throws: What is no fault of the container's; `CancellationError`.
    func run() async throws -> LintReport {
        var log = LintLog(image: subject.image, tell: tell)
        let explanation = try await stage.client.explain(image: subject.image)
        guard checkImage(explanation, &log) else {
            skip(Self.training + Self.hosting, "the image cannot run here", &log)
            return log.report
        }
        try await stage.prepare(subject)
        let role = try await role()
        var model = subject.model == nil ? nil : "s3://\(stage.name)/\(LintStage.model)"
        if subject.isServingOnly {
            skip(Self.training, "--serve-only leaves training out", &log)
        } else {
            let training = LintTraining(
                subject: subject,
                stage: stage,
                role: role,
                usesAlgorithm: subject.script == nil && explanation.algorithm != nil
            )
            let trained = try await training.run(&log)
            model = model ?? trained
            guard model != nil else {
                skip(
                    Self.hosting,
                    "there is no model to serve. Give one with --model, or try serving alone with --serve-only",
                    &log
                )
                return log.report
            }
        }
        try await LintHosting(subject: subject, stage: stage, role: role, model: model).run(&log)
        return log.report
    }

    static let image = "The image can run here"
    static let training = [
        LintTraining.accepted, LintTraining.starts, LintTraining.completes, LintTraining.model,
        LintTraining.stops,
    ]
    static let hosting = [
        LintHosting.serves, LintHosting.readOnly, LintHosting.answers, LintHosting.recovers,
        LintHosting.stops,
    ]

    private func checkImage(_ explanation: ImageExplanation, _ log: inout LintLog) -> Bool {
        if let refusal = explanation.refusal {
            log.add(Self.image, .failed, refusal)
            return false
        }
        if let engine = explanation.engine {
            log.add(
                Self.image,
                engine.isEmpty ? .failed : .passed,
                engine.isEmpty
                    ? "It needs a container engine, and none was found: install Podman, and see `clary doctor`."
                    : "The container engine at \(engine) runs it."
            )
            return !engine.isEmpty
        }
        if subject.script == nil, let algorithm = explanation.algorithm {
            log.add(Self.image, .passed, "It stands for \(algorithm).")
            return true
        }
        guard let recipe = explanation.recipes.first else {
            log.add(Self.image, .passed)
            return true
        }
        guard subject.script != nil else {
            log.add(
                Self.image,
                .failed,
                "It has no algorithm of its own: give your script with --script DIR --entry-point FILE."
            )
            return false
        }
        let state = recipe.isBuilt ? "" : ", which is built now and takes some minutes"
        log.add(
            Self.image,
            .passed,
            (["It stands for the environment \(recipe.id)\(state)."] + recipe.notes).joined(separator: "\n")
        )
        return true
    }

    private func role() async throws -> String {
        if let role = subject.role { return role }
        guard let standard = try await stage.client.roles().first(where: { $0.name == Role.standardName })
        else {
            throw CleanFailure(
                message: "There is no role \(Role.standardName). Name another one with --role."
            )
        }
        return standard.arn
    }

    private func skip(_ titles: [String], _ reason: String, _ log: inout LintLog) {
        for title in titles { log.add(title, .skipped, "Not tried: \(reason).") }
    }
}
