import Estimators
import FoundationEssentials

/// `clary algorithm xgboost train`: one training job in one container.
package enum XGBoostTraining {
    /// Environment variable with the image tag that the job asked for, such as `1.7-1`.
    package static let versionVariable = "CLARY_XGBOOST_VERSION"

    /// Trains as the files below `folders` say, and leaves the model or the reason of failure there.
    ///
    /// - Parameters:
    ///   - folders: Nil for what the environment says, which is `/opt/ml`.
    ///   - environment: Of the process.
    ///   - executable: Absolute path of this program, from which the library is looked for.
    ///   - log: Where the job's log lines go.
    /// - Returns: The container's exit code: 0, 1 algorithm error, 2 customer error, 3 platform error.
    @concurrent
    package static func run(
        folders: ContainerFolders? = nil,
        environment: [String: String],
        executable: String,
        log: ContainerLog = .standardOutput
    ) async -> Int32 {
        let folders = folders ?? ContainerFolders(environment: environment)
        do throws(TrainingFault) {
            try await train(folders, environment, executable, log)
            return 0
        } catch {
            log.error(error.message)
            log.line(error.text)
            do {
                try Files.makeFolder(String(folders.failure.dropLast("/failure".count)))
                try Files.write(Array(error.text.utf8), to: folders.failure)
            } catch let unwritten {
                log.error("The failure could not be written: \(unwritten)")
            }
            return error.exitCode
        }
    }

    private static func train(
        _ folders: ContainerFolders,
        _ environment: [String: String],
        _ executable: String,
        _ log: ContainerLog
    ) async throws(TrainingFault) {
        let configuration = try TrainingConfiguration(folders)
        log.info("Running XGBoost Sagemaker in algorithm mode")
        let hyperparameters = try validated(configuration.hyperparameters, environment)
        let channels = try TrainingChannels(
            configuration.channels,
            folders: folders,
            release: hyperparameters.release
        )
        for note in hyperparameters.notes { log.info(note) }
        for metric in hyperparameters.tuningMetrics.suffix(1) {
            log.info("Setting up HPO optimized metric to be : \(metric)")
        }
        try refuseWhatIsNotBuilt(hyperparameters, configuration)
        if hyperparameters.earlyStoppingRounds != nil {
            guard hyperparameters.watchedMetric != nil else {
                throw .customer("Hyperparameter early_stopping_rounds needs an eval_metric to watch.")
            }
            guard channels.validation != nil else {
                throw .customer("Hyperparameter early_stopping_rounds needs a validation channel.")
            }
        }
        do {
            let library = try XGBoostLibrary.load(
                from: XGBoostLibrary.candidates(environment: environment, executable: executable)
            )
            try XGBoostLibrary.log { log.line($0) }
            if hyperparameters.release < XGBoostRelease.current {
                log.info("XGBoost \(library.version), with the defaults of \(hyperparameters.release)")
            }
        } catch { throw .platform("\(error)") }
        let job = BoostingJob(
            hyperparameters: hyperparameters,
            configuration: configuration,
            channels: channels,
            folders: folders,
            threads: hyperparameters.threads > 0
                ? hyperparameters.threads : ProcessInfo.processInfo.activeProcessorCount,
            log: log
        )
        try await job.run()
    }

    /// What would give another result than asked for ends the job before it costs time.
    private static func refuseWhatIsNotBuilt(
        _ hyperparameters: XGBoostHyperparameters,
        _ configuration: TrainingConfiguration
    ) throws(TrainingFault) {
        if hyperparameters.crossValidation != nil {
            throw .customer(
                "Hyperparameter _kfold: cross validation inside one job is not available here. Start a job per "
                    + "fold."
            )
        }
        if configuration.resources.hosts.count > 1 {
            throw .customer(
                "The job has \(configuration.resources.hosts.count) instances; training on several instances is not "
                    + "available here yet. Set InstanceCount to 1."
            )
        }
    }

    private static func validated(
        _ given: [String: String],
        _ environment: [String: String]
    ) throws(TrainingFault) -> XGBoostHyperparameters {
        var release = XGBoostRelease.current
        if let tag = environment[versionVariable], !tag.isEmpty {
            guard let known = XGBoostRelease(tag: tag) else {
                throw .platform("\(versionVariable) is '\(tag)', which is no XGBoost version.")
            }
            release = known
        }
        do { return try XGBoostHyperparameters(given, release: release) } catch {
            throw .customer(error.description)
        }
    }
}
