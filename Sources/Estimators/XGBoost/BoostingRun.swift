/// Trains one model: round after round, with evaluation, early stopping, and snapshots for those who want them.
package struct BoostingRun: ~Copyable {
    /// What happens during a run, in this order within a round.
    package enum Event {
        /// A round was boosted and evaluated.
        case evaluated(round: Int, [Evaluation])
        /// The model after `round`; call the function for its bytes (UBJSON).
        case boosted(round: Int, model: () throws(XGBoostError) -> [UInt8])
    }

    /// What the observer wants next.
    package enum Decision: Sendable {
        case goOn
        /// Leave now with the model as it is.
        case finish
    }

    /// Why a run ended.
    package enum Ending: Equatable, Sendable {
        case allRounds
        /// Early stopping watched; the model holds the rounds up to the best one.
        case bestRound(Int, score: Double)
        /// The observer wanted to.
        case asked
    }

    private let hyperparameters: XGBoostHyperparameters
    private var stopping: EarlyStopping?
    private let labelMetrics: [LabelMetric]

    /// - Parameters:
    ///   - hyperparameters: What to train.
    ///   - hasValidation: Whether early stopping has data to look at.
    package init(_ hyperparameters: XGBoostHyperparameters, hasValidation: Bool) {
        self.hyperparameters = hyperparameters
        labelMetrics = hyperparameters.metrics.compactMap(\.labelMetric)
        if hasValidation, let patience = hyperparameters.earlyStoppingRounds,
            let metric = hyperparameters.watchedMetric
        {
            stopping = EarlyStopping(metric: metric, patience: patience)
        }
    }

    /// Boosts until the end.
    ///
    /// - Parameters:
    ///   - train: What to learn.
    ///   - validation: What to evaluate besides.
    ///   - attributes: Notes that travel with the model.
    ///   - checkpoint: Model to go on from.
    ///   - workers: Those who hold the rows together; the first one's checkpoint and attributes count.
    ///   - observe: Hears of every round; whoever wants to finish makes all of them finish.
    /// - Returns: The model (UBJSON) and why it ended.
    /// - Throws: `XGBoostError`, or what `observe` throws.
    package mutating func train(
        _ train: borrowing TrainingMatrix,
        validation: borrowing TrainingMatrix?,
        attributes: [String: String] = [:],
        from checkpoint: [UInt8]? = nil,
        workers: WorkerGroup = .alone,
        observe: (Event) throws -> Decision
    ) throws -> (model: [UInt8], ending: Ending) {
        let booster = try Booster(train: train, validation: validation)
        let checkpoint = try workers.fromFirst(checkpoint)
        if let checkpoint { try booster.load(model: checkpoint) }
        try configure(booster, rowCount: train.rowCount, isDistributed: workers.count > 1)
        for (name, value) in attributes { try booster.setAttribute(name, to: value) }
        let firstRound = checkpoint == nil ? 0 : try booster.roundCount
        try resumeStopping(booster, lastRound: firstRound - 1)
        let labels = try Labels(train: train, validation: validation, areNeeded: !labelMetrics.isEmpty)

        var bestLinearModel: [UInt8]?
        for round in firstRound..<max(firstRound, hyperparameters.roundCount) {
            try booster.update(round: round, train: train)
            let evaluations = try evaluate(booster, round, train, validation, labels, workers)
            var decision = try observe(.evaluated(round: round, evaluations))
            if let score = watchedScore(evaluations),
                let shouldStop = stopping?.shouldStop(after: round, score: score)
            {
                if let best = stopping?.best {
                    try booster.setAttribute("best_iteration", to: String(best.round))
                    try booster.setAttribute("best_score", to: best.score.description)
                    // The linear booster cannot be cut to its first rounds afterwards.
                    if hyperparameters.booster == "gblinear", best.round == round {
                        bestLinearModel = try booster.model()
                    }
                }
                if shouldStop { break }
            }
            if case .finish = try observe(
                .boosted(round: round, model: { () throws(XGBoostError) in try booster.model() })
            ) {
                decision = .finish
            }
            if try workers.any(decision == .finish) { return (try booster.model(), .asked) }
        }
        return try finish(booster, bestLinearModel)
    }

    private func finish(
        _ booster: borrowing Booster,
        _ bestLinearModel: [UInt8]?
    ) throws -> (model: [UInt8], ending: Ending) {
        guard let best = stopping?.best else { return (try booster.model(), .allRounds) }
        let ending = Ending.bestRound(best.round, score: best.score)
        if hyperparameters.booster == "gblinear" { return (try bestLinearModel ?? booster.model(), ending) }
        if try best.round + 1 == booster.roundCount { return (try booster.model(), ending) }
        return (try booster.firstRounds(best.round + 1).model(), ending)
    }

    private func configure(_ booster: borrowing Booster, rowCount: Int, isDistributed: Bool) throws {
        for parameter in hyperparameters.parameters { try booster.set(parameter.name, parameter.value) }
        if let method = hyperparameters.inheritedTreeMethod(rowCount: rowCount, isDistributed: isDistributed)
        {
            try booster.set("tree_method", method)
        }
    }

    private mutating func resumeStopping(_ booster: borrowing Booster, lastRound: Int) throws {
        guard stopping != nil, let round = try booster.attribute("best_iteration").flatMap({ Int($0) }),
            let score = try booster.attribute("best_score").flatMap({ Double($0) })
        else { return }
        stopping?.resume(bestRound: round, score: score, lastRound: lastRound)
    }

    private func evaluate(
        _ booster: borrowing Booster,
        _ round: Int,
        _ train: borrowing TrainingMatrix,
        _ validation: borrowing TrainingMatrix?,
        _ labels: borrowing Labels,
        _ workers: WorkerGroup
    ) throws -> [Evaluation] {
        var evaluations = try booster.evaluate(round: round, train: train, validation: validation)
        guard !labelMetrics.isEmpty else { return evaluations }
        let trainPredictions = try booster.predict(train)
        evaluations += try labelEvaluations(.train, trainPredictions, labels.train, workers)
        switch validation {
        case .some(let validation):
            let predictions = try booster.predict(validation)
            evaluations += try labelEvaluations(.validation, predictions, labels.validation, workers)
        case .none: break
        }
        return evaluations.filter { $0.dataSet == .train } + evaluations.filter { $0.dataSet == .validation }
    }

    private func labelEvaluations(
        _ dataSet: Evaluation.DataSet,
        _ predictions: Predictions,
        _ labels: [Float],
        _ workers: WorkerGroup
    ) throws -> [Evaluation] {
        try labelMetrics.map { metric in
            Evaluation(
                dataSet,
                metric.rawValue,
                try metric.value(
                    predictions,
                    labels: labels,
                    objective: hyperparameters.objective,
                    workers: workers
                )
            )
        }
    }

    private func watchedScore(_ evaluations: [Evaluation]) -> Double? {
        guard let metric = stopping?.metric else { return nil }
        return evaluations.last { $0.dataSet == .validation && $0.metric == metric.description }?.value
    }
}

/// The truth, for metrics that are not the library's.
private struct Labels: ~Copyable {
    var train: [Float] = []
    var validation: [Float] = []

    init(
        train: borrowing TrainingMatrix,
        validation: borrowing TrainingMatrix?,
        areNeeded: Bool
    ) throws(XGBoostError) {
        guard areNeeded else { return }
        self.train = try train.labels()
        switch validation {
        case .some(let validation): self.validation = try validation.labels()
        case .none: break
        }
    }
}
