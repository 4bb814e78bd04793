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
        let (rule, isAllowed) = self.rule
        for row in labels.indices {
            let label = labels[row]
            guard label.isFinite else {
                throw LabelError(row: row + 1, label: label, rule: "label must be a finite number")
            }
            guard isAllowed(label) else { throw LabelError(row: row + 1, label: label, rule: rule) }
        }
    }

    /// The rule in words and as a predicate, chosen once for all labels.
    private var rule: (String, (Float) -> Bool) {
        let classCount = Float(classCount)
        return switch objective {
        case "binary:logistic", "binary:logitraw", "reg:logistic":
            ("label must be in [0,1] for logistic regression", { (0...1).contains($0) })
        case "binary:hinge": ("label must be 0 or 1 for hinge loss", { $0 == 0 || $0 == 1 })
        case "multi:softmax", "multi:softprob":
            ("label must be in [0, num_class)", { $0 >= 0 && $0 < classCount && $0 == $0.rounded() })
        case "count:poisson", "reg:tweedie": ("label must be nonnegative", { $0 >= 0 })
        case "reg:gamma": ("label must be positive for gamma regression", { $0 > 0 })
        case "reg:squaredlogerror": ("label must be greater than -1 for rmsle", { $0 > -1 })
        default: ("", { _ in true })
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
