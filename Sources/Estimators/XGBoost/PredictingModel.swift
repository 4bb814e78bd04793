import CXGBoost
package import DataFormats
import FoundationEssentials
import Synchronization

/// A loaded model that any number of threads may ask at once.
///
/// Sendable although it holds a C handle: after `init` it is only read. The library's in-place prediction of trees
/// keeps its results per thread and changes nothing in the model once it is configured, which the first prediction
/// (made by `init`) does. The linear booster has no in-place prediction; its calls go through `turn`, one at a time.
@safe package final class PredictingModel: @unchecked Sendable {
    /// The objective's name, such as `binary:logistic`.
    package let objective: String
    /// Classes of a multi-class objective; 0 for others.
    package let classCount: Int
    /// Features of a row.
    package let featureCount: Int

    private let booster: Booster
    private let isLinear: Bool
    private let notes: [String: String]
    private let turn = Mutex(())
    private let proxies = ProxyPool()

    /// - Parameters:
    ///   - booster: Whatever it was loaded from.
    ///   - names: Of attributes to keep at hand.
    /// - Throws: `XGBoostError` if the model cannot predict.
    package init(_ booster: consuming Booster, notes names: [String] = []) throws(XGBoostError) {
        // One thread per call: calls run side by side, and a single row is quickest without waking others.
        try booster.set("nthread", "1")
        let configuration = try ModelConfiguration(booster.configuration())
        objective = configuration.objective
        classCount = configuration.classCount
        isLinear = configuration.booster == "gblinear"
        featureCount = try booster.featureCount
        var notes: [String: String] = [:]
        for name in names { notes[name] = try booster.attribute(name) }
        self.notes = notes
        self.booster = booster
        _ = try predict(
            DenseRows(
                values: [Float](repeating: .nan, count: max(featureCount, 1)),
                columnCount: max(featureCount, 1)
            ),
            .value
        )
    }

    /// An attribute named at `init`.
    package func note(_ name: String) -> String? { notes[name] }

    /// Predictions for dense rows.
    ///
    /// - Parameters:
    ///   - rows: `featureCount` columns or more; those beyond are ignored.
    ///   - kind: The scale of the answers.
    ///   - range: Rows to predict; nil for all.
    /// - Returns: One value or list per row.
    /// - Throws: `XGBoostError`.
    package func predict(
        _ rows: DenseRows<Float>,
        _ kind: PredictionKind,
        range: Range<Int>? = nil
    ) throws(XGBoostError) -> Predictions {
        let range = range ?? 0..<rows.rowCount
        precondition(rows.columnCount >= featureCount && range.upperBound <= rows.rowCount)
        let stride = rows.columnCount * MemoryLayout<Float>.stride
        return try unsafe rows.values.withUnsafeBufferPointer { values throws(XGBoostError) in
            let address = UInt(bitPattern: values.baseAddress) + UInt(range.lowerBound * stride)
            let array = ArrayInterface.text(
                address: address,
                type: .float32,
                shape: [range.count, featureCount],
                strides: rows.columnCount == featureCount ? nil : [stride, MemoryLayout<Float>.stride]
            )
            if isLinear {
                return try unsafe predictLinear(kind) { matrix throws(XGBoostError) in
                    try unsafe check(
                        cxgb_matrix_from_dense(array, "{\"missing\":NaN,\"nthread\":1}", &matrix)
                    )
                }
            }
            var (shape, found): (UnsafePointer<UInt64>?, UnsafePointer<Float>?)
            unsafe (shape, found) = (nil, nil)
            var dimensions: UInt64 = 0
            try unsafe proxies.withProxy { proxy throws(XGBoostError) in
                try unsafe check(
                    cxgb_booster_predict_dense(
                        booster.handle,
                        array,
                        kind.configuration,
                        proxy,
                        &shape,
                        &dimensions,
                        &found
                    )
                )
            }
            return unsafe Predictions(copying: found, shape: shape, dimensions: dimensions)
        }
    }

    /// Predictions for sparse rows; a feature that a row does not name is missing.
    ///
    /// - Parameters:
    ///   - rows: No wider than `featureCount`.
    ///   - kind: The scale of the answers.
    /// - Returns: One value or list per row.
    /// - Throws: `XGBoostError`.
    package func predict(
        _ rows: SparseRows<Float>,
        _ kind: PredictionKind
    ) throws(XGBoostError) -> Predictions {
        precondition(rows.columnCount <= featureCount)
        let (offsets, indices, values) = (rows.offsets, rows.indices, rows.values)
        return try offsets.withArrayInterface(of: .uint64) { offsets throws(XGBoostError) in
            try indices.withArrayInterface(of: .uint32) { indices throws(XGBoostError) in
                try values.withArrayInterface(of: .float32) { values throws(XGBoostError) in
                    try predict(offsets: offsets, indices: indices, values: values, kind)
                }
            }
        }
    }

    private func predict(
        offsets: String,
        indices: String,
        values: String,
        _ kind: PredictionKind
    ) throws(XGBoostError) -> Predictions {
        if isLinear {
            return try unsafe predictLinear(kind) { matrix throws(XGBoostError) in
                try unsafe check(
                    cxgb_matrix_from_csr(
                        offsets,
                        indices,
                        values,
                        UInt64(featureCount),
                        "{\"missing\":NaN,\"nthread\":1}",
                        &matrix
                    )
                )
            }
        }
        var (shape, found): (UnsafePointer<UInt64>?, UnsafePointer<Float>?)
        unsafe (shape, found) = (nil, nil)
        var dimensions: UInt64 = 0
        try unsafe proxies.withProxy { proxy throws(XGBoostError) in
            try unsafe check(
                cxgb_booster_predict_csr(
                    booster.handle,
                    offsets,
                    indices,
                    values,
                    UInt64(featureCount),
                    kind.configuration,
                    proxy,
                    &shape,
                    &dimensions,
                    &found
                )
            )
        }
        return unsafe Predictions(copying: found, shape: shape, dimensions: dimensions)
    }

    private func predictLinear(
        _ kind: PredictionKind,
        _ create: (inout cxgb_matrix?) throws(XGBoostError) -> Void
    ) throws(XGBoostError) -> Predictions {
        var matrix: cxgb_matrix?
        try unsafe create(&matrix)
        defer { unsafe cxgb_matrix_free(matrix) }
        return try turn.withLock { _ throws(XGBoostError) in
            var (shape, found): (UnsafePointer<UInt64>?, UnsafePointer<Float>?)
            unsafe (shape, found) = (nil, nil)
            var dimensions: UInt64 = 0
            try unsafe check(
                cxgb_booster_predict(
                    booster.handle,
                    matrix,
                    kind.configuration,
                    &shape,
                    &dimensions,
                    &found
                )
            )
            return unsafe Predictions(copying: found, shape: shape, dimensions: dimensions)
        }
    }
}

/// Proxies that calls borrow: making one costs a third of a single-row prediction.
///
/// Sendable: each proxy is in the hands of one call at a time.
@safe private final class ProxyPool: @unchecked Sendable {
    private let idle = Mutex<[UInt]>([])

    deinit {
        for address in idle.withLock(\.self) { unsafe cxgb_matrix_free(cxgb_matrix(bitPattern: address)) }
    }

    func withProxy(_ body: (cxgb_matrix?) throws(XGBoostError) -> Void) throws(XGBoostError) {
        var proxy: cxgb_matrix?
        if let address = idle.withLock({ $0.popLast() }) {
            unsafe proxy = cxgb_matrix(bitPattern: address)
        } else {
            try unsafe check(cxgb_proxy_create(&proxy))
        }
        defer {
            let address = UInt(bitPattern: proxy)
            idle.withLock { $0.append(address) }
        }
        try unsafe body(proxy)
    }
}

/// What a model says of itself in the library's configuration.
private struct ModelConfiguration {
    let objective: String
    let booster: String
    let classCount: Int

    private struct Document: Decodable {
        struct Learner: Decodable {
            struct Named: Decodable { let name: String }

            struct Parameters: Decodable {
                let classCount: String?

                enum CodingKeys: String, CodingKey { case classCount = "num_class" }
            }

            let objective: Named
            let booster: Named
            let parameters: Parameters

            enum CodingKeys: String, CodingKey {
                case objective
                case booster = "gradient_booster"
                case parameters = "learner_model_param"
            }
        }

        let learner: Learner
    }

    init(_ json: String) throws(XGBoostError) {
        let document: Document
        do { document = try JSONDecoder().decode(Document.self, from: Data(json.utf8)) } catch {
            throw .library("The model's configuration cannot be read: \(error)")
        }
        objective = document.learner.objective.name
        booster = document.learner.booster.name
        classCount = document.learner.parameters.classCount.flatMap { Int($0) } ?? 0
    }
}
