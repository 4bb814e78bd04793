import ArgumentParser

/// `clary data`: looks at data sets and changes their form.
struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Look at data sets, convert and split them.",
        discussion: """
            Data sets are files, folders or s3:// addresses, the latter of the running server. The formats are csv, libsvm, \
            recordio-protobuf, json, jsonlines and parquet; a file's name tells which (.csv, .tsv, .libsvm, .svm, .rec, \
            .pbr, .json, .jsonl, .parquet) unless --from does. In a folder, or below an s3:// prefix, all files count \
            except those whose names start with '.' or '_'.

            Rows are read as float64, a batch at a time: a data set may be larger than memory.
            """,
        subcommands: [
            DataHeadCommand.self, DataStatsCommand.self, DataConvertCommand.self, DataSplitCommand.self,
        ]
    )
}
