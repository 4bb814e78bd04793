import AlgorithmContainer
import ArgumentParser
import Foundation
import Glibc

/// `clary algorithm`: the built-in algorithms' containers; run by the platform inside its sandboxes.
struct AlgorithmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "algorithm",
        abstract: "Run a built-in algorithm's container (used inside instances).",
        discussion: "Reads and writes /opt/ml as a SageMaker container does."
    )

    /// The algorithms that are built in.
    enum Algorithm: String, ExpressibleByArgument, CaseIterable {
        case xgboost
    }

    /// The two things that a container does.
    enum Verb: String, ExpressibleByArgument, CaseIterable {
        case train
        case serve
    }

    @Argument(help: "The algorithm: \(Algorithm.allCases.map(\.rawValue).joined(separator: ", ")).")
    var algorithm: Algorithm

    @Argument(help: "train or serve.")
    var verb: Verb

    @Option(name: .customLong("root"), help: "Directory in the place of /opt/ml.")
    var root = "/opt/ml"

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let folders = ContainerFolders(root: root)
        let executable = ExecutablePath.current
        let code =
            switch (algorithm, verb) {
            case (.xgboost, .train):
                await XGBoostTraining.run(folders: folders, environment: environment, executable: executable)
            case (.xgboost, .serve):
                await XGBoostServing.run(folders: folders, environment: environment, executable: executable)
            }
        Glibc.exit(code)
    }
}
