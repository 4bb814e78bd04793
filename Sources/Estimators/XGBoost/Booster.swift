import CXGBoost

/// A gradient-boosted model of the library, while it is trained and afterwards.
///
/// Not thread-safe, except for what `PredictingModel` makes of it.
@safe package struct Booster: ~Copyable {
    let handle: cxgb_booster

    /// A model without rounds.
    ///
    /// - Parameters:
    ///   - train: Matrix to be trained on; it and `validation` must outlive the training.
    ///   - validation: Second matrix whose predictions are to be kept up to date round by round.
    /// - Throws: `XGBoostError`.
    package init(
        train: borrowing TrainingMatrix,
        validation: borrowing TrainingMatrix?
    ) throws(XGBoostError) {
        var matrices: [cxgb_matrix?] = unsafe [train.handle]
        switch validation {
        case .some(let validation): unsafe matrices.append(validation.handle)
        case .none: break
        }
        try unsafe self.init(matrices)
    }

    /// A model to load something into.
    package init() throws(XGBoostError) {
        try unsafe self.init([])
    }

    private init(_ matrices: [cxgb_matrix?]) throws(XGBoostError) {
        var created: cxgb_booster?
        try unsafe check(cxgb_booster_create(matrices, UInt64(matrices.count), &created))
        guard let created = unsafe created else { throw .library("no booster was made") }
        unsafe handle = created
    }

    private init(owning handle: cxgb_booster) { unsafe self.handle = handle }

    deinit { unsafe cxgb_booster_free(handle) }

    /// Sets a parameter under the library's name; setting `eval_metric` again adds a metric.
    package func set(_ name: String, _ value: String) throws(XGBoostError) {
        try unsafe check(cxgb_booster_set_param(handle, name, value))
    }

    /// Boosts one round.
    package func update(round: Int, train: borrowing TrainingMatrix) throws(XGBoostError) {
        try unsafe check(cxgb_booster_update(handle, Int32(round), train.handle))
    }

    /// The library's metrics after a round, in the order in which they were set, train before validation.
    package func evaluate(
        round: Int,
        train: borrowing TrainingMatrix,
        validation: borrowing TrainingMatrix?
    ) throws(XGBoostError) -> [Evaluation] {
        var matrices: [cxgb_matrix?] = unsafe [train.handle]
        switch validation {
        case .some(let validation): unsafe matrices.append(validation.handle)
        case .none: break
        }
        var names: [UnsafePointer<CChar>?] = unsafe [trainName.utf8Start, validationName.utf8Start].map {
            unsafe UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)
        }
        var line: UnsafePointer<CChar>?
        try unsafe check(
            cxgb_booster_evaluate(handle, Int32(round), &matrices, &names, UInt64(matrices.count), &line)
        )
        guard let line = unsafe line else { return [] }
        return Evaluation.parse(unsafe String(cString: line))
    }

    /// Predictions for the rows of a matrix, which for a matrix given at creation are kept from round to round.
    package func predict(_ matrix: borrowing TrainingMatrix) throws(XGBoostError) -> Predictions {
        var (shape, values): (UnsafePointer<UInt64>?, UnsafePointer<Float>?)
        var dimensions: UInt64 = 0
        unsafe (shape, values) = (nil, nil)
        try unsafe check(
            cxgb_booster_predict(
                handle,
                matrix.handle,
                PredictionKind.value.configuration,
                &shape,
                &dimensions,
                &values
            )
        )
        return unsafe Predictions(copying: values, shape: shape, dimensions: dimensions)
    }

    /// The model as UBJSON, the format of `xgboost-model` files.
    package func model() throws(XGBoostError) -> [UInt8] {
        var size: UInt64 = 0
        var bytes: UnsafePointer<CChar>?
        try unsafe check(cxgb_booster_save(handle, "{\"format\":\"ubj\"}", &size, &bytes))
        return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: Int(size)))
    }

    /// Replaces the model by one in any format of `save_model`: UBJSON, JSON or the old binary one.
    package func load(model: [UInt8]) throws(XGBoostError) {
        try unsafe check(cxgb_booster_load(handle, model, UInt64(model.count)))
    }

    /// Replaces model and training state by what `Booster.__getstate__` kept.
    package func load(state: [UInt8]) throws(XGBoostError) {
        try unsafe check(cxgb_booster_unserialize(handle, state, UInt64(state.count)))
    }

    /// The library's configuration of this model as JSON.
    package func configuration() throws(XGBoostError) -> String {
        var size: UInt64 = 0
        var text: UnsafePointer<CChar>?
        try unsafe check(cxgb_booster_configuration(handle, &size, &text))
        return unsafe text.map { unsafe String(cString: $0) } ?? ""
    }

    /// A model of the first rounds, `count` of them; the linear booster has none.
    package func firstRounds(_ count: Int) throws(XGBoostError) -> Booster {
        var created: cxgb_booster?
        try unsafe check(cxgb_booster_slice(handle, 0, Int32(count), 1, &created))
        guard let created = unsafe created else { throw .library("no booster was made") }
        return unsafe Booster(owning: created)
    }

    /// Features that the model was trained with.
    package var featureCount: Int {
        get throws(XGBoostError) {
            var count: UInt64 = 0
            try unsafe check(cxgb_booster_features(handle, &count))
            return Int(count)
        }
    }

    /// Rounds boosted so far.
    package var roundCount: Int {
        get throws(XGBoostError) {
            var count: Int32 = 0
            try unsafe check(cxgb_booster_rounds(handle, &count))
            return Int(count)
        }
    }

    /// A note that travels with the model.
    package func attribute(_ name: String) throws(XGBoostError) -> String? {
        var value: UnsafePointer<CChar>?
        var found: Int32 = 0
        try unsafe check(cxgb_booster_attribute(handle, name, &value, &found))
        guard found != 0, let value = unsafe value else { return nil }
        return unsafe String(cString: value)
    }

    /// Writes a note that travels with the model.
    package func setAttribute(_ name: String, to value: String) throws(XGBoostError) {
        try unsafe check(cxgb_booster_set_attribute(handle, name, value))
    }
}

private let trainName: StaticString = "train"
private let validationName: StaticString = "validation"
