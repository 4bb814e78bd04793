import CXGBoost
package import DataFormats

/// Rows in the library's own form (a DMatrix), with labels and, perhaps, weights and query groups.
@safe package struct TrainingMatrix: ~Copyable {
    let handle: cxgb_matrix

    /// Copies records with their labels, weights and queries.
    ///
    /// - Parameters:
    ///   - batch: At least one row, and one label per row.
    ///   - columnCount: Width of the matrix, at least that of `batch`; nil for the batch's own.
    ///   - threads: Threads for the copy; 0 takes all processors.
    /// - Throws: `XGBoostError` if the library refuses the values, such as infinite ones.
    package init(
        _ batch: borrowing RecordBatch<Float>,
        columnCount: Int? = nil,
        threads: Int
    ) throws(XGBoostError) {
        precondition(batch.rowCount > 0 && batch.labelCount == 1)
        let configuration = creationConfiguration(threads: threads)
        let width = columnCount ?? batch.columnCount
        let created =
            switch batch.layout {
            case .dense: try unsafe dense(batch.dense, configuration)
            case .sparse: try unsafe sparse(batch.sparse, width: width, configuration)
            }
        guard let created = unsafe created else { throw .library("no matrix was made") }
        do throws(XGBoostError) {
            try unsafe set("label", batch.labels, .float32, of: created)
            if !batch.weights.isEmpty { try unsafe set("weight", batch.weights, .float32, of: created) }
            if !batch.queries.isEmpty { try unsafe set("qid", batch.queries, .uint32, of: created) }
        } catch {
            unsafe cxgb_matrix_free(created)
            throw error
        }
        unsafe handle = created
    }

    private init(owning handle: cxgb_matrix) { unsafe self.handle = handle }

    deinit { unsafe cxgb_matrix_free(handle) }

    package var rowCount: Int {
        get throws(XGBoostError) {
            var count: UInt64 = 0
            try unsafe check(cxgb_matrix_rows(handle, &count))
            return Int(count)
        }
    }

    package var columnCount: Int {
        get throws(XGBoostError) {
            var count: UInt64 = 0
            try unsafe check(cxgb_matrix_columns(handle, &count))
            return Int(count)
        }
    }

    /// One label per row.
    package func labels() throws(XGBoostError) -> [Float] {
        var count: UInt64 = 0
        var values: UnsafePointer<Float>?
        try unsafe check(cxgb_matrix_float_info(handle, "label", &count, &values))
        return unsafe Array(UnsafeBufferPointer(start: values, count: Int(count)))
    }

    /// A matrix of the named rows.
    package func slice(rows: [Int32]) throws(XGBoostError) -> TrainingMatrix {
        var created: cxgb_matrix?
        try unsafe check(cxgb_matrix_slice(handle, rows, UInt64(rows.count), &created, 0))
        guard let created = unsafe created else { throw .library("no matrix was made") }
        return unsafe TrainingMatrix(owning: created)
    }
}

private func creationConfiguration(threads: Int) -> String { "{\"missing\":NaN,\"nthread\":\(threads)}" }

@unsafe private func dense(
    _ rows: DenseRows<Float>,
    _ configuration: String
) throws(XGBoostError) -> cxgb_matrix? {
    var created: cxgb_matrix?
    try unsafe rows.values.withUnsafeBufferPointer { values throws(XGBoostError) in
        let features = ArrayInterface.text(
            address: UInt(bitPattern: values.baseAddress),
            type: .float32,
            shape: [rows.rowCount, rows.columnCount]
        )
        try unsafe check(cxgb_matrix_from_dense(features, configuration, &created))
    }
    return unsafe created
}

@unsafe private func sparse(
    _ rows: SparseRows<Float>,
    width: Int,
    _ configuration: String
) throws(XGBoostError) -> cxgb_matrix? {
    var created: cxgb_matrix?
    try rows.offsets.withArrayInterface(of: .uint64) { offsets throws(XGBoostError) in
        try rows.indices.withArrayInterface(of: .uint32) { indices throws(XGBoostError) in
            try rows.values.withArrayInterface(of: .float32) { values throws(XGBoostError) in
                try unsafe check(
                    cxgb_matrix_from_csr(offsets, indices, values, UInt64(width), configuration, &created)
                )
            }
        }
    }
    return unsafe created
}

@unsafe private func set<Element: BitwiseCopyable>(
    _ field: String,
    _ values: [Element],
    _ type: ArrayInterface.ElementType,
    of matrix: cxgb_matrix
) throws(XGBoostError) {
    try values.withArrayInterface(of: type) { values throws(XGBoostError) in
        try unsafe check(cxgb_matrix_set_info(matrix, field, values))
    }
}
