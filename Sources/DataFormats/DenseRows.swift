/// Rows of equal width, row-major; a missing value is NaN.
///
/// Which columns are labels or weights is the reader's business: they are ordinary columns here.
package struct DenseRows: RecordBatch, Equatable {
    /// `rowCount × columnCount` values.
    package private(set) var values: [Float]
    /// Values per row; 0 in an empty batch.
    package private(set) var columnCount: Int

    package var rowCount: Int { columnCount == 0 ? 0 : values.count / columnCount }

    package init() {
        values = []
        columnCount = 0
    }

    /// - Precondition: `values.count` is a multiple of `columnCount`.
    package init(values: [Float], columnCount: Int) {
        precondition(columnCount == 0 ? values.isEmpty : values.count % columnCount == 0)
        self.values = values
        self.columnCount = columnCount
    }

    package mutating func append(_ other: consuming DenseRows) throws(DataFormatError) {
        guard other.columnCount != 0 else { return }
        guard columnCount != 0 else {
            // Room that was reserved stays.
            values.append(contentsOf: other.values)
            columnCount = other.columnCount
            return
        }
        guard columnCount == other.columnCount else {
            throw DataFormatError(.raggedRow(expected: columnCount, found: other.columnCount), line: 1)
        }
        values.append(contentsOf: other.values)
    }

    package mutating func reserve(growingBy factor: Double) {
        values.reserveCapacity(Int(Double(values.count) * factor))
    }

    /// One column, from the first row to the last.
    ///
    /// - Precondition: `index` is below `columnCount`.
    package func column(_ index: Int) -> [Float] {
        precondition(index < columnCount)
        return [Float](unsafeUninitializedCapacity: rowCount) { column, count in
            for row in 0..<rowCount { column[row] = values[row * columnCount + index] }
            count = rowCount
        }
    }
}
