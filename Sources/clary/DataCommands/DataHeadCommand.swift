import ArgumentParser
import DataFormats
import DataTools

/// `clary data head`: the first rows.
struct DataHeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "head",
        abstract: "Show the first rows of a data set as a table.",
        discussion: """
            Examples:
              clary data head train.csv
              clary data head s3://bucket/train/ --rows 3 --from libsvm
            """
    )

    @OptionGroup var input: DataInput

    @Option(name: .shortAndLong, help: "Number of rows.")
    var rows = 10

    @Argument(help: "File, folder or s3:// address.")
    var source: String

    func validate() throws {
        guard rows > 0 else { throw ValidationError("--rows \(rows): a number from 1 up.") }
    }

    func run() async throws {
        var (shown, names) = (RecordBatch<Double>(), [String]?.none)
        try await DataSet(source, input).forEachBatch { batch, columnNames in
            names = names ?? columnNames
            let wanted = min(rows - shown.rowCount, batch.rowCount)
            try shown.append(batch.selecting(rows: Array(0..<wanted)))
            return shown.rowCount < rows
        }
        for line in RowTable.lines(shown, names: names, width: Screen.width) { print(line) }
        if shown.rowCount == 0 { Screen.note("There are no rows.") }
    }
}
