/// Rows of equal width, row-major; a missing value is NaN.
package struct DenseRows<Element: DataElement>: Equatable, Sendable {
    /// `rowCount × columnCount` values.
    package internal(set) var values: [Element]
    /// Values per row; 0 in rows without features.
    package internal(set) var columnCount: Int
    package internal(set) var rowCount: Int

    package init() {
        values = []
        columnCount = 0
        rowCount = 0
    }

    /// - Precondition: `values.count` is a multiple of `columnCount`.
    package init(values: [Element], columnCount: Int) {
        precondition(columnCount == 0 ? values.isEmpty : values.count % columnCount == 0)
        self.values = values
        self.columnCount = columnCount
        rowCount = columnCount == 0 ? 0 : values.count / columnCount
    }

    /// The values of one row.
    package func row(_ index: Int) -> ArraySlice<Element> {
        values[index * columnCount..<(index + 1) * columnCount]
    }

    mutating func append(_ other: DenseRows) throws(DataFormatError) {
        guard other.rowCount > 0 else { return }
        if rowCount == 0 { columnCount = other.columnCount }
        guard columnCount == other.columnCount else {
            throw DataFormatError(.raggedRow(expected: columnCount, found: other.columnCount), record: 1)
        }
        values.append(contentsOf: other.values)
        rowCount += other.rowCount
    }
}
