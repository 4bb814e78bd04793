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
    /// - Returns: A share between 0 and 1, except for `mse` (squared label units) and `r2` (at most 1).
    package func value(_ predictions: Predictions, labels: [Float], objective: String) -> Double {
        switch self {
        case .mse: return meanSquaredError(predictions.values, labels)
        case .r2: return coefficientOfDetermination(predictions.values, labels)
        default: break
        }
        let counts = LabelCounts(truth: labels, predicted: Self.labels(predictions, objective: objective))
        switch self {
        case .accuracy, .precisionMicro, .recallMicro:
            // With one label per row, pooled precision and recall are both the share of right answers.
            return ratio(counts.perLabel.values.reduce(0) { $0 + $1.hits }, labels.count)
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
}

private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}

private func meanSquaredError(_ predictions: [Float], _ labels: [Float]) -> Double {
    mean(zip(predictions, labels).map { (Double($0) - Double($1)) * (Double($0) - Double($1)) })
}

private func coefficientOfDetermination(_ predictions: [Float], _ labels: [Float]) -> Double {
    let average = mean(labels.map(Double.init))
    let residual = meanSquaredError(predictions, labels) * Double(labels.count)
    let total = labels.reduce(0.0) { $0 + (Double($1) - average) * (Double($1) - average) }
    if total == 0 { return residual == 0 ? 1 : 0 }
    return 1 - residual / total
}

extension Int {
    /// The nearest integer that fits; 0 for NaN.
    fileprivate init(clamping value: Float) {
        self = value.isNaN ? 0 : Int(Swift.max(-1e9, Swift.min(1e9, Double(value))))
    }
}
