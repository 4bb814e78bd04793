/// The hyperparameters that the algorithm knows, with their domains.
enum HyperparameterTable {
    static let required = ["num_round"]

    static let aliases = [
        "learning_rate": "eta", "min_split_loss": "gamma", "reg_lambda": "lambda", "reg_alpha": "alpha",
    ]

    static let objectives = [
        "binary:logistic", "binary:logitraw", "binary:hinge", "count:poisson",
        "multi:softmax", "multi:softprob", "rank:pairwise", "rank:ndcg", "rank:map", "reg:linear",
        "reg:squarederror", "reg:logistic", "reg:gamma", "reg:pseudohubererror", "reg:squaredlogerror",
        "reg:absoluteerror", "reg:tweedie", "survival:aft", "survival:cox",
    ]

    private static let fraction = HyperparameterDomain.real(.upTo(0, 1))
    private static let nonNegative = HyperparameterDomain.real(.atLeast(0))
    private static let probability = HyperparameterDomain.real(.closed(0, 1))
    private static let bit = HyperparameterDomain.integer(.closed(0, 1))
    private static let boolean = HyperparameterDomain.choice(["true", "false"])

    static let domains: [String: HyperparameterDomain] = [
        "num_round": .integer(.atLeast(1)),
        "num_class": .integer(.atLeast(2)),
        "objective": .choice(objectives),
        "eval_metric": .metrics,
        "early_stopping_rounds": .integer(.atLeast(1)),
        "csv_weights": bit,
        "booster": .choice(["gbtree", "gblinear", "dart"]),
        "verbosity": .integer(.closed(0, 3)),
        "silent": bit,
        "nthread": .integer(.atLeast(1)),
        "eta": probability,
        "gamma": nonNegative,
        "max_depth": .integer(.atLeast(0)),
        "min_child_weight": nonNegative,
        "max_delta_step": nonNegative,
        "subsample": fraction,
        "colsample_bytree": fraction,
        "colsample_bylevel": fraction,
        "colsample_bynode": fraction,
        "lambda": nonNegative,
        "alpha": nonNegative,
        "tree_method": .choice(["auto", "exact", "approx", "hist", "gpu_hist"]),
        "sketch_eps": .real(.open(0, 1)),
        "scale_pos_weight": .real(.above(0)),
        "updater": .choices([
            "grow_colmaker", "distcol", "grow_histmaker", "grow_skmaker", "grow_quantile_histmaker", "sync",
            "refresh", "prune", "shotgun", "coord_descent",
        ]),
        "dsplit": .choice(["row", "col"]),
        "refresh_leaf": bit,
        "process_type": .choice(["default", "update"]),
        "grow_policy": .choice(["depthwise", "lossguide"]),
        "max_leaves": .integer(.atLeast(0)),
        "max_bin": .integer(.atLeast(0)),
        "predictor": .choice(["auto", "cpu_predictor", "gpu_predictor"]),
        "monotone_constraints": .tuple(of: .closed(-1, 1)),
        "interaction_constraints": .nestedLists(of: .atLeast(1)),
        "sample_type": .choice(["uniform", "weighted"]),
        "normalize_type": .choice(["tree", "forest"]),
        "rate_drop": probability,
        "skip_drop": probability,
        "one_drop": bit,
        "lambda_bias": probability,
        "tweedie_variance_power": .real(.open(1, 2)),
        "base_score": nonNegative,
        "seed": .integer(.open(-2_147_483_648, 2_147_483_647)),
        "num_parallel_tree": .integer(.atLeast(1)),
        "save_model_on_termination": boolean,
        "aft_loss_distribution": .choice(["normal", "logistic", "extreme"]),
        "aft_loss_distribution_scale": nonNegative,
        "deterministic_histogram": boolean,
        "sampling_method": .choice(["uniform", "gradient_based"]),
        "prob_buffer_row": .integer(.above(1)),
        "single_precision_histogram": boolean,
        "use_dask_gpu_training": boolean,
        "_kfold": .integer(.atLeast(2)),
        "_num_cv_round": .integer(.atLeast(1)),
    ]
}
