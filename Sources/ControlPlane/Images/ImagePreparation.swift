package import Environments
import Images
import SageMakerAPI

/// Makes images ready to run.
package struct ImagePreparation: Sendable {
    let environments: EnvironmentStore
    let runtimes: ContainerRuntimes

    package init(environments: EnvironmentStore, runtimes: ContainerRuntimes = ContainerRuntimes(engine: nil))
    {
        self.environments = environments
        self.runtimes = runtimes
    }

    /// What a job's image stands for.
    ///
    /// A script of the user's makes XGBoost's image a framework; so does a command, which may call Python.
    ///
    /// - Throws: `UnknownImage`, `CancellationError`.
    func image(
        of request: SageMaker.CreateTrainingJobRequest
    ) async throws -> ContainerImage {
        let isScript = request.namesProgram || request.algorithmSpecification?.containerEntrypoint != nil
        let image = try await runtimes.image(
            request.algorithmSpecification?.trainingImage ?? "",
            for: isScript ? .script : .itself,
            environment: request.environment
        )
        return request.refined(image)
    }

    /// What the image of a model's container stands for.
    ///
    /// A script of the user's makes XGBoost's image a framework.
    ///
    /// - Throws: `UnknownImage`, `CancellationError`.
    func image(of container: SageMaker.ContainerDefinition) async throws -> ContainerImage {
        let environment = container.environment ?? [:]
        let program = environment["SAGEMAKER_PROGRAM"] ?? environment["SAGEMAKER_SUBMIT_DIRECTORY"]
        return try await runtimes.image(
            container.image ?? "",
            for: program == nil ? .itself : .script,
            environment: environment
        )
    }

    /// Whether an image can be made ready at all, before anything is fetched.
    ///
    /// - Throws: `UnknownImage` with the alternatives.
    package func check(_ image: ContainerImage) throws(UnknownImage) {
        guard case .framework(let framework) = image else { return }
        do {
            _ = try environments.recipes(for: framework)
        } catch { throw UnknownImage(error.message) }
    }

    /// What the container needs, made if it is not there.
    ///
    /// - Parameters:
    ///   - image: What is to run.
    ///   - user: Who is going to use it.
    ///   - note: Hears what takes a while.
    /// - Returns: What `PlatformFacts.container` makes a container of.
    /// - Throws: `ImageRefusal`, `EnvironmentError`, `CancellationError`.
    func prepare(
        _ image: ContainerImage,
        user: String,
        note: @escaping @Sendable (String) async -> Void
    ) async throws -> PreparedImage {
        switch image {
        case .xgboost(let version): .xgboost(version: version)
        case .oci(let reference): .oci(reference: reference)
        case .framework(let framework):
            .environment(try await environment(for: framework, user: user, note: note))
        }
    }

    private func environment(
        for image: FrameworkImage,
        user: String,
        note: @escaping @Sendable (String) async -> Void
    ) async throws -> PythonEnvironment {
        do {
            return try await environments.environment(for: image, user: user, note: note)
        } catch let error as EnvironmentError {
            guard case .packages = error, let sdk = image.sdk else { throw error }
            await note(
                """
                The SageMaker SDK \(sdk) cannot be had beside what this image has. The function needs it: name it and what \
                it is to go with in `dependencies`, or take another image.
                """
            )
            return try await environments.environment(for: image.withoutSDK, user: user, note: note)
        }
    }
}
