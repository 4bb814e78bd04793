/// Translates a job's hyperparameters into parameters of the library that is really here (3.0).
///
/// What a release before it did otherwise is restored; what no longer exists is mapped, refused, or named in a note
/// if it never changed the model.
struct LibraryParameters {
    let release: XGBoostRelease
    let objective: String
    let booster: String
    private(set) var parameters: [XGBoostHyperparameters.Parameter] = []
    private(set) var notes: [String] = []

    init(release: XGBoostRelease, objective: String, booster: String) {
        self.release = release
        self.objective = objective
        self.booster = booster
    }

    /// Names that the training loop takes for itself.
    private static let ownNames: Set<String> = [
        "num_round", "early_stopping_rounds", "csv_weights", "eval_metric", "save_model_on_termination",
        "_kfold",
        "_num_cv_round", "_tuning_objective_metric", "objective", "booster", "sketch_eps", "silent",
    ]

    /// Removed parameters that chose how to compute, not what.
    private static let withoutEffect: [String: String] = [
        "predictor": "predictions are the same on any device and run on the CPU here",
        "deterministic_histogram": "histograms are always deterministic now",
        "single_precision_histogram": "histograms are always in double precision now",
        "prob_buffer_row": "the buffer it sized no longer exists",
    ]

    mutating func translate(_ values: [String: String]) throws(HyperparameterError) {
        set("objective", objective)
        set("booster", booster)
        for (name, value) in values.sorted(by: { $0.key < $1.key }) where !Self.ownNames.contains(name) {
            if let reason = Self.withoutEffect[name] {
                notes.append("Hyperparameter \(name) has no effect: \(reason).")
                continue
            }
            switch (name, value) {
            case ("tree_method", "gpu_hist"), ("use_dask_gpu_training", "true"):
                throw HyperparameterError(
                    "Hyperparameter \(name): \(value) needs a GPU, and XGBoost is built for CPUs here. "
                        + "Use tree_method 'hist', which grows the same kind of trees."
                )
            case ("use_dask_gpu_training", _), ("dsplit", "row"): continue
            case ("dsplit", _):
                throw HyperparameterError(
                    "Hyperparameter dsplit: splitting by column no longer exists. Use 'row'."
                )
            case ("updater", _): try setUpdaters(value)
            case ("tree_method", "auto"): continue
            default: set(name, trimmed(value))
            }
        }
        setSketch(values)
        if values["verbosity"] == nil { set("verbosity", values["silent"] == "1" ? "0" : "1") }
        restoreOldDefaults(values)
    }

    /// The library's own metrics; those it lacks are computed after it.
    mutating func setMetrics(_ metrics: [MetricName]) {
        let native = metrics.filter { $0.labelMetric == nil }
        for metric in native { set("eval_metric", metric.description) }
        if native.isEmpty, let metric = oldDefaultMetric { set("eval_metric", metric) }
    }

    private mutating func set(_ name: String, _ value: String) {
        parameters.append(XGBoostHyperparameters.Parameter(name: name, value: value))
    }

    private mutating func setUpdaters(_ value: String) throws(HyperparameterError) {
        let updaters = commaSeparated(value)
        for removed in ["distcol", "grow_skmaker"] where updaters.contains(removed) {
            throw HyperparameterError(
                "Hyperparameter updater: \(removed) no longer exists. Use tree_method instead."
            )
        }
        set("updater", updaters.joined(separator: ","))
    }

    /// `sketch_eps` became `max_bin`, its reciprocal.
    private mutating func setSketch(_ values: [String: String]) {
        guard let text = values["sketch_eps"], let accuracy = Double(trimmed(text)) else { return }
        if values["tree_method"] == "approx", values["max_bin"] == nil {
            let bins = max(2, Int((1 / accuracy).rounded(.up)))
            set("max_bin", String(bins))
            notes.append("Hyperparameter sketch_eps: \(trimmed(text)) is taken as max_bin \(bins).")
        } else {
            notes.append(
                "Hyperparameter sketch_eps has no effect: only tree_method 'approx' without max_bin uses it."
            )
        }
    }

    private mutating func restoreOldDefaults(_ values: [String: String]) {
        guard release < XGBoostRelease(2, 0) else { return }
        // From 2.0 on the library estimates the start value from the labels (1.7: of absolute error only).
        let estimates = objective == "reg:absoluteerror" && release >= XGBoostRelease(1, 7)
        if values["base_score"] == nil, !estimates { set("base_score", "0.5") }
        if objective.hasPrefix("rank:") {
            set("lambdarank_pair_method", "mean")
            set("lambdarank_num_pair_per_sample", "1")
        }
    }

    /// The metric that the release showed when none was asked for; nil where it is the library's today.
    private var oldDefaultMetric: String? {
        switch objective {
        case "binary:logistic" where release < XGBoostRelease(1, 3): "error"
        case "binary:logitraw" where release < XGBoostRelease(1, 3): "auc"
        case "multi:softmax" where release < XGBoostRelease(1, 3): "merror"
        case "multi:softprob" where release < XGBoostRelease(1, 3): "merror"
        case "rank:pairwise" where release < XGBoostRelease(2, 0): "map"
        case "rank:ndcg" where release < XGBoostRelease(2, 0): "map"
        default: nil
        }
    }
}

extension XGBoostHyperparameters {
    /// The tree method that releases before 2.0 chose by themselves; nil where the library's own choice stands.
    ///
    /// - Parameters:
    ///   - rowCount: Of the training matrix.
    ///   - isDistributed: Whether other hosts hold other rows of the same training.
    /// - Returns: A `tree_method` of the library.
    package func inheritedTreeMethod(rowCount: Int, isDistributed: Bool) -> String? {
        guard release < XGBoostRelease(2, 0), booster != "gblinear" else { return nil }
        guard !parameters.contains(where: { ["tree_method", "updater", "process_type"].contains($0.name) })
        else {
            return nil
        }
        // Growing by loss and bounded bins are the histogram method's.
        if parameters.contains(where: { $0 == Parameter(name: "grow_policy", value: "lossguide") }) {
            return "hist"
        }
        return isDistributed || rowCount >= 4 << 20 ? "approx" : "exact"
    }
}
