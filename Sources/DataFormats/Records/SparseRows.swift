/// Rows that name only the features they have (compressed sparse rows).
package struct SparseRows<Element: DataElement>: Equatable, Sendable {
    /// Start of each row in `indices` and `values`, and their length as the last element: `rowCount + 1` numbers.
    package internal(set) var offsets: [UInt64]
    /// Feature indices, rising within a row.
    package internal(set) var indices: [UInt32]
    /// One per index.
    package internal(set) var values: [Element]
    /// Features of a row, if that is known: otherwise the greatest feature index plus one.
    package internal(set) var columnCount: Int
    /// Smallest feature index; nil without features.
    package internal(set) var smallestIndex: UInt32?

    package var rowCount: Int { offsets.count - 1 }

    package init() {
        offsets = [0]
        indices = []
        values = []
        columnCount = 0
    }

    /// Positions in `indices` and `values` that belong to a row.
    package func range(of row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }

    /// Adds a row.
    ///
    /// - Parameters:
    ///   - row: Indices, rising.
    ///   - values: One per index.
    ///   - columnCount: Width of the row, above every index.
    package mutating func append(
        indices row: some Collection<UInt32>,
        values: some Collection<Element>,
        columnCount: Int
    ) {
        precondition(row.count == values.count)
        if let first = row.first { smallestIndex = min(smallestIndex ?? first, first) }
        indices.append(contentsOf: row)
        self.values.append(contentsOf: values)
        offsets.append(UInt64(indices.count))
        self.columnCount = max(self.columnCount, columnCount)
    }

    mutating func append(_ other: SparseRows) {
        let base = UInt64(indices.count)
        offsets.append(contentsOf: other.offsets.lazy.dropFirst().map { $0 + base })
        indices.append(contentsOf: other.indices)
        values.append(contentsOf: other.values)
        columnCount = max(columnCount, other.columnCount)
        if let smallest = other.smallestIndex { smallestIndex = min(smallestIndex ?? smallest, smallest) }
    }

    /// The same rows without the features from index `width` on.
    package func limited(to width: Int) -> SparseRows {
        guard columnCount > width else { return self }
        var rows = SparseRows()
        for row in 0..<rowCount {
            for position in range(of: row) where indices[position] < width {
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
