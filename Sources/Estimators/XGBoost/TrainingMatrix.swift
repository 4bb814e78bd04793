import CXGBoost
package import DataFormats

/// Rows in the library's own form (a DMatrix), with labels and, perhaps, weights and query groups.
@safe package struct TrainingMatrix: ~Copyable {
    let handle: cxgb_matrix

    /// Copies a table whose first column is the label.
    ///
    /// - Parameters:
    ///   - rows: At least one row.
    ///   - weights: Whether the second column holds the rows' weights.
    ///   - threads: Threads for the copy; 0 takes all processors.
    /// - Throws: `XGBoostError` if the library refuses the values, such as infinite ones.
    package init(_ rows: borrowing DenseRows, weights: WeightColumn, threads: Int) throws(XGBoostError) {
        let leading = weights == .second ? 2 : 1
        let (rowCount, width) = (rows.rowCount, rows.columnCount)
        precondition(rowCount > 0 && width >= leading)
        let rowBytes = width * MemoryLayout<Float>.stride
        unsafe handle = try unsafe rows.values.withUnsafeBufferPointer { values throws(XGBoostError) in
            let address = UInt(bitPattern: values.baseAddress)
            func column(_ index: Int) -> String {
                ArrayInterface.text(
                    address: address + UInt(index * MemoryLayout<Float>.stride),
                    type: .float32,
                    shape: [rowCount],
                    strides: [rowBytes]
                )
            }
            let features = ArrayInterface.text(
                address: address + UInt(leading * MemoryLayout<Float>.stride),
                type: .float32,
                shape: [rowCount, width - leading],
                strides: [rowBytes, MemoryLayout<Float>.stride]
            )
            var created: cxgb_matrix?
            try unsafe check(
                cxgb_matrix_from_dense(features, creationConfiguration(threads: threads), &created)
            )
            guard let created = unsafe created else { throw .library("no matrix was made") }
            do throws(XGBoostError) {
                try unsafe check(cxgb_matrix_set_info(created, "label", column(0)))
                if weights == .second { try unsafe check(cxgb_matrix_set_info(created, "weight", column(1))) }
            } catch {
                unsafe cxgb_matrix_free(created)
                throw error
            }
            return unsafe created
        }
    }

    /// Copies sparse rows with their labels, weights and queries.
    ///
    /// - Parameters:
    ///   - rows: At least one.
    ///   - columnCount: Width of the matrix, at least that of `rows`.
    ///   - threads: Threads for the copy; 0 takes all processors.
    /// - Throws: `XGBoostError` if the library refuses the values.
    package init(_ rows: borrowing SparseRows, columnCount: Int, threads: Int) throws(XGBoostError) {
        var created: cxgb_matrix?
        let configuration = creationConfiguration(threads: threads)
        let (offsets, indices, values) = (rows.offsets, rows.indices, rows.values)
        try offsets.withArrayInterface(of: .uint64) { offsets throws(XGBoostError) in
            try indices.withArrayInterface(of: .uint32) { indices throws(XGBoostError) in
                try values.withArrayInterface(of: .float32) { values throws(XGBoostError) in
                    try unsafe check(
                        cxgb_matrix_from_csr(
                            offsets,
                            indices,
                            values,
                            UInt64(columnCount),
                            configuration,
                            &created
                        )
                    )
                }
            }
        }
        guard let created = unsafe created else { throw .library("no matrix was made") }
        do throws(XGBoostError) {
            try unsafe set("label", rows.labels, .float32, of: created)
            if !rows.weights.isEmpty { try unsafe set("weight", rows.weights, .float32, of: created) }
            if !rows.queries.isEmpty { try unsafe set("qid", rows.queries, .uint32, of: created) }
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

/// Where a table keeps its rows' weights.
package enum WeightColumn: Sendable {
    case none
    /// The column after the label.
    case second
}

private func creationConfiguration(threads: Int) -> String { "{\"missing\":NaN,\"nthread\":\(threads)}" }

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
