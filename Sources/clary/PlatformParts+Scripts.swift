import ControlPlane
import Environments
import Estimators
import Foundation
import Images
import Logging
import ParquetBridge

/// What the scripts of framework images run with on this machine.
extension PlatformParts {
    static func environments(_ options: Platform.Options, logger: Logger) -> EnvironmentStore {
        let environment = ProcessInfo.processInfo.environment
        let indexes = packageIndexes
        return EnvironmentStore(
            directory: options.environmentDirectory ?? "\(options.dataDirectory)/environments",
            installer: PackageInstaller.find(environment: environment, executable: ExecutablePath.current)
                .map { PackageInstaller(program: $0, indexes: indexes, environment: environment) },
            machine: { HostSurvey.machine(wheelFolders: indexes.folders) },
            logger: logger
        )
    }

    /// Where pip looks for packages on this machine.
    static var packageIndexes: PackageIndexes {
        let environment = ProcessInfo.processInfo.environment
        return PackageIndexes(
            environment: environment,
            files: HostSurvey.pipConfiguration(environment: environment)
        )
    }

    static func facts(_ options: Platform.Options, _ runtimes: ContainerRuntimes) throws -> PlatformFacts {
        let candidates = XGBoostLibrary.candidates(
            environment: ProcessInfo.processInfo.environment,
            executable: ExecutablePath.current
        )
        return PlatformFacts(
            xgboostLibrary: candidates.first { FileManager.default.fileExists(atPath: $0) },
            parquetFolders: ParquetEnvironment.candidates(
                environment: ProcessInfo.processInfo.environment,
                executable: ExecutablePath.current
            ),
            hasProxy: options.hasProxy,
            runtimes: runtimes,
            scripts: ScriptSupport(
                programs: try RuntimePrograms.install(in: "\(options.dataDirectory)/runtime"),
                installer: PackageInstaller.find(
                    environment: ProcessInfo.processInfo.environment,
                    executable: ExecutablePath.current
                ),
                indexes: packageIndexes,
                packages: "\(options.dataDirectory)/packages"
            )
        )
    }
}
