import ArgumentParser
import DataFormats
import Reports

/// `clary data convert`: the same rows in another format.
struct DataConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a data set in another format.",
        discussion: """
            All files become one, unless the destination ends in '/': then each becomes one of its own below it. Formats \
            that cannot hold what the rows have (weights, several labels) say so. Rows that leave features out are filled \
            with zeros where they become csv or Parquet; for that they are read twice.

            Examples:
              clary data convert train.csv train.libsvm
              clary data convert s3://bucket/raw/ s3://bucket/train/ --to recordio-protobuf
              clary data convert data.parquet - --to csv --with-header
            """
    )

    @OptionGroup var input: DataInput

    @Option(help: "Format to write (default: as the destination's name says, or that of the source).")
    var to: String?

    @Flag(name: .customLong("with-header"), help: "Begin csv with a line of names.")
    var withHeader = false

    @Argument(help: "File, folder or s3:// address.")
    var source: String

    @Argument(help: "File, s3:// address, a folder if it ends in '/', or - for standard output.")
    var destination: String

    func validate() throws {
        if let to, DataFileFormat(named: to) == nil {
            throw ValidationError("--to \(to): this is none of \(DataFileFormat.names).")
        }
    }

    func run() async throws {
        let set = try await DataSet(source, input)
        let place = try DataPlace(destination)
        let format = try set.outputFormat(to, for: place, withHeader: withHeader)
        let width = format.isTable ? try await set.tableWidth() : nil
        guard destination.hasSuffix("/") else {
            return try await convert(set, to: place, format, width)
        }
        var taken: Set<String> = []
        for file in set.files {
            let stem = file.name.lastIndex(of: ".").map { String(file.name[..<$0]) } ?? file.name
            var name = "\(stem).\(format.suffix)"
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(stem)-\(number).\(format.suffix)"
                number += 1
            }
            try await convert(set.only(file), to: place.appending(name), format, width)
        }
    }

    private func convert(
        _ set: DataSet,
        to place: DataPlace,
        _ format: DataFileFormat,
        _ width: Int?
    ) async throws {
        guard !set.files.contains(where: place.isSame(as:)) else {
            let name = place.description
            throw CleanFailure(message: "\(name) would be written over itself. Name another destination.")
        }
        var sink: RowSink?
        do {
            try await set.forEachBatch { batch, names in
                let open = try sink ?? RowSink(place, format, names: names, set.objects)
                sink = open
                try await open.write(width == nil ? batch : batch.densified(columnCount: width))
                return true
            }
            let open = try sink ?? RowSink(place, format, names: nil, set.objects)
            sink = open
            try await open.finish()
            Screen.note("\(place.description): \(Units.count(open.rowCount, "row"))")
        } catch {
            await sink?.discard()
            throw error
        }
    }
}
