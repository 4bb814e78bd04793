import Estimators
import Testing

@Suite struct LabelRangeTests {
    @Test(
        arguments: [
            (
                "binary:logistic", [0, 1, 1.5], 3,
                "label must be in [0,1] for logistic regression: row 3 has 1.5"
            ),
            ("multi:softmax", [0, 2, 3], 3, "label must be in [0, num_class): row 3 has 3.0"),
            ("multi:softprob", [0.5], 3, "label must be in [0, num_class): row 1 has 0.5"),
            ("count:poisson", [1, -1], 0, "label must be nonnegative: row 2 has -1.0"),
            ("reg:squarederror", [1, .nan], 0, "label must be a finite number: row 2 has nan"),
        ] as [(String, [Float], Int, String)]
    )
    func `a label that cannot be learnt is named with its row`(
        objective: String,
        labels: [Float],
        classCount: Int,
        message: String
    ) throws {
        let range = LabelRange(objective: objective, classCount: classCount)
        let error = try #require(throws: LabelError.self) { try range.check(labels) }
        #expect(error.description == message)
    }

    @Test func `other labels pass`() throws {
        try LabelRange(objective: "binary:logistic", classCount: 0).check([0, 1, 0.3])
        try LabelRange(objective: "multi:softmax", classCount: 3).check([0, 1, 2])
        try LabelRange(objective: "reg:squarederror", classCount: 0).check([-1e9, 1e9])
    }
}
