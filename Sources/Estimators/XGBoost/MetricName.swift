/// The name of an evaluation metric, perhaps with a threshold or cut: `rmse`, `error@0.4`, `ndcg@5-`.
package struct MetricName: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Nil if no metric has this name.
    package init?(_ text: String) {
        guard Self.isKnown(text) else { return nil }
        description = text
    }

    /// Whether more is better.
    package var isMaximised: Bool { Self.maximised.contains(stem) }

    /// The metric that the container computes itself, because the library has none of this name.
    package var labelMetric: LabelMetric? { LabelMetric(rawValue: description) }

    /// The name without its threshold.
    var stem: String { String(description.prefix { $0 != "@" }) }

    static let maximised = [
        "accuracy", "auc", "aucpr", "balanced_accuracy", "f1", "f1_binary", "f1_macro", "map", "ndcg",
        "precision",
        "precision_macro", "precision_micro", "r2", "recall", "recall_macro", "recall_micro",
    ]
    static let minimised = [
        "aft-nloglik", "cox-nloglik", "error", "gamma-deviance", "gamma-nloglik",
        "interval-regression-accuracy",
        "logloss", "mae", "mape", "merror", "mlogloss", "mphe", "mse", "poisson-nloglik", "rmse", "rmsle",
        "tweedie-nloglik",
    ]
    static let known = (maximised + minimised).sorted()

    private static func isKnown(_ text: String) -> Bool {
        guard let at = text.firstIndex(of: "@") else { return known.contains(text) }
        let parameter = text[text.index(after: at)...]
        switch text[..<at] {
        case "error": return Double(parameter) != nil
        // `tweedie-nloglik@p` names the variance power.
        case "tweedie-nloglik": return Double(parameter) != nil
        case "ndcg", "map": return Int(parameter.hasSuffix("-") ? parameter.dropLast() : parameter) != nil
        default: return false
        }
    }
}
