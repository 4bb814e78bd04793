import Foundation
package import Images

/// An image that an engine has.
package struct LocalImage: Sendable, Equatable {
    /// `sha256:…` of its configuration: what a container is made of, whatever the name means later.
    package var id: String
    /// `repository@sha256:…` where it came from a registry.
    package var digests: [String] = []
    /// All its names here, `repository:tag`.
    package var tags: [String] = []
    package var entrypoint: [String] = []
    package var command: [String] = []
    /// `NAME=value`.
    package var environment: [String] = []
    package var workingDirectory: String = "/"
    /// Empty for root.
    package var user: String = ""
    package var labels: [String: String] = [:]
    package var architecture: String = ""

    package init(id: String) { self.id = id }

    /// Whether it is known here only by names of this registry (`host:port`): a copy of what the registry had once.
    package func isCopy(of registry: String) -> Bool {
        !tags.isEmpty && tags.allSatisfy { $0.hasPrefix("\(registry)/") }
    }
}

extension ContainerEngine {
    /// The image of this name, if the engine has it.
    package func image(_ name: String) async throws(ContainerEngineError) -> LocalImage? {
        let answer = try await demand(
            "look at the image \(name)",
            "GET",
            "/images/\(Self.encode(name))/json",
            orStatus: [404]
        )
        guard answer.status != 404 else { return nil }
        let found = try decode(Inspection.self, answer, of: "the image \(name)")
        var image = LocalImage(id: found.id)
        image.digests = found.repoDigests ?? []
        image.tags = found.repoTags ?? []
        image.architecture = found.architecture ?? ""
        if let config = found.config {
            image.entrypoint = config.entrypoint ?? []
            image.command = config.cmd ?? []
            image.environment = config.env ?? []
            if let directory = config.workingDir, !directory.isEmpty { image.workingDirectory = directory }
            image.user = config.user ?? ""
            image.labels = config.labels ?? [:]
        }
        return image
    }

    /// The image of the first of the reference's local names that the engine has.
    package func image(_ reference: ImageReference) async throws(ContainerEngineError) -> LocalImage? {
        for name in reference.localNames {
            if let image = try await image(name) { return image }
        }
        return nil
    }

    private struct Inspection: Decodable {
        var id: String
        var repoDigests: [String]?
        var repoTags: [String]?
        var architecture: String?
        var config: Config?

        struct Config: Decodable {
            var entrypoint: [String]?
            var cmd: [String]?
            var env: [String]?
            var workingDir: String?
            var user: String?
            var labels: [String: String]?
        }
    }
}
