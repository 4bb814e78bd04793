import Estimators

/// The part of a training job that begins once everything is checked: load, boost, save.
struct BoostingJob: Sendable {
    let hyperparameters: XGBoostHyperparameters
    let configuration: TrainingConfiguration
    let channels: TrainingChannels
    let folders: ContainerFolders
    let threads: Int
    let log: ContainerLog

    static let modelName = "xgboost-model"

    /// - Throws: `TrainingFault`.
    func run() async throws(TrainingFault) {
        let train = try await load(channels.train)
        try describe(train.matrix)
        var validation: TrainingMatrix?
        if let source = channels.validation {
            let loaded = try await load(source)
            do { log.info("Validation matrix has \(try loaded.matrix.rowCount) rows") } catch {
                throw BoostingFault.fault(error)
            }
            validation = loaded.released()
        }
        try checkLabels(train.matrix, "train")
        switch validation {
        case .some(let validation): try checkLabels(validation, "validation")
        case .none: break
        }
        log.info("Single node training.")
        try boost(train.matrix, validation, indexBase: train.indexBase)
    }

    private func load(_ source: TrainingChannels.Source) async throws(TrainingFault) -> ChannelMatrix {
        try await ChannelMatrix.load(
            source,
            weights: hyperparameters.weights,
            threads: threads,
            log: log
        )
    }

    private func describe(_ matrix: borrowing TrainingMatrix) throws(TrainingFault) {
        do throws(XGBoostError) {
            log.info("Train matrix has \(try matrix.rowCount) rows and \(try matrix.columnCount) columns")
        } catch { throw BoostingFault.fault(error) }
    }

    private func checkLabels(_ matrix: borrowing TrainingMatrix, _ channel: String) throws(TrainingFault) {
        let range = LabelRange(objective: hyperparameters.objective, classCount: hyperparameters.classCount)
        do {
            try range.check(matrix.labels())
        } catch let error as LabelError {
            throw .customer("\(error) of the \(channel) channel")
        } catch { throw .algorithm("\(error)") }
    }

    private func boost(
        _ train: borrowing TrainingMatrix,
        _ validation: borrowing TrainingMatrix?,
        indexBase: Int?
    ) throws(TrainingFault) {
        do {
            var checkpoints = try configuration.checkpointFolder.map { try Checkpoints(folder: $0) }
            let checkpoint = try checkpoints?.newest()
            if let checkpoint { log.info("Resuming from checkpoint of round \(checkpoint.round)") }
            if hyperparameters.savesModelOnTermination { Termination.note() }
            var hasValidation = false
            switch validation {
            case .some: hasValidation = true
            case .none: break
            }
            var run = BoostingRun(hyperparameters, hasValidation: hasValidation)
            let result = try run.train(
                train,
                validation: validation,
                attributes: Self.attributes(indexBase: indexBase),
                from: checkpoint?.model
            ) { event in
                switch event {
                case .evaluated(let round, let evaluations):
                    log.line(Evaluation.logLine(round: round, evaluations))
                    return .goOn
                case .boosted(let round, let model):
                    try checkpoints?.save(round: round, model: model())
                    return Termination.isRequested ? .finish : .goOn
                }
            }
            if case .bestRound(let round, let score) = result.ending {
                log.info(
                    "Best round is \(round) with \(hyperparameters.watchedMetric?.description ?? "") \(score)"
                )
            }
            if case .asked = result.ending { log.info("Asked to end: saving the model as it is.") }
            try Files.makeFolder(folders.model)
            try Files.write(result.model, to: "\(folders.model)/\(Self.modelName)")
        } catch let error as XGBoostError {
            throw BoostingFault.fault(error)
        } catch let error as FileError {
            throw .platform("\(error)")
        } catch {
            throw .algorithm("XGB train call failed with exception:\n\(error)")
        }
    }

    /// Notes in the model that a later prediction needs: libsvm files may count features from 0 or from 1.
    private static func attributes(indexBase: Int?) -> [String: String] {
        indexBase.map { [ServingNotes.libSVMIndexBase: String($0)] } ?? [:]
    }
}

/// Names of the notes that training leaves in a model for serving.
enum ServingNotes {
    static let libSVMIndexBase = "libsvm_index_base"
}
