import Estimators

/// The part of a training job that begins once everything is checked: load, boost, save.
struct BoostingJob: Sendable {
    let hyperparameters: XGBoostHyperparameters
    let configuration: TrainingConfiguration
    let channels: TrainingChannels
    let folders: ContainerFolders
    /// Where pyarrow may be.
    let parquetFolders: [String]
    let threads: Int
    let log: ContainerLog

    static let modelName = "xgboost-model"

    /// Trains on this host alone.
    ///
    /// - Throws: `TrainingFault`.
    func run() async throws(TrainingFault) {
        let data = try await load { shape, _ in shape }
        log.info("Single node training.")
        try boost(data, workers: .alone)
    }

    /// The channels of this host, read and checked.
    struct LoadedData: ~Copyable {
        let train: TrainingMatrix
        let validation: TrainingMatrix?
        let indexBase: Int?
    }

    /// Reads and checks both channels.
    ///
    /// - Parameter agree: Makes of the shape of a channel here the shape of it on all hosts; gets the channel's name.
    /// - Returns: The rows of this host.
    /// - Throws: `TrainingFault`.
    func load(
        agree: (ChannelShape, String) async throws(TrainingFault) -> ChannelShape
    ) async throws(TrainingFault) -> LoadedData {
        let train = try await load(channels.train) { shape async throws(TrainingFault) in
            try await agree(shape, "train")
        }
        try describe(train.matrix)
        var validation: TrainingMatrix?
        if let source = channels.validation {
            let loaded = try await load(source) { shape async throws(TrainingFault) in
                try await agree(shape, "validation")
            }
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
        let indexBase = train.indexBase
        return LoadedData(train: train.released(), validation: validation, indexBase: indexBase)
    }

    private func load(
        _ source: TrainingChannels.Source,
        agree: (ChannelShape) async throws(TrainingFault) -> ChannelShape
    ) async throws(TrainingFault) -> ChannelMatrix {
        try await ChannelMatrix.load(
            source,
            weights: hyperparameters.weights,
            parquetFolders: parquetFolders,
            threads: threads,
            log: log,
            agree: agree
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

    /// Boosts and saves; of several workers the first one keeps checkpoints, reports and saves.
    func boost(_ data: borrowing LoadedData, workers: WorkerGroup) throws(TrainingFault) {
        do {
            let folder = workers.isFirst ? configuration.checkpointFolder : nil
            var checkpoints = try folder.map { try Checkpoints(folder: $0) }
            let checkpoint = try checkpoints?.newest()
            if let checkpoint { log.info("Resuming from checkpoint of round \(checkpoint.round)") }
            if hyperparameters.savesModelOnTermination { Termination.note() }
            var hasValidation = false
            switch data.validation {
            case .some: hasValidation = true
            case .none: break
            }
            var run = BoostingRun(hyperparameters, hasValidation: hasValidation)
            let result = try run.train(
                data.train,
                validation: data.validation,
                attributes: Self.attributes(indexBase: data.indexBase),
                from: checkpoint?.model,
                workers: workers
            ) { event in
                switch event {
                case .evaluated(let round, let evaluations):
                    if workers.isFirst { log.line(Evaluation.logLine(round: round, evaluations)) }
                    return .goOn
                case .boosted(let round, let model):
                    try checkpoints?.save(round: round, model: model())
                    return Termination.isRequested ? .finish : .goOn
                }
            }
            guard workers.isFirst else { return }
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
