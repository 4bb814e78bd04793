import DataFormats
import Estimators
import Testing

@Suite struct HyperparameterTests {
    private func checked(
        _ values: [String: String],
        release: XGBoostRelease = .current
    ) throws(HyperparameterError) -> XGBoostHyperparameters {
        try XGBoostHyperparameters(values, release: release)
    }

    private func value(_ name: String, of hyperparameters: XGBoostHyperparameters) -> [String] {
        hyperparameters.parameters.filter { $0.name == name }.map(\.value)
    }

    @Test(arguments: [
        ([:], "Missing required hyperparameter: num_round"),
        (["num_round": "5", "x": "1"], "Extraneous hyperparameter found: x"),
        (["num_round": "5", "eta": "3.0"], "Hyperparameter eta: 3.0 is not in [0, 1]"),
        (["num_round": "5", "learning_rate": "3"], "Hyperparameter eta: 3.0 is not in [0, 1]"),
        (
            ["num_round": "5", "eta": "fast"],
            "Hyperparameter eta: could not parse value (caused by ValueError)"
        ),
        (["num_round": "0"], "Hyperparameter num_round: 0 is not in [1, +inf)"),
        (["num_round": "2.5"], "Hyperparameter num_round: could not parse value (caused by ValueError)"),
        (["num_round": "5", "subsample": "0"], "Hyperparameter subsample: 0.0 is not in (0, 1]"),
        (
            ["num_round": "5", "booster": "tree"],
            "Hyperparameter booster: tree is not in ['gbtree', 'gblinear', 'dart']"
        ),
        (
            ["num_round": "5", "objective": "multi:softmax"],
            "Require input for parameter 'num_class' for multi-classification"
        ),
        (
            ["num_round": "5", "num_class": "3"],
            "Do not need to setup parameter 'num_class' for learning task other than multi-classification."
        ),
        (
            ["num_round": "5", "eval_metric": "auc"],
            "Metric 'auc' can only be applied for classification and ranking problems."
        ),
        (
            ["num_round": "5", "tree_method": "approx", "monotone_constraints": "(1,0)"],
            "monotone_constraints can be used only when the tree_method parameter is set to either 'exact' or 'hist'."
        ),
        (
            ["num_round": "5", "monotone_constraints": "(1,2)"],
            "Hyperparameter monotone_constraints: 2 is not in [-1, 1]"
        ),
        (
            ["num_round": "5", "booster": "gblinear", "updater": "prune"],
            "Linear updater should be one of these options: 'shotgun', 'coord_descent'."
        ),
        (
            ["num_round": "5", "tree_method": "gpu_hist"],
            "Hyperparameter tree_method: gpu_hist needs a GPU, and XGBoost is built for CPUs here. Use tree_method "
                + "'hist', which grows the same kind of trees."
        ),
        (
            ["num_round": "5", "dsplit": "col"],
            "Hyperparameter dsplit: splitting by column no longer exists. Use 'row'."
        ),
    ])
    func `what the algorithm cannot take is refused in the container's words`(
        values: [String: String],
        message: String
    ) throws {
        let error = try #require(throws: HyperparameterError.self) { try checked(values) }
        #expect(error.description == message)
    }

    @Test func `an unknown metric is refused by name`() throws {
        let error = try #require(throws: HyperparameterError.self) {
            try checked(["num_round": "1", "eval_metric": "rmse,speed"])
        }
        #expect(
            error.description.hasPrefix(
                "Hyperparameter eval_metric: speed is not in ['accuracy', 'aft-nloglik',"
            )
        )
    }

    @Test(arguments: ["rmse", "error@0.4", "ndcg@5", "map@3-", "tweedie-nloglik@1.3", "f1_macro"])
    func `a metric may carry a threshold or cut`(name: String) {
        #expect(MetricName(name)?.description == name)
    }

    @Test(arguments: ["", "rmse@1", "error@", "ndcg@x", "Rmse"])
    func `other names are no metric`(name: String) {
        #expect(MetricName(name) == nil)
    }

    @Test func `the library hears its own names and only what is its business`() throws {
        let hyperparameters = try checked([
            "num_round": "7", "reg_alpha": "2", "eval_metric": "mae, accuracy,rmse", "csv_weights": "1",
            "early_stopping_rounds": "3", "predictor": "gpu_predictor", "save_model_on_termination": "true",
        ])
        #expect(hyperparameters.roundCount == 7)
        #expect(hyperparameters.weights == .afterLabels)
        #expect(hyperparameters.savesModelOnTermination)
        #expect(value("alpha", of: hyperparameters) == ["2"])
        #expect(value("eval_metric", of: hyperparameters) == ["mae", "rmse"])
        let names = Set(hyperparameters.parameters.map(\.name))
        #expect(
            names.isDisjoint(with: [
                "num_round", "csv_weights", "early_stopping_rounds", "predictor", "reg_alpha",
            ])
        )
        #expect(hyperparameters.watchedMetric == MetricName("rmse"))
        #expect(hyperparameters.notes.contains { $0.hasPrefix("Hyperparameter predictor has no effect") })
    }

    @Test func `a tuning job's metric is evaluated and watched`() throws {
        let hyperparameters = try checked([
            "num_round": "7", "eval_metric": "rmse", "_tuning_objective_metric": "validation:mae",
        ])
        #expect(hyperparameters.metrics.map(\.description) == ["rmse", "mae"])
        #expect(hyperparameters.watchedMetric == MetricName("mae"))
    }

    @Test(
        arguments: [
            ("1.7-1", "0.5", nil, "exact"), ("1.2-2", "0.5", "error", "exact"),
            ("0.90-1", "0.5", "error", "exact"),
            ("1", "0.5", "error", "exact"), ("3.0-5", nil, nil, nil),
        ] as [(String, String?, String?, String?)]
    )
    func `an old tag brings its defaults back`(
        tag: String,
        score: String?,
        metric: String?,
        method: String?
    ) throws {
        let hyperparameters = try checked(
            ["num_round": "1", "objective": "binary:logistic"],
            release: #require(XGBoostRelease(tag: tag))
        )
        #expect(value("base_score", of: hyperparameters).first == score)
        #expect(value("eval_metric", of: hyperparameters).first == metric)
        #expect(hyperparameters.inheritedTreeMethod(rowCount: 1000, isDistributed: false) == method)
    }

    @Test func `the old name of squared error is understood`() throws {
        #expect(try checked(["num_round": "1", "objective": "reg:linear"]).objective == "reg:squarederror")
    }

    @Test func `a removed sketch accuracy becomes a number of bins`() throws {
        let hyperparameters = try checked(["num_round": "1", "tree_method": "approx", "sketch_eps": "0.03"])
        #expect(value("max_bin", of: hyperparameters) == ["34"])
    }
}
