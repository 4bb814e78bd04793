/// How a csv text is to be read or written.
package struct CSVOptions: Equatable, Sendable {
    /// The byte between fields; nil finds it out from the first line (`CSVSniffer`), or writes commas.
    package var delimiter: UInt8?
    /// Columns at the start of a row that are labels (SageMaker's `label_size`).
    package var labelCount: Int
    /// Where rows have their weights.
    package var weights: WeightColumn
    package var header: CSVHeader
    /// Fields that every row must have; nil takes the first row as the measure.
    package var columnCount: Int?
    package var lineBreaks: QuotedLineBreaks

    package init(
        delimiter: UInt8? = 0x2C,
        labelCount: Int = 0,
        weights: WeightColumn = .none,
        header: CSVHeader = .none,
        columnCount: Int? = nil,
        lineBreaks: QuotedLineBreaks = .allowed
    ) {
        precondition(labelCount >= 0)
        self.delimiter = delimiter
        self.labelCount = labelCount
        self.weights = weights
        self.header = header
        self.columnCount = columnCount
        self.lineBreaks = lineBreaks
    }

    /// Columns before the features.
    var leading: Int { labelCount + (weights == .afterLabels ? 1 : 0) }
}

/// Where a table keeps its rows' weights.
package enum WeightColumn: Sendable {
    case none
    /// The column after the labels (`csv_weights=1`).
    case afterLabels
}

/// Whether a quoted field may go on on the next line.
package enum QuotedLineBreaks: Sendable {
    /// As RFC 4180 says.
    case allowed
    /// Every line is a row by itself, as SageMaker's XGBoost reads them: so they can be read in any order (`LineBlocks`).
    case refused
}

/// Whether a csv text starts with the names of its columns.
package enum CSVHeader: Equatable, Sendable {
    /// As SageMaker demands of its algorithms' data: a line of names is an error.
    case none
    /// The first line that is not empty has the names. A writer writes `label`, `weight`, `f0`, `f1`, ….
    case present
    /// The first line has names if one of its fields is neither empty nor a number.
    case detected
}
