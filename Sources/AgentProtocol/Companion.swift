/// A further container of a model of several, beside the assignment's own.
package struct Companion: Codable, Sendable {
    /// Its `ContainerHostname`, or `container-<n>`.
    package var hostname: String
    package var container: ContainerSpec
    /// Unpacked into its `/opt/ml/model`.
    package var modelArchive: DataObject?

    package init(hostname: String, container: ContainerSpec, modelArchive: DataObject?) {
        self.hostname = hostname
        self.container = container
        self.modelArchive = modelArchive
    }
}

/// How calls go through the containers of a model (`InferenceExecutionConfig.Mode`).
package enum InferenceMode: String, Codable, Sendable {
    /// The answer of each is the next one's request.
    case serial = "Serial"
    /// The caller names one.
    case direct = "Direct"
}
