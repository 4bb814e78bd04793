package import DataFormats
import Reports

/// The first rows of a data set as a table.
package enum RowTable {
    /// - Parameters:
    ///   - batch: The rows.
    ///   - names: Of all columns, labels first; nil makes them up.
    ///   - width: Places of the terminal; nil shows all columns.
    /// - Returns: Lines, headings first. Sparse rows are shown as `index:value`.
    package static func lines(_ batch: RecordBatch<Double>, names: [String]?, width: Int?) -> [String] {
        let labelNames = (0..<batch.labelCount).map { batch.labelCount == 1 ? "label" : "label\($0)" }
        let isSparse = batch.layout == .sparse
        let columnCount = isSparse ? 1 : min(batch.columnCount, width.map { max(1, $0 / 3) } ?? .max)
        let made = labelNames + (isSparse ? ["features"] : (0..<columnCount).map { "f\($0)" })
        let known = names.flatMap { !isSparse && $0.count >= made.count ? Array($0.prefix(made.count)) : nil }
        let columns = (known ?? made).enumerated().map { index, name in
            Table.Column(
                name,
                isSparse && index == batch.labelCount ? .left : .right,
                least: isSparse && index == batch.labelCount ? 10 : nil,
                hiding: index <= batch.labelCount ? 0 : index
            )
        }
        var table = Table(columns)
        for row in 0..<batch.rowCount {
            var cells = batch.labels(of: row).map(NumberText.short)
            if isSparse {
                let items = batch.sparse.range(of: row).map {
                    "\(batch.sparse.indices[$0]):\(NumberText.short(batch.sparse.values[$0]))"
                }
                cells.append(items.joined(separator: " "))
            } else {
                cells += batch.dense.row(row).prefix(columnCount).map(NumberText.short)
            }
            table.add(cells)
        }
        return table.lines(width: width)
    }
}
