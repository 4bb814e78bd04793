import Estimators
import Testing

@Suite struct LabelMetricTests {
    private let truth: [Float] = [0, 0, 1, 1, 2, 2, 2, 1]
    private let predicted: [Float] = [0, 1, 1, 1, 2, 0, 2, 2]

    private func value(_ metric: LabelMetric, _ predictions: [Float], _ labels: [Float]) throws -> Double {
        try metric.value(
            Predictions(values: predictions, width: 1, isList: false),
            labels: labels,
            objective: "multi:softmax"
        )
    }

    /// Expected values by scikit-learn 1.5's definitions, worked out by hand from the counts
    /// (label 0: 1 of 2 right, 2 predicted; label 1: 2 of 3, 3; label 2: 2 of 3, 3).
    @Test(
        arguments: [
            (.accuracy, 0.625), (.balancedAccuracy, (0.5 + 2.0 / 3 + 2.0 / 3) / 3),
            (.precisionMacro, (0.5 + 2.0 / 3 + 2.0 / 3) / 3), (.recallMacro, (0.5 + 2.0 / 3 + 2.0 / 3) / 3),
            (.f1Macro, (0.5 + 2.0 / 3 + 2.0 / 3) / 3), (.precisionMicro, 0.625), (.recallMicro, 0.625),
            (.precision, 2.0 / 3), (.recall, 2.0 / 3), (.f1Binary, 2.0 / 3),
        ] as [(LabelMetric, Double)]
    )
    func `metrics count hits`(metric: LabelMetric, expected: Double) throws {
        #expect(try abs(value(metric, predicted, truth) - expected) < 1e-12)
    }

    @Test func `a ratio of nothing is zero`() throws {
        #expect(try value(.precision, [0, 0], [1, 0]) == 0)
        #expect(try value(.recall, [1, 1], [0, 0]) == 0)
        #expect(try value(.f1Binary, [0], [0]) == 0)
    }

    @Test func `regression metrics compare values`() throws {
        #expect(try abs(value(.mse, [1, 2, 4], [1, 3, 2]) - 5.0 / 3) < 1e-12)
        #expect(try abs(value(.r2, [1, 2, 4], [1, 3, 2]) - (1 - 5.0 / 2)) < 1e-12)
        #expect(try value(.r2, [3, 3], [3, 3]) == 1)
    }

    @Test func `a prediction becomes the label it stands for`() {
        func labels(_ values: [Float], _ width: Int, _ objective: String) -> [Int] {
            LabelMetric.labels(
                Predictions(values: values, width: width, isList: width > 1),
                objective: objective
            )
        }
        #expect(labels([0.5, 0.51, 0.2], 1, "binary:logistic") == [0, 1, 0])
        #expect(labels([-0.1, 0.1], 1, "binary:logitraw") == [0, 1])
        #expect(labels([0.2, 0.5, 0.3, 0.6, 0.3, 0.1], 3, "multi:softprob") == [1, 0])
    }
}
