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
        /// Length of its files but for compiled code, each once; uv's cache and other environments share them where they are on
        /// the same disk.
        package let bytes: Int
        /// Instances that run in it now.
        package let instances: Int
    }

    package let families: [Family]
    package let environments: [Environment]
}
