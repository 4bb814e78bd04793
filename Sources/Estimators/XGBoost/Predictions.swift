/// What a model says about rows: one value per row, or one per row and class.
package struct Predictions: Equatable, Sendable {
    /// Row-major, `rowCount × width`.
    package var values: [Float]
    /// Values per row; 1 for a single value.
    package var width: Int
    /// Whether a row's prediction is a list, even of one value.
    package var isList: Bool

    package var rowCount: Int { width == 0 ? 0 : values.count / width }

    package init(values: [Float], width: Int, isList: Bool) {
        self.values = values
        self.width = width
        self.isList = isList
    }

    /// The values of one row.
    package func row(_ index: Int) -> ArraySlice<Float> { values[index * width..<(index + 1) * width] }

    /// Copies what the library lends until its next call.
    @unsafe init(copying values: UnsafePointer<Float>?, shape: UnsafePointer<UInt64>?, dimensions: UInt64) {
        guard let shape = unsafe shape, let values = unsafe values, dimensions > 0 else {
            self.init(values: [], width: 1, isList: false)
            return
        }
        let width = (1..<max(Int(dimensions), 1)).reduce(1) { unsafe $0 * Int(shape[$1]) }
        let rows = unsafe Int(shape[0])
        self.init(
            values: unsafe Array(UnsafeBufferPointer(start: values, count: rows * width)),
            width: width,
            isList: dimensions > 1
        )
    }
}

/// Whether the objective's link is applied to the sum of the trees.
package enum PredictionKind: Int, Sendable {
    /// On the scale of the label: a probability, a count, a class.
    case value = 0
    /// The untransformed sum.
    case margin = 1

    var configuration: String {
        "{\"type\":\(rawValue),\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,"
            + "\"strict_shape\":false,\"missing\":NaN,\"cache_id\":0}"
    }
}
