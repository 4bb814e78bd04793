package import DataFormats

/// A job's hyperparameters, checked: what the library is told and what the training loop does around it.
package struct XGBoostHyperparameters: Sendable {
    package let roundCount: Int
    package let objective: String
    package let booster: String
    /// Classes of a multi-class objective; 0 for others.
    package let classCount: Int
    /// Metrics in the order in which they were asked for, the tuning job's last; none means the objective's own.
    package let metrics: [MetricName]
    package let earlyStoppingRounds: Int?
    /// The metric that a tuning job optimises.
    package let tuningMetrics: [MetricName]
    package let savesModelOnTermination: Bool
    package let weights: WeightColumn
    /// Threads; 0 means all processors.
    package let threads: Int
    package let crossValidation: CrossValidation?
    package let release: XGBoostRelease
    /// Parameters for the library in its own words; repeated names add up.
    package let parameters: [Parameter]
    /// What a reader of the job's log should know about how the values were taken.
    package let notes: [String]

    /// One parameter of the library.
    package struct Parameter: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    /// Built-in cross validation.
    package struct CrossValidation: Equatable, Sendable {
        package let folds: Int
        package let repetitions: Int
    }

    /// Checks what a job gave.
    ///
    /// - Throws: `HyperparameterError` with the container's words.
    package init(_ given: [String: String], release: XGBoostRelease) throws(HyperparameterError) {
        let values = try Self.checked(given)
        roundCount = values["num_round"].flatMap { Int(trimmed($0)) } ?? 0
        // `reg:linear` is what squared error was called up to 0.90.
        let asked = values["objective"] ?? "reg:squarederror"
        objective = asked == "reg:linear" ? "reg:squarederror" : asked
        booster = values["booster"] ?? "gbtree"
        classCount = values["num_class"].flatMap { Int(trimmed($0)) } ?? 0
        tuningMetrics = Self.tuningMetrics(values["_tuning_objective_metric"])
        let listed = values["eval_metric"].map(commaSeparated) ?? []
        var metrics: [MetricName] = []
        for metric in listed.compactMap(MetricName.init) + tuningMetrics where !metrics.contains(metric) {
            metrics.append(metric)
        }
        self.metrics = metrics
        earlyStoppingRounds = values["early_stopping_rounds"].flatMap { Int(trimmed($0)) }
        savesModelOnTermination = values["save_model_on_termination"] == "true"
        weights = values["csv_weights"].map(trimmed) == "1" ? .afterLabels : .none
        threads = values["nthread"].flatMap { Int(trimmed($0)) } ?? 0
        crossValidation = values["_kfold"].flatMap { Int(trimmed($0)) }.map { folds in
            CrossValidation(
                folds: folds,
                repetitions: values["_num_cv_round"].flatMap { Int(trimmed($0)) } ?? 1
            )
        }
        self.release = release
        var translation = LibraryParameters(release: release, objective: objective, booster: booster)
        try translation.translate(values)
        translation.setMetrics(metrics)
        parameters = translation.parameters
        notes = translation.notes
    }

    /// The metric that early stopping watches: the tuning job's, else the last one listed.
    package var watchedMetric: MetricName? { tuningMetrics.last ?? metrics.last }

    private static func checked(_ given: [String: String]) throws(HyperparameterError) -> [String: String] {
        var values: [String: String] = [:]
        for (name, value) in given { values[HyperparameterTable.aliases[name] ?? name] = value }
        for name in HyperparameterTable.required where values[name] == nil { throw .missing(name) }
        for (name, value) in values.sorted(by: { $0.key < $1.key }) where name != "_tuning_objective_metric" {
            guard let domain = HyperparameterTable.domains[name] else { throw .extraneous(name) }
            try domain.check(name, value)
        }
        try checkTogether(values)
        return values
    }

    private static func checkTogether(_ values: [String: String]) throws(HyperparameterError) {
        let objective = values["objective"] ?? ""
        let isMulti = objective.hasPrefix("multi:")
        if isMulti, values["num_class"] == nil {
            throw HyperparameterError("Require input for parameter 'num_class' for multi-classification")
        }
        if !isMulti, values["num_class"] != nil {
            throw HyperparameterError(
                "Do not need to setup parameter 'num_class' for learning task other than multi-classification."
            )
        }
        let metrics = values["eval_metric"].map(commaSeparated) ?? []
        if metrics.contains("auc"), !objective.hasPrefix("binary:"), !objective.hasPrefix("rank:") {
            throw HyperparameterError(
                "Metric 'auc' can only be applied for classification and ranking problems."
            )
        }
        if metrics.contains("aft-nloglik"), objective != "survival:aft" {
            throw HyperparameterError(
                "Metric 'aft-nloglik' can only be applied for the objective 'survival:aft'."
            )
        }
        try checkTreeMethod(values)
        try checkUpdaters(values)
    }

    private static func checkTreeMethod(_ values: [String: String]) throws(HyperparameterError) {
        guard let method = values["tree_method"] else { return }
        if values["monotone_constraints"] != nil, !["exact", "hist"].contains(method) {
            throw HyperparameterError(
                "monotone_constraints can be used only when the tree_method parameter is set to either 'exact' or "
                    + "'hist'."
            )
        }
        if values["interaction_constraints"] != nil, !["exact", "hist", "approx"].contains(method) {
            throw HyperparameterError(
                "interaction_constraints can be used only when the tree_method parameter is set to either 'exact', "
                    + "'hist' or 'approx'."
            )
        }
    }

    private static func checkUpdaters(_ values: [String: String]) throws(HyperparameterError) {
        guard let updaters = values["updater"].map(commaSeparated) else { return }
        let linear = ["shotgun", "coord_descent"]
        if values["booster"] == "gblinear" {
            guard updaters.count == 1, linear.contains(updaters[0]) else {
                throw HyperparameterError(
                    "Linear updater should be one of these options: 'shotgun', 'coord_descent'."
                )
            }
        } else if values["process_type"] == "update" {
            guard updaters.allSatisfy(["refresh", "prune"].contains) else {
                throw HyperparameterError(
                    "process_type 'update' can only be used with updater 'refresh' and 'prune'"
                )
            }
        } else if updaters.contains(where: linear.contains) {
            throw HyperparameterError("The updaters 'shotgun' and 'coord_descent' need booster 'gblinear'.")
        }
    }

    /// A tuning job names its metric as `validation:rmse`.
    private static func tuningMetrics(_ value: String?) -> [MetricName] {
        guard let value else { return [] }
        let names = value.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
        return commaSeparated(names).compactMap(MetricName.init)
    }
}
