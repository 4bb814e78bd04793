import Estimators
import Testing

@Suite struct EarlyStoppingTests {
    private func rounds(
        _ metric: String,
        patience: Int,
        _ scores: [Double]
    ) throws -> (stoppedAfter: Int?, best: Int?) {
        var stopping = EarlyStopping(metric: try #require(MetricName(metric)), patience: patience)
        for (round, score) in scores.enumerated() where stopping.shouldStop(after: round, score: score) {
            return (round, stopping.best?.round)
        }
        return (nil, stopping.best?.round)
    }

    @Test func `boosting stops after the patience is used up`() throws {
        let result = try rounds("rmse", patience: 2, [5, 4, 3, 3.5, 3, 2])
        #expect(result.stoppedAfter == 4)
        #expect(result.best == 2)
    }

    @Test func `more is better for some metrics`() throws {
        let result = try rounds("auc", patience: 2, [0.5, 0.7, 0.6, 0.8, 0.8, 0.8])
        #expect(result.stoppedAfter == 5)
        #expect(result.best == 3)
    }

    @Test func `a series that improves is never stopped`() throws {
        #expect(try rounds("rmse", patience: 1, [3, 2, 1]).stoppedAfter == nil)
    }
}
