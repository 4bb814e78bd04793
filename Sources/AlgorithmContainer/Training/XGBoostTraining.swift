import Estimators
import FoundationEssentials
import Glibc
import ParquetBridge

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
            leave(error, folders, log)
            return error.exitCode
        }
    }

    /// Leaves the reason of a failure where the platform looks for it.
    private static func leave(_ fault: TrainingFault, _ folders: ContainerFolders, _ log: ContainerLog) {
        log.error(fault.message)
        log.line(fault.text)
        do {
            try Files.makeFolder(String(folders.failure.dropLast("/failure".count)))
            try Files.write(Array(fault.text.utf8), to: folders.failure)
        } catch {
            log.error("The failure could not be written: \(error)")
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
        let (hosts, current) = (configuration.resources.hosts, configuration.resources.currentHost)
        guard hosts.count > 1 else {
            return try await train(configuration, nil, folders, environment, executable, log)
        }
        log.info("Distributed node training with \(hosts.count) hosts: \(hosts.joined(separator: ", "))")
        let group = try await HostGroup.join(hosts: hosts, current: current, log: log)
        do throws(TrainingFault) {
            try await train(configuration, group, folders, environment, executable, log)
        } catch {
            await group.fail(error)
            throw error
        }
    }

    private static func train(
        _ configuration: TrainingConfiguration,
        _ group: HostGroup?,
        _ folders: ContainerFolders,
        _ environment: [String: String],
        _ executable: String,
        _ log: ContainerLog
    ) async throws(TrainingFault) {
        let hyperparameters = try validated(configuration.hyperparameters, environment)
        let channels = try TrainingChannels(
            configuration.channels,
            folders: folders,
            release: hyperparameters.release,
            mayBeEmpty: group != nil
        )
        for note in hyperparameters.notes { log.info(note) }
        for metric in hyperparameters.tuningMetrics.suffix(1) {
            log.info("Setting up HPO optimized metric to be : \(metric)")
        }
        try refuseWhatIsNotBuilt(hyperparameters)
        try checkEarlyStopping(hyperparameters, hasValidation: channels.validation != nil)
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
            parquetFolders: ParquetEnvironment.candidates(environment: environment, executable: executable),
            threads: hyperparameters.threads > 0
                ? hyperparameters.threads : ProcessInfo.processInfo.activeProcessorCount,
            log: log
        )
        guard let group else { return try await job.run() }
        try await HostedBoosting(job: job, group: group) { fault in
            leave(fault, folders, log)
            // The others hear of it from the first host, whose words must not be cut off.
            if group.isCoordinator { usleep(300_000) }
            Glibc._exit(fault.exitCode)
        }.run()
    }

    /// What a job would end with before it reads any data.
    ///
    /// - Parameters:
    ///   - hyperparameters: As the request has them.
    ///   - channels: Names of its channels.
    ///   - version: Tag of the container, such as `1.7-1`.
    /// - Returns: The container's words; `nil` if nothing is wrong.
    package static func objection(
        to hyperparameters: [String: String],
        channels: Set<String>,
        version: String
    ) -> String? {
        do throws(TrainingFault) {
            let checked = try validated(hyperparameters, [versionVariable: version])
            try refuseWhatIsNotBuilt(checked)
            try checkEarlyStopping(checked, hasValidation: channels.contains("validation"))
            return nil
        } catch {
            return error.message
        }
    }

    private static func checkEarlyStopping(
        _ hyperparameters: XGBoostHyperparameters,
        hasValidation: Bool
    ) throws(TrainingFault) {
        guard hyperparameters.earlyStoppingRounds != nil else { return }
        guard hyperparameters.watchedMetric != nil else {
            throw .customer("Hyperparameter early_stopping_rounds needs an eval_metric to watch.")
        }
        guard hasValidation else {
            throw .customer("Hyperparameter early_stopping_rounds needs a validation channel.")
        }
    }

    /// What would give another result than asked for ends the job before it costs time.
    private static func refuseWhatIsNotBuilt(
        _ hyperparameters: XGBoostHyperparameters
    ) throws(TrainingFault) {
        if hyperparameters.crossValidation != nil {
            throw .customer(
                "Hyperparameter _kfold: cross validation inside one job is not available here. Start a job per "
                    + "fold."
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
