/// Stops boosting when a metric has not improved for some rounds, and remembers the best round.
package struct EarlyStopping: Equatable, Sendable {
    package let metric: MetricName
    /// Rounds without improvement after which boosting stops.
    package let patience: Int
    /// The best round so far and its score.
    package private(set) var best: (round: Int, score: Double)?
    private var roundsWithoutImprovement = 0

    package init(metric: MetricName, patience: Int) {
        self.metric = metric
        self.patience = patience
    }

    /// Goes on from a checkpoint whose best round is known.
    package mutating func resume(bestRound: Int, score: Double, lastRound: Int) {
        best = (bestRound, score)
        roundsWithoutImprovement = max(0, lastRound - bestRound)
    }

    /// Takes a round's score into account.
    ///
    /// - Returns: Whether to stop.
    package mutating func shouldStop(after round: Int, score: Double) -> Bool {
        if let best {
            guard metric.isMaximised ? score > best.score : score < best.score else {
                roundsWithoutImprovement += 1
                return roundsWithoutImprovement >= patience
            }
        }
        best = (round, score)
        roundsWithoutImprovement = 0
        return false
    }

    package static func == (left: EarlyStopping, right: EarlyStopping) -> Bool {
        left.metric == right.metric && left.patience == right.patience
            && left.best?.round == right.best?.round
            && left.best?.score == right.best?.score
            && left.roundsWithoutImprovement == right.roundsWithoutImprovement
    }
}
