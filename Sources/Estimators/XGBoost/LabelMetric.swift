/// Metrics that compare predicted labels or values with the truth and that the library does not have.
package enum LabelMetric: String, CaseIterable, Sendable {
    case accuracy
    case balancedAccuracy = "balanced_accuracy"
    case f1
    case f1Binary = "f1_binary"
    case f1Macro = "f1_macro"
    case mse
    case precision
    case precisionMacro = "precision_macro"
    case precisionMicro = "precision_micro"
    case r2
    case recall
    case recallMacro = "recall_macro"
    case recallMicro = "recall_micro"

    /// The metric's value, in which rows count equally, whatever their weight.
    ///
    /// An average over nothing is 0, as is a ratio of
    /// two zeros; plain precision, recall and `f1_binary` speak of label 1, and `f1` averages over the labels.
    ///
    /// - Parameters:
    ///   - predictions: The model's answers for the rows, on the objective's own scale.
    ///   - labels: One per row.
    ///   - objective: The library's name for it.
    ///   - workers: Those who hold the rows together; all get the value over all rows.
    /// - Returns: A share between 0 and 1, except for `mse` (squared label units) and `r2` (at most 1).
    /// - Throws: `XGBoostError` if the workers cannot reach each other, or their labels lie too far apart to be counted.
    package func value(
        _ predictions: Predictions,
        labels: [Float],
        objective: String,
        workers: WorkerGroup = .alone
    ) throws(XGBoostError) -> Double {
        switch self {
        case .mse: return try meanSquaredError(predictions.values, labels, workers)
        case .r2: return try coefficientOfDetermination(predictions.values, labels, workers)
        default: break
        }
        let counts = try LabelCounts(
            truth: labels,
            predicted: Self.labels(predictions, objective: objective)
        ).summed(over: workers)
        switch self {
        case .accuracy, .precisionMicro, .recallMicro:
            // With one label per row, pooled precision and recall are both the share of right answers.
            return ratio(
                counts.perLabel.values.reduce(0) { $0 + $1.hits },
                counts.perLabel.values.reduce(0) { $0 + $1.truths }
            )
        case .balancedAccuracy: return mean(counts.perLabel.values.filter { $0.truths > 0 }.map(\.recall))
        case .f1, .f1Macro: return mean(counts.perLabel.values.map(\.f1))
        case .precisionMacro: return mean(counts.perLabel.values.map(\.precision))
        case .recallMacro: return mean(counts.perLabel.values.map(\.recall))
        case .f1Binary: return counts.perLabel[1]?.f1 ?? 0
        case .precision: return counts.perLabel[1]?.precision ?? 0
        case .recall: return counts.perLabel[1]?.recall ?? 0
        case .mse, .r2: return .nan
        }
    }

    /// The class that a prediction stands for.
    package static func labels(_ predictions: Predictions, objective: String) -> [Int] {
        if predictions.width > 1 {
            return (0..<predictions.rowCount).map { row in
                let scores = predictions.row(row)
                var best = scores.startIndex
                for index in scores.indices where scores[index] > scores[best] { best = index }
                return best - scores.startIndex
            }
        }
        if objective == "binary:logitraw" { return predictions.values.map { $0 > 0 ? 1 : 0 } }
        // Halves go to the even neighbour, so a probability of exactly 0.5 means 0.
        return predictions.values.map { Int(clamping: $0.rounded(.toNearestOrEven)) }
    }
}

/// How often a label was true, predicted, and both.
private struct LabelCounts {
    struct Counts {
        var truths = 0
        var predictions = 0
        var hits = 0
        var precision: Double { ratio(hits, predictions) }
        var recall: Double { ratio(hits, truths) }
        var f1: Double { ratio(2 * hits, truths + predictions) }
    }

    private(set) var perLabel: [Int: Counts] = [:]

    init(truth: [Float], predicted: [Int]) {
        for (truth, predicted) in zip(truth, predicted) {
            let truth = Int(clamping: truth.rounded())
            perLabel[truth, default: Counts()].truths += 1
            perLabel[predicted, default: Counts()].predictions += 1
            if truth == predicted { perLabel[truth, default: Counts()].hits += 1 }
        }
    }

    /// Labels that may lie between the smallest and the greatest one.
    private static let widestRange = 1 << 16

    /// The counts of all workers' rows.
    func summed(over workers: WorkerGroup) throws(XGBoostError) -> LabelCounts {
        guard workers.count > 1 else { return self }
        let lowest = perLabel.keys.min().map { -Double($0) } ?? -.infinity
        let ends = try workers.maximum([lowest, perLabel.keys.max().map(Double.init) ?? -.infinity])
        guard ends.allSatisfy(\.isFinite) else { return self }
        let (first, last) = (Int(-ends[0]), Int(ends[1]))
        guard last - first < Self.widestRange else {
            throw .library("labels from \(first) to \(last) are too many for a metric that counts labels")
        }
        let own = (first...last).map { perLabel[$0] ?? Counts() }
        let sums = try workers.sum(
            own.flatMap { [Double($0.truths), Double($0.predictions), Double($0.hits)] }
        )
        var counts = self
        counts.perLabel = [:]
        for label in first...last {
            let start = (label - first) * 3
            // A label that nobody has or predicts takes no part in averages over labels.
            guard sums[start] + sums[start + 1] > 0 else { continue }
            counts.perLabel[label] = Counts(
                truths: Int(sums[start]),
                predictions: Int(sums[start + 1]),
                hits: Int(sums[start + 2])
            )
        }
        return counts
    }
}

private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}

private func squaredErrors(_ predictions: [Float], _ labels: [Float]) -> Double {
    zip(predictions, labels).reduce(0) { sum, pair in
        let error = Double(pair.0) - Double(pair.1)
        return sum + error * error
    }
}

private func meanSquaredError(
    _ predictions: [Float],
    _ labels: [Float],
    _ workers: WorkerGroup
) throws(XGBoostError) -> Double {
    let sums = try workers.sum([squaredErrors(predictions, labels), Double(labels.count)])
    return sums[1] == 0 ? 0 : sums[0] / sums[1]
}

private func coefficientOfDetermination(
    _ predictions: [Float],
    _ labels: [Float],
    _ workers: WorkerGroup
) throws(XGBoostError) -> Double {
    let sums = try workers.sum([labels.reduce(0) { $0 + Double($1) }, Double(labels.count)])
    let average = sums[1] == 0 ? 0 : sums[0] / sums[1]
    let spread = labels.reduce(0.0) { $0 + (Double($1) - average) * (Double($1) - average) }
    let squares = try workers.sum([squaredErrors(predictions, labels), spread])
    if squares[1] == 0 { return squares[0] == 0 ? 1 : 0 }
    return 1 - squares[0] / squares[1]
}

extension Int {
    /// The nearest integer that fits; 0 for NaN.
    fileprivate init(clamping value: Float) {
        self = value.isNaN ? 0 : Int(Swift.max(-1e9, Swift.min(1e9, Double(value))))
    }
}
