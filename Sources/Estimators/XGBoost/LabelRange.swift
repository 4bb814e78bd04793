/// Which labels an objective can learn.
package struct LabelRange: Sendable {
    private let objective: String
    private let classCount: Int

    /// - Parameters:
    ///   - objective: The library's name for it.
    ///   - classCount: Of a multi-class objective.
    package init(objective: String, classCount: Int) {
        self.objective = objective
        self.classCount = classCount
    }

    /// Looks at every label before the library does, whose own words depend on what trips over it first.
    ///
    /// - Throws: `LabelError` for the first label that cannot be learnt.
    package func check(_ labels: [Float]) throws(LabelError) {
        for (row, label) in labels.enumerated() {
            guard label.isFinite else {
                throw LabelError(row: row + 1, label: label, rule: "label must be a finite number")
            }
            guard let rule, !isAllowed(label) else { continue }
            throw LabelError(row: row + 1, label: label, rule: rule)
        }
    }

    private var rule: String? {
        switch objective {
        case "binary:logistic", "binary:logitraw", "reg:logistic":
            "label must be in [0,1] for logistic regression"
        case "binary:hinge": "label must be 0 or 1 for hinge loss"
        case "multi:softmax", "multi:softprob": "label must be in [0, num_class)"
        case "count:poisson", "reg:tweedie": "label must be nonnegative"
        case "reg:gamma": "label must be positive for gamma regression"
        case "reg:squaredlogerror": "label must be greater than -1 for rmsle"
        default: nil
        }
    }

    private func isAllowed(_ label: Float) -> Bool {
        switch objective {
        case "binary:logistic", "binary:logitraw", "reg:logistic": (0...1).contains(label)
        case "binary:hinge": label == 0 || label == 1
        case "multi:softmax", "multi:softprob":
            label >= 0 && label < Float(classCount) && label == label.rounded()
        case "count:poisson", "reg:tweedie": label >= 0
        case "reg:gamma": label > 0
        case "reg:squaredlogerror": label > -1
        default: true
        }
    }
}

/// A label that the objective cannot learn.
package struct LabelError: Error, Equatable, CustomStringConvertible {
    /// Counted from 1, over all files of the channel.
    package let row: Int
    package let label: Float
    /// What labels must be.
    package let rule: String

    package var description: String { "\(rule): row \(row) has \(label)" }
}
