package import ContainerEngine
import Images
package import Logging

/// Chooses between sandboxes of our own and the machine's container engine.
package struct ContainerRuntimes: Sendable {
    /// Which of them an image gets.
    package enum Choice: String, Sendable, CaseIterable {
        /// The engine for images that it has and for those that the catalogue does not know, a sandbox for all others.
        case automatic = "auto"
        case sandbox
        case oci
    }

    /// A job's own word, in its `Environment`; it goes on to the container as it is.
    package static let variable = "CLARY_RUNTIME"

    /// `nil` where none was found.
    package let engine: ContainerEngine?
    /// Address of the registry behind the names of Amazon's.
    let registry: String?
    private let choice: Choice
    private let logger: Logger

    /// - Parameters:
    ///   - engine: `nil` where none was found.
    ///   - choice: For jobs that say nothing about it.
    ///   - registry: Address of the registry behind the names of Amazon's; `nil` without one.
    ///   - logger: Told of an engine that cannot be asked.
    package init(
        engine: ContainerEngine?,
        choice: Choice = .automatic,
        registry: String? = nil,
        logger: Logger = Logger(label: "clary")
    ) {
        self.engine = engine
        self.registry = registry
        self.choice = choice
        self.logger = logger
    }

    /// What an image URI stands for, in a request with this environment.
    ///
    /// - Parameters:
    ///   - uri: As the request has it.
    ///   - use: What is to run of it.
    ///   - environment: The request's; its word counts more than the server's.
    /// - Returns: An image of the engine, or what a sandbox of ours runs.
    /// - Throws: `UnknownImage` if a sandbox is demanded and the catalogue has nothing for it, `CancellationError`.
    package func image(
        _ uri: String,
        for use: ContainerImage.Use,
        environment: [String: String]?
    ) async throws -> ContainerImage {
        var wanted = choice
        if let word = environment?[Self.variable] {
            guard let own = Choice(rawValue: word) else {
                throw UnknownImage("\(Self.variable)=\(word): give auto, sandbox or oci.")
            }
            wanted = own
        }
        switch wanted {
        case .oci: return .oci(reference: uri)
        case .sandbox: return try ContainerImage.resolve(uri, for: use).inSandbox(uri)
        case .automatic:
            // What was mirrored is the original.
            if try await hasImage(uri) { return .oci(reference: uri) }
            return try ContainerImage.resolve(uri, for: use)
        }
    }

    /// An engine that fails has nothing to say; but somebody should know why it is not chosen.
    private func hasImage(_ uri: String) async throws(CancellationError) -> Bool {
        guard let engine else { return false }
        do {
            return try await engine.image(ImageReference(uri)) != nil
        } catch .cancelled {
            throw CancellationError()
        } catch {
            logger.warning("Whether the container engine has the image '\(uri)' is not known: \(error)")
            return false
        }
    }
}
