import ArgumentParser
import DataFormats
import DataTools
import Reports

/// `clary data split`: rows shared out among the channels of a training.
struct DataSplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Share the rows of a data set out at random: train, validation, test.",
        discussion: """
            Writes DESTINATION/train/data.csv, …/validation/data.csv and …/test/data.csv (or another suffix), which are \
            channels as training jobs want them; a part with the share 0 is left out. The same seed makes the same split \
            of the same rows. Rows come out in random order: of all rows while they are less than 32 MB as float64, \
            otherwise within blocks of that size.

            Examples:
              clary data split all.csv s3://bucket/data --train 80 --validation 10 --test 10
              clary data split all.libsvm parts --stratified --seed 7 --test 0
            """
    )

    @OptionGroup var input: DataInput

    @Option(help: "Share of the training rows.")
    var train = 0.8

    @Option(help: "Share of the validation rows.")
    var validation = 0.1

    @Option(help: "Share of the test rows.")
    var test = 0.1

    @Option(help: "Seed of all randomness.")
    var seed: UInt64 = 0

    @Flag(help: "Split the rows of each label alike.")
    var stratified = false

    @Flag(name: .customLong("no-shuffle"), help: "Leave the rows of each part in their order.")
    var keepsOrder = false

    @Option(help: "Format to write (default: that of the source).")
    var to: String?

    @Flag(name: .customLong("with-header"), help: "Begin csv with a line of names.")
    var withHeader = false

    @Argument(help: "File, folder or s3:// address.")
    var source: String

    @Argument(help: "Folder or s3:// address.")
    var destination: String

    /// Values that are shuffled together.
    private static let blockValues = 4 << 20

    func validate() throws {
        if let to, DataFileFormat(named: to) == nil {
            throw ValidationError("--to \(to): this is none of \(DataFileFormat.names).")
        }
        _ = try plan()
    }

    private var parts: [(name: String, share: Double)] {
        [("train", train), ("validation", validation), ("test", test)]
    }

    private func plan() throws -> SplitPlan {
        do { return try SplitPlan(shares: parts.map(\.share), seed: seed, isStratified: stratified) } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() async throws {
        let set = try await DataSet(source, input)
        let place = try DataPlace(destination)
        let format = try set.outputFormat(to, for: .local(path: ""), withHeader: withHeader)
        let width = format.isTable ? try await set.tableWidth() : nil
        var (plan, block, names) = (try plan(), RecordBatch<Double>(), [String]?.none)
        var sinks: [Int: RowSink] = [:]
        do {
            func deal() async throws {
                let order = keepsOrder ? Array(0..<block.rowCount) : plan.order(block.rowCount)
                var rows: [Int: [Int]] = [:]
                for row in order {
                    let part = try plan.part(label: block.labelCount > 0 ? block.labels(of: row).first : nil)
                    rows[part, default: []].append(row)
                }
                for (part, rows) in rows {
                    let name = "\(parts[part].name)/data.\(format.suffix)"
                    let sink =
                        try sinks[part] ?? RowSink(place.appending(name), format, names: names, set.objects)
                    sinks[part] = sink
                    try await sink.write(block.selecting(rows: rows))
                }
                block = RecordBatch()
            }
            var values = 0
            try await set.forEachBatch { batch, columnNames in
                names = names ?? columnNames
                let batch = try width == nil ? batch : batch.densified(columnCount: width)
                try block.append(batch)
                values += batch.layout == .dense ? batch.dense.values.count : batch.sparse.values.count
                if values >= Self.blockValues {
                    try await deal()
                    values = 0
                }
                return true
            }
            try await deal()
            for (part, sink) in sinks.sorted(by: { $0.key < $1.key }) {
                try await sink.finish()
                Screen.note("\(parts[part].name): \(Units.count(sink.rowCount, "row"))")
            }
        } catch {
            for sink in sinks.values { await sink.discard() }
            throw error
        }
    }
}
