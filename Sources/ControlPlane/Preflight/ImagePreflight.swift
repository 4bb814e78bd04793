import ContainerEngine
import Environments
import Images

/// What an image that a request names stands for, in the very use that the request makes of it.
struct ImagePreflight: Sendable {
    let preparation: ImagePreparation
    /// The field that names it.
    var subject = "Image"

    /// Tells of an image that was resolved as the job's start will resolve it.
    func examine(_ image: ContainerImage, into report: inout PreflightReport) async {
        switch image {
        case .xgboost(let version):
            report.add(
                subject,
                .ok,
                "It stands for the built-in XGBoost, behaving as container \(version)."
            )
        case .framework(let image): await examine(image, &report)
        case .oci(let reference): await examine(foreign: reference, &report)
        }
    }

    /// As a job does it takes the first environment that is there before the first choice.
    private func examine(_ image: FrameworkImage, _ report: inout PreflightReport) async {
        let there = Set(await preparation.environments.list().map(\.id))
        // What has no recipe is refused at the admission, in its own words.
        guard let recipes = try? preparation.environments.recipes(for: image),
            let recipe = recipes.first(where: { there.contains($0.id) }) ?? recipes.first
        else { return }
        let state =
            there.contains(recipe.id) ? "which is built" : "which the first job has built, for some minutes"
        report.add(subject, .ok, "It stands for the environment \(recipe.id), \(state).")
        for note in recipe.notes { report.add(subject, .remark, note) }
        guard let sdk = image.sdk else { return }
        report.add(subject, .remark, "It has the SageMaker SDK \(sdk), which the function was sent with.")
    }

    private func examine(foreign reference: String, _ report: inout PreflightReport) async {
        guard let engine = preparation.runtimes.engine else {
            return report.add(
                subject,
                .problem,
                "\(reference) needs a container engine, and none was found: install Podman, and see `clary doctor`."
            )
        }
        do {
            let isThere = try await engine.image(ImageReference(reference)) != nil
            report.add(
                subject,
                isThere ? .ok : .remark,
                isThere
                    ? "The container engine has it."
                    : "The container engine does not have it and will pull it."
            )
        } catch {
            report.add(subject, .problem, "The container engine does not answer: \(error)")
        }
    }
}
