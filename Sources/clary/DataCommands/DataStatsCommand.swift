import ArgumentParser
import DataTools

/// `clary data stats`: what a data set is like.
struct DataStatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show rows, columns, missing values, the range and mean of each column, and the labels.",
        discussion: """
            Reads all rows once. Up to \(LabelCounts.mostLabels) different labels are counted one by one; more of them go \
            into bins.

            Examples:
              clary data stats train.csv
              clary data stats s3://bucket/train/ --columns 5
            """
    )

    @OptionGroup var input: DataInput

    @Option(help: "Columns to show, at most.")
    var columns = 40

    @Flag(help: "Print a JSON document, with all columns.")
    var json = false

    @Argument(help: "File, folder or s3:// address.")
    var source: String

    func validate() throws {
        guard columns >= 0 else { throw ValidationError("--columns \(columns): a number from 0 up.") }
    }

    func run() async throws {
        var summary = DataSummary()
        let set = try await DataSet(source, input)
        try await set.forEachBatch { batch, names in
            summary.add(batch, names: names)
            return true
        }
        guard json else {
            if set.files.count > 1 { print("\(set.files.count) files") }
            for line in summary.lines(width: Screen.width, mostColumns: columns) { print(line) }
            return
        }
        try Screen.showJSON(Report(summary, files: set.files.count))
    }

    /// The document of `--json`.
    private struct Report: Encodable {
        struct Column: Encodable {
            let name: String
            let count: Int
            let missing: Int
            let min: Double?
            let max: Double?
            let mean: Double?
            let std: Double?
        }

        struct Bar: Encodable {
            let low: Double
            let high: Double
            let count: Int
        }

        let files: Int
        let rows: Int
        let features: Int
        let labels: Int
        let missing: Int
        let columns: [Column]
        let labelHistogram: [Bar]

        init(_ summary: DataSummary, files: Int) {
            self.files = files
            rows = summary.rowCount
            features = summary.columnCount
            labels = summary.labelCount
            missing = summary.missing
            columns = summary.columns().map { name, column in
                // A figure of nothing, or one that overflowed, has no place in JSON.
                func known(_ value: Double) -> Double? { column.count > 0 && value.isFinite ? value : nil }
                return Column(
                    name: name,
                    count: column.count,
                    missing: column.missing,
                    min: known(column.smallest),
                    max: known(column.greatest),
                    mean: known(column.mean),
                    std: known(column.standardDeviation)
                )
            }
            labelHistogram = summary.labelCounts.bars().map {
                Bar(low: $0.low, high: $0.high, count: $0.count)
            }
        }
    }
}
