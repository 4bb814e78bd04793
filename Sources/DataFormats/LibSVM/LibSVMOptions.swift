/// How a libsvm text is to be read or written.
package struct LibSVMOptions: Equatable, Sendable {
    /// Whether rows start with a label.
    package enum Labels: Sendable {
        case required
        /// A row may start with a feature at once; its label is then 0. Rows have no weights.
        case optional
    }

    package var labels: Labels
    /// Index of the first feature, 0 or 1: what is taken off every index that is read, and added to every one written.
    package var firstIndex: UInt32
    /// Width of the rows, which no index reaches; nil leaves it to the greatest index of each batch.
    package var columnCount: Int?

    package init(labels: Labels = .required, firstIndex: UInt32 = 0, columnCount: Int? = nil) {
        self.labels = labels
        self.firstIndex = firstIndex
        self.columnCount = columnCount
    }
}
