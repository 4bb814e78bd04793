package import Environments
import Foundation

/// What `clary images` shows.
package struct ImageList: Codable, Sendable {
    /// A framework of the catalogue.
    package struct Family: Codable, Sendable {
        package let title: String
        /// Repositories of image URIs.
        package let repositories: [String]
        /// The versions of its package that can be had here, the oldest and the newest of each major version.
        package let versions: [String]
        /// A tag that SageMaker has published.
        package let example: String
    }

    /// An environment that is there.
    package struct Environment: Codable, Sendable {
        package let listing: EnvironmentStore.Listing
        /// Bytes of the disk, shared with uv's cache where that is on the same disk.
        package let bytes: Int
        /// Instances that run in it now.
        package let instances: Int
    }

    package let families: [Family]
    package let environments: [Environment]
}

/// How an image URI is understood.
package struct ImageExplanation: Codable, Sendable {
    package let uri: String
    /// What runs when no script is named; `nil` if nothing does.
    package var algorithm: String?
    /// Socket of the container engine that runs it; empty where one is needed and none was found.
    package var engine: String?
    /// What a script would run in, the first choice first.
    package var recipes: [Recipe] = []
    /// Why nothing can stand for the image.
    package var refusal: String?

    /// One way to make the environment.
    package struct Recipe: Codable, Sendable {
        package let id: String
        package let interpreter: String
        package let requirements: [String]
        package let notes: [String]
        /// Whether its packages come from PyTorch's own index of builds without CUDA.
        package let usesProcessorIndex: Bool
        package let isBuilt: Bool
    }
}

/// Which image `clary images build` wants.
package struct ImageRequest: Codable, Sendable {
    package let uri: String

    package init(uri: String) { self.uri = uri }
}
