import AWSWire
import AgentProtocol
import ContainerEngine
package import Environments
import Foundation
import Images
package import Store

/// Answers the calls about images below `/_clary/v1/`.
package struct ImagesAPI: Sendable {
    private let environments: EnvironmentStore
    private let runtimes: ContainerRuntimes
    private let database: StateDatabase

    package init(environments: EnvironmentStore, runtimes: ContainerRuntimes, database: StateDatabase) {
        self.environments = environments
        self.runtimes = runtimes
        self.database = database
    }

    /// - Returns: A document to encode; `nil` for a call that is not about images.
    /// - Throws: `ServiceError` for what cannot be answered.
    func answer(_ call: PlatformCall, _ body: Data) async throws -> (any Encodable & Sendable)? {
        switch call.name {
        case "GET images": try await list()
        case "GET images/why": await explain(call.parameter("uri") ?? "")
        case "POST images": try await build(PlatformCall.read(ImageRequest.self, body).uri)
        case "DELETE images": try await remove(call.parameter("id") ?? "")
        default: nil
        }
    }

    private func list() async throws -> ImageList {
        let used = try inUse()
        let families = Framework.allCases.filter { $0 != .python }.map { framework in
            ImageList.Family(
                title: framework.title,
                repositories: ImageCatalogue.repositories(of: framework),
                versions: environments.versions(of: framework),
                example: ImageCatalogue.example(of: framework)
            )
        }
        var there: [ImageList.Environment] = []
        for listing in await environments.list() {
            there.append(
                ImageList.Environment(
                    listing: listing,
                    bytes: await DirectorySize.lengths(ofPackagesBelow: environments.path(of: listing.id)),
                    instances: used[listing.id] ?? 0
                )
            )
        }
        return ImageList(families: families, environments: there)
    }

    func explain(_ uri: String) async -> ImageExplanation {
        var explanation = ImageExplanation(uri: uri)
        do {
            try Self.check(uri)
            if case .xgboost(let version) = try ContainerImage.resolve(uri, for: .itself) {
                explanation.algorithm = "the built-in XGBoost, behaving as container \(version)"
            }
            let script = try await runtimes.image(uri, for: .script, environment: nil)
            if case .oci = script {
                explanation.algorithm = nil
                explanation.engine = runtimes.engine?.socket ?? ""
            }
            guard case .framework(let image) = script else { return explanation }
            let there = Set(await environments.list().map(\.id))
            explanation.recipes = try environments.recipes(for: image).map { recipe in
                ImageExplanation.Recipe(
                    id: recipe.id,
                    interpreter: recipe.interpreter,
                    requirements: recipe.requirements,
                    notes: recipe.notes,
                    usesProcessorIndex: recipe.usesProcessorIndex,
                    isBuilt: there.contains(recipe.id)
                )
            }
        } catch let error as UnknownImage {
            explanation.refusal = error.message
        } catch let error as ImageRefusal {
            explanation.refusal = error.message
        } catch {
            explanation.refusal = "\(error)"
        }
        return explanation
    }

    /// Builds the environment of an image, the first choice that can be had, also where another one is there.
    private func build(_ uri: String) async throws -> ImageExplanation {
        do {
            try Self.check(uri)
            let image = try await framework(uri)
            _ = try await environments.environment(
                for: image,
                user: "`clary images build`",
                afresh: true
            ) { _ in }
        } catch let error as UnknownImage {
            throw ServiceError.validation(error.message)
        } catch let error as ImageRefusal {
            throw ServiceError.validation(error.message)
        } catch let error as EnvironmentError {
            throw ServiceError.validation("The image '\(uri)' cannot be made ready: \(error).")
        }
        return await explain(uri)
    }

    /// - Throws: `UnknownImage` for what is no image's name at all.
    private static func check(_ uri: String) throws(UnknownImage) {
        if let objection = ImageReference(uri).objection {
            throw UnknownImage("'\(uri)' is no image URI: \(objection).")
        }
    }

    /// What a script of an image runs in.
    ///
    /// - Throws: `UnknownImage` if that is no environment, `CancellationError`.
    private func framework(_ uri: String) async throws -> FrameworkImage {
        switch try await runtimes.image(uri, for: .script, environment: nil) {
        case .framework(let image): return image
        case .xgboost:
            throw UnknownImage(
                "Nothing is to be built for '\(uri)': Clary has the built-in algorithm itself."
            )
        case .oci:
            throw UnknownImage(
                runtimes.engine.map {
                    "Nothing is to be built for '\(uri)': the container engine at \($0.socket) runs it as it is."
                }
                    ?? """
                    Nothing can be built for '\(uri)': it is no framework's image (see `clary images`), and needs a container \
                    engine (Podman or Docker), of which none was found.
                    """
            )
        }
    }

    private func remove(_ id: String) async throws -> [String: String] {
        if let count = try inUse()[id] {
            throw ServiceError.validation(
                count == 1
                    ? "A running instance uses the environment '\(id)'. End it first."
                    : "\(count) running instances use the environment '\(id)'. End them first."
            )
        }
        do {
            switch try await environments.remove(id) {
            case .removed: return ["removed": id]
            case .absent:
                throw ServiceError.validation("There is no environment '\(id)'. See `clary images`.")
            case .used(let users):
                let shown = Set(users).sorted()
                let rest = shown.count > 5 ? " and \(shown.count - 5) more" : ""
                throw ServiceError.validation(
                    """
                    The environment '\(id)' is in use: by \(shown.prefix(5).joined(separator: ", "))\(rest). Remove it \
                    when they have ended.
                    """
                )
            }
        } catch let error as EnvironmentError {
            throw ServiceError.internalFailure("\(error)")
        }
    }

    /// How many instances use each environment.
    package func inUse() throws -> [String: Int] {
        try database.read { try $0.instances(InstanceRecord.self) }
            .compactMap { $0.assignment.container.environment["CLARY_ENVIRONMENT"] }
            .reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
