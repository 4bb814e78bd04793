/// An image of a container engine's: the container's file system, and what it runs where the request says nothing.
package struct OCIImage: Codable, Sendable, Equatable {
    /// As the request has it.
    package var reference: String
    /// Replaces the image's own.
    package var entrypoint: [String]?
    /// What follows the entry point: `train`, `serve`, or what the request has instead.
    package var arguments: [String]
    /// Socket of the engine, where the control plane knows one.
    package var engine: String?
    /// Address of the registry behind the names of Amazon's, such as `http://127.0.0.1:5000`.
    package var registry: String?

    package init(
        reference: String,
        entrypoint: [String]?,
        arguments: [String],
        engine: String?,
        registry: String? = nil
    ) {
        self.reference = reference
        self.entrypoint = entrypoint
        self.arguments = arguments
        self.engine = engine
        self.registry = registry
    }
}
