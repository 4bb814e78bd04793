import Estimators

/// Replies whose content the endpoint's owner chose (`SAGEMAKER_INFERENCE_OUTPUT`).
struct SelectableContent {
    /// One cell of a reply.
    enum Cell: Equatable {
        case number(Double)
        case label(Int)
        case numbers([Double])
        case labels([Int])
        /// What the objective cannot say.
        case notANumber

        /// The cell as a tensor's values.
        var numbers: [Float] {
            switch self {
            case .number(let value): [Float(value)]
            case .label(let label): [Float(label)]
            case .numbers(let values): values.map { Float($0) }
            case .labels(let labels): labels.map { Float($0) }
            case .notANumber: [.nan]
            }
        }
    }

    let objective: String
    let classCount: Int

    private static let byObjective: [String: [String]] = [
        "binary:logistic": [
            "predicted_label", "labels", "probability", "probabilities", "raw_score", "raw_scores",
        ],
        "multi:softprob": [
            "predicted_label", "labels", "probability", "probabilities", "raw_score", "raw_scores",
        ],
        "binary:logitraw": ["predicted_label", "labels", "raw_score", "raw_scores"],
        "binary:hinge": ["predicted_label", "labels", "raw_score", "raw_scores"],
        "multi:softmax": ["predicted_label", "labels", "raw_score", "raw_scores"],
        "reg:squarederror": ["predicted_score"],
        "reg:linear": ["predicted_score"],
        "reg:logistic": ["predicted_score"],
        "reg:gamma": ["predicted_score"],
        "reg:absoluteerror": ["predicted_score"],
        "reg:tweedie": ["predicted_score"],
    ]

    /// The cell of one prediction under a key.
    func cell(_ key: String, _ prediction: ArraySlice<Float>) -> Cell {
        guard Self.byObjective[objective]?.contains(key) == true, let first = prediction.first else {
            return .notANumber
        }
        switch key {
        case "predicted_score": return .number(Double(first))
        case "predicted_label": return .label(label(prediction))
        case "labels": return .labels(Array(0..<max(classCount, 2)))
        case "probability": return .number(scores(prediction).max() ?? .nan)
        case "probabilities", "raw_scores": return .numbers(scores(prediction))
        case "raw_score":
            let isDistribution = ["binary:logistic", "multi:softprob"].contains(objective)
            return .number(isDistribution ? scores(prediction).max() ?? .nan : Double(first))
        default: return .notANumber
        }
    }

    private func label(_ prediction: ArraySlice<Float>) -> Int {
        let row = Predictions(
            values: Array(prediction),
            width: prediction.count,
            isList: prediction.count > 1
        )
        return LabelMetric.labels(row, objective: objective).first ?? 0
    }

    /// One score per class.
    private func scores(_ prediction: ArraySlice<Float>) -> [Double] {
        let values = prediction.map(Double.init)
        switch objective {
        case "multi:softprob": return values
        case "binary:logistic": return [1 - values[0], values[0]]
        case "binary:logitraw": return [-values[0], values[0]]
        default: return (0..<max(classCount, 2)).map { $0 == label(prediction) ? 1 : 0 }
        }
    }
}
