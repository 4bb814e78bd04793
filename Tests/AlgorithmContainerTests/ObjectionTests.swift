import AlgorithmContainer
import Testing

@Suite struct ObjectionTests {
    private let good = ["num_round": "5", "objective": "binary:logistic"]

    private func objection(_ more: [String: String], channels: Set<String> = ["train"]) -> String? {
        XGBoostTraining.objection(
            to: good.merging(more) { $1 },
            channels: channels,
            version: "1.7-1"
        )
    }

    @Test func `what a job would train with is not objected to`() {
        #expect(objection([:]) == nil)
        #expect(
            objection(
                ["early_stopping_rounds": "2", "eval_metric": "logloss"],
                channels: ["train", "validation"]
            ) == nil
        )
    }

    @Test(arguments: [
        (["num_round": "many"], "num_round"), (["max_dept": "3"], "max_dept"), (["_kfold": "5"], "_kfold"),
        (["early_stopping_rounds": "2"], "needs an eval_metric"),
        (["early_stopping_rounds": "2", "eval_metric": "logloss"], "needs a validation channel"),
    ])
    func `what a job would end with is said before it starts`(row: ([String: String], String)) {
        #expect(objection(row.0)?.contains(row.1) == true)
    }
}
