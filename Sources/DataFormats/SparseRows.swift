/// Rows that name only the features they have (compressed sparse rows), with what LibSVM says about each row.
package struct SparseRows: RecordBatch, Equatable {
    /// Start of each row in `indices` and `values`, and their length as the last element: `rowCount + 1` numbers.
    package internal(set) var offsets: [UInt64]
    /// Feature indices, rising within a row.
    package internal(set) var indices: [UInt32]
    /// One per index.
    package internal(set) var values: [Float]
    /// One per row.
    package internal(set) var labels: [Float]
    /// One per row, or none at all.
    package internal(set) var weights: [Float]
    /// Query (group) of each row, or none at all.
    package internal(set) var queries: [UInt32]
    /// Greatest feature index plus one.
    package internal(set) var columnCount: Int
    /// Smallest feature index; nil without features.
    package internal(set) var smallestIndex: UInt32?

    package var rowCount: Int { offsets.count - 1 }

    package init() {
        offsets = [0]
        indices = []
        values = []
        labels = []
        weights = []
        queries = []
        columnCount = 0
    }

    package mutating func append(_ other: consuming SparseRows) throws(DataFormatError) {
        guard other.rowCount > 0 else { return }
        if rowCount > 0 {
            guard weights.isEmpty == other.weights.isEmpty else {
                throw DataFormatError(.mixedRows("weight"), line: 1)
            }
            guard queries.isEmpty == other.queries.isEmpty else {
                throw DataFormatError(.mixedRows("query (qid)"), line: 1)
            }
        }
        let base = UInt64(indices.count)
        offsets.append(contentsOf: other.offsets.lazy.dropFirst().map { $0 + base })
        indices.append(contentsOf: other.indices)
        values.append(contentsOf: other.values)
        labels.append(contentsOf: other.labels)
        weights.append(contentsOf: other.weights)
        queries.append(contentsOf: other.queries)
        columnCount = max(columnCount, other.columnCount)
        smallestIndex = [smallestIndex, other.smallestIndex].compactMap(\.self).min()
    }

    package mutating func reserve(growingBy factor: Double) {
        offsets.reserveCapacity(Int(Double(offsets.count) * factor))
        indices.reserveCapacity(Int(Double(indices.count) * factor))
        values.reserveCapacity(Int(Double(values.count) * factor))
        labels.reserveCapacity(Int(Double(labels.count) * factor))
    }

    /// The same rows without the features from index `width` on.
    package func limited(to width: Int) -> SparseRows {
        guard columnCount > width else { return self }
        var rows = self
        rows.offsets = [0]
        rows.indices = []
        rows.values = []
        for row in 0..<rowCount {
            for position in Int(offsets[row])..<Int(offsets[row + 1]) where indices[position] < width {
                rows.indices.append(indices[position])
                rows.values.append(values[position])
            }
            rows.offsets.append(UInt64(rows.indices.count))
        }
        rows.columnCount = width
        rows.smallestIndex = rows.indices.min()
        return rows
    }

    /// The same rows with every index lowered by one, for files that count features from 1.
    ///
    /// - Precondition: No index is 0.
    package func countedFromZero() -> SparseRows {
        precondition(smallestIndex != 0)
        var rows = self
        for position in rows.indices.indices { rows.indices[position] -= 1 }
        rows.columnCount = max(columnCount - 1, 0)
        rows.smallestIndex = smallestIndex.map { $0 - 1 }
        return rows
    }
}
