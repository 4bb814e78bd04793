extension RecordBatch {
    /// The same records with dense features: a feature that a sparse row does not name is zero.
    ///
    /// - Parameters:
    ///   - columnCount: Width of the rows; nil for the batch's own.
    ///   - limit: Values that the dense rows may have.
    /// - Returns: The records, which may be these.
    /// - Throws: `DataFormatError` if a row names a feature beyond the width, or the rows would be too many values.
    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package func densified(
        columnCount: Int? = nil,
        limit: Int = 1 << 28
    ) throws(DataFormatError) -> RecordBatch {
        guard layout == .sparse else { return self }
        let rows = sparse
        let width = columnCount ?? rows.columnCount
        guard width >= rows.columnCount else {
            throw DataFormatError(.raggedRow(expected: width, found: rows.columnCount), record: 1)
        }
        let (total, overflows) = width.multipliedReportingOverflow(by: rows.rowCount)
        guard !overflows, total <= limit else {
            throw DataFormatError(.tooWide(columns: width, limit: limit), record: 1)
        }
        var dense = DenseRows<Element>()
        dense.values = [Element](repeating: .zero, count: total)
        dense.columnCount = width
        dense.rowCount = rows.rowCount
        for row in 0..<rows.rowCount {
            for position in rows.range(of: row) {
                dense.values[row * width + Int(rows.indices[position])] = rows.values[position]
            }
        }
        var batch = self
        batch.layout = .dense
        batch.sparse = SparseRows()
        batch.dense = dense
        return batch
    }

    /// The same records with sparse features that leave zeros out.
    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package func sparsified() -> RecordBatch {
        guard layout == .dense else { return self }
        let rows = dense
        var sparse = SparseRows<Element>()
        for row in 0..<rows.rowCount {
            let values = rows.row(row)
            let named = values.indices.filter { values[$0] != .zero }
            sparse.append(
                indices: named.map { UInt32($0 - values.startIndex) },
                values: named.map { values[$0] },
                columnCount: rows.columnCount
            )
        }
        var batch = self
        batch.layout = .sparse
        batch.dense = DenseRows()
        batch.sparse = sparse
        return batch
    }

    /// The named rows, in that order.
    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package func selecting(rows chosen: [Int]) -> RecordBatch {
        var batch = RecordBatch()
        batch.labelCount = labelCount
        batch.labels = chosen.flatMap { labels(of: $0) }
        if !weights.isEmpty { batch.weights = chosen.map { weights[$0] } }
        if !queries.isEmpty { batch.queries = chosen.map { queries[$0] } }
        if !notes.isEmpty { batch.notes = chosen.map { notes[$0] } }
        batch.layout = layout
        switch layout {
        case .dense:
            batch.dense.columnCount = dense.columnCount
            batch.dense.rowCount = chosen.count
            batch.dense.values.reserveCapacity(chosen.count * dense.columnCount)
            for row in chosen { batch.dense.values.append(contentsOf: dense.row(row)) }
        case .sparse:
            for row in chosen {
                let range = sparse.range(of: row)
                batch.sparse.append(
                    indices: sparse.indices[range],
                    values: sparse.values[range],
                    columnCount: sparse.columnCount
                )
            }
        }
        return batch
    }
}
