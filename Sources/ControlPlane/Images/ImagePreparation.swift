package import Environments
import Images

/// An image with everything that its container needs on this machine.
package enum PreparedImage: Equatable, Sendable {
    case xgboost(version: String)
    case environment(PythonEnvironment)

    /// What differs from the image that was asked for, in sentences for the log.
    var notices: [String] {
        switch self {
        case .xgboost: []
        case .environment(let environment):
            ["The script runs in the environment \(environment.recipe.id)."] + environment.recipe.notes
        }
    }
}

/// Makes images ready to run.
package struct ImagePreparation: Sendable {
    let environments: EnvironmentStore

    package init(environments: EnvironmentStore) { self.environments = environments }

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
    ///   - note: Hears what takes a while.
    /// - Throws: `ImageRefusal`, `EnvironmentError`.
    func prepare(
        _ image: ContainerImage,
        note: @escaping @Sendable (String) async -> Void
    ) async throws -> PreparedImage {
        switch image {
        case .xgboost(let version): .xgboost(version: version)
        case .framework(let framework): .environment(try await environment(for: framework, note: note))
        }
    }

    private func environment(
        for image: FrameworkImage,
        note: @escaping @Sendable (String) async -> Void
    ) async throws -> PythonEnvironment {
        do {
            return try await environments.environment(for: image, note: note)
        } catch let error as EnvironmentError {
            guard case .packages = error, let sdk = image.sdk else { throw error }
            await note(
                """
                The SageMaker SDK \(sdk) cannot be had beside what this image has. The function needs it: name it and what \
                it is to go with in `dependencies`, or take another image.
                """
            )
            return try await environments.environment(for: image.withoutSDK, note: note)
        }
    }
}
