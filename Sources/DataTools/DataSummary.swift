package import DataFormats
import Reports

/// What a data set is like, from one pass over its batches.
package struct DataSummary: Sendable {
    /// Columns of which figures are kept; data sets that are wider show those of the first ones.
    package static let mostColumns = 1 << 16

    package private(set) var rowCount = 0
    package private(set) var columnCount = 0
    package private(set) var labelCount = 0
    package private(set) var missing = 0
    package private(set) var isSparse = false
    /// Of the features, as far as `mostColumns`.
    private var features: [ColumnSummary] = []
    private var labels: [ColumnSummary] = []
    /// Of the first label.
    package private(set) var labelCounts = LabelCounts()
    private var names: [String]?

    package init() {}

    /// Takes a batch in.
    ///
    /// - Parameters:
    ///   - batch: The next rows.
    ///   - names: Of its columns, labels first, where the data have names.
    package mutating func add(_ batch: RecordBatch<Double>, names: [String]?) {
        guard batch.rowCount > 0 else { return }
        if self.names == nil { self.names = names }
        columnCount = max(columnCount, batch.columnCount)
        grow(&features, to: min(columnCount, Self.mostColumns), zeros: isSparse ? rowCount : 0)
        labelCount = max(labelCount, batch.labelCount)
        grow(&labels, to: labelCount, zeros: 0)
        switch batch.layout {
        case .dense: add(dense: batch.dense)
        case .sparse: add(sparse: batch.sparse)
        }
        for (position, label) in batch.labels.enumerated() {
            labels[position % batch.labelCount].add(label)
            if position % batch.labelCount == 0 { labelCounts.add(label) }
        }
        rowCount += batch.rowCount
    }

    private func grow(_ columns: inout [ColumnSummary], to count: Int, zeros: Int) {
        while columns.count < count {
            var column = ColumnSummary()
            column.add(zeros: zeros)
            columns.append(column)
        }
    }

    private mutating func add(dense rows: DenseRows<Double>) {
        var position = 0
        for _ in 0..<rows.rowCount {
            for column in 0..<rows.columnCount {
                let value = rows.values[position]
                position += 1
                if value.isNaN { missing += 1 }
                if column < Self.mostColumns { features[column].add(value) }
            }
        }
    }

    private mutating func add(sparse rows: SparseRows<Double>) {
        isSparse = true
        var named = [Int](repeating: 0, count: features.count)
        for (index, value) in zip(rows.indices, rows.values) {
            if value.isNaN { missing += 1 }
            guard index < features.count else { continue }
            named[Int(index)] += 1
            features[Int(index)].add(value)
        }
        for column in features.indices { features[column].add(zeros: rows.rowCount - named[column]) }
    }

    /// A column with its name, labels before features.
    package func columns() -> [(name: String, summary: ColumnSummary)] {
        let all = labels + features
        let known = names.flatMap { $0.count >= all.count ? $0 : nil }
        return all.enumerated().map { position, column in
            if let known { return (known[position], column) }
            if position < labels.count { return (labels.count == 1 ? "label" : "label\(position)", column) }
            return ("f\(position - labels.count)", column)
        }
    }

    /// The report: totals, a table of columns, a histogram of the labels.
    ///
    /// - Parameters:
    ///   - width: Places of the terminal; nil lays everything out in full.
    ///   - mostColumns: Columns that the table shows.
    /// - Returns: Lines.
    package func lines(width: Int?, mostColumns: Int) -> [String] {
        var lines = [
            "\(Units.count(rowCount, "row")), \(Units.count(labelCount, "label column")), "
                + "\(Units.count(columnCount, "feature"))\(isSparse ? " (sparse)" : ""), "
                + "\(missing) missing \(missing == 1 ? "value" : "values")"
        ]
        guard rowCount > 0 else { return lines }
        let columns = columns()
        let hasInfinite = columns.contains { $0.summary.infinite > 0 }
        var table = Table(
            [.init("COLUMN", least: 8), .init("MISSING", .right)]
                + (hasInfinite ? [.init("INFINITE", .right)] : []) + [
                    .init("MIN", .right), .init("MAX", .right), .init("MEAN", .right),
                    .init("STD", .right, hiding: 1),
                ]
        )
        for (name, summary) in columns.prefix(mostColumns) {
            let isEmpty = summary.count == 0
            table.add(
                [name, String(summary.missing)] + (hasInfinite ? [String(summary.infinite)] : [])
                    + [summary.smallest, summary.greatest, summary.mean, summary.standardDeviation]
                    .map { isEmpty ? "" : NumberText.short($0) }
            )
        }
        lines += [""] + table.lines(width: width)
        if columnCount + labelCount > min(mostColumns, columns.count) {
            let rest = columnCount + labelCount - min(mostColumns, columns.count)
            lines.append("… and " + Units.count(rest, "more column"))
        }
        let bars = labelCounts.bars()
        if !bars.isEmpty { lines += ["", "Labels"] + Histogram.lines(bars, width: width ?? 80) }
        return lines
    }
}

/// Numbers as people read them.
package enum NumberText {
    /// Six digits that count.
    package static func short(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "" : "\(value)" }
        if value == value.rounded(), abs(value) < 1e9 { return String(Int(value)) }
        let size = abs(value)
        guard size >= 1e-4, size < 1e9 else { return scientific(value) }
        var scale = 1.0
        while size * scale < 1e5 { scale *= 10 }
        return "\((value * scale).rounded() / scale)"
    }

    private static func scientific(_ value: Double) -> String {
        var (digits, exponent) = (value, 0)
        while abs(digits) >= 10 {
            digits /= 10
            exponent += 1
        }
        while abs(digits) < 1 {
            digits *= 10
            exponent -= 1
        }
        return "\((digits * 1e5).rounded() / 1e5)e\(exponent)"
    }
}
