/// The files and folders by which a platform and a container speak with each other.
package struct ContainerFolders: Sendable {
    /// `/opt/ml`, or a stand-in for it.
    package let root: String

    package init(root: String = "/opt/ml") { self.root = root }

    /// `/opt/ml`, unless `CLARY_ML_ROOT` names another folder, as benchmarks do.
    package init(environment: [String: String]) {
        self.init(root: environment["CLARY_ML_ROOT"] ?? "/opt/ml")
    }

    /// A file of `input/config`, such as `hyperparameters`.
    package func configuration(_ name: String) -> String { "\(root)/input/config/\(name).json" }
    /// Where a channel's files lie.
    package func channel(_ name: String) -> String { "\(root)/input/data/\(name)" }
    /// The pipe through which a channel's data come the first time.
    package func pipe(_ name: String) -> String { "\(root)/input/data/\(name)_0" }
    /// What becomes the model artifact.
    package var model: String { "\(root)/model" }
    /// Text that becomes the job's failure reason.
    package var failure: String { "\(root)/output/failure" }
    /// Checkpoints, unless the job names another folder.
    package var checkpoints: String { "\(root)/checkpoints" }
}
