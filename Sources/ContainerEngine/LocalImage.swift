import Foundation

/// An image that an engine has.
package struct LocalImage: Sendable, Equatable {
    /// `sha256:…` of its configuration: what a container is made of, whatever the name means later.
    package var id: String
    /// `repository@sha256:…` where it came from a registry.
    package var digests: [String] = []
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
        let found = try decode(Inspection.self, answer)
        var image = LocalImage(id: found.Id)
        image.digests = found.RepoDigests ?? []
        image.architecture = found.Architecture ?? ""
        if let config = found.Config {
            image.entrypoint = config.Entrypoint ?? []
            image.command = config.Cmd ?? []
            image.environment = config.Env ?? []
            if let directory = config.WorkingDir, !directory.isEmpty { image.workingDirectory = directory }
            image.user = config.User ?? ""
            image.labels = config.Labels ?? [:]
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
        var Id: String
        var RepoDigests: [String]?
        var Architecture: String?
        var Config: Config?

        struct Config: Decodable {
            var Entrypoint: [String]?
            var Cmd: [String]?
            var Env: [String]?
            var WorkingDir: String?
            var User: String?
            var Labels: [String: String]?
        }
    }
}
