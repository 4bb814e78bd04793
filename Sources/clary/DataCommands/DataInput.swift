import ArgumentParser
import DataFormats
import Foundation

/// How all data commands are told what they read.
struct DataInput: ParsableArguments {
    @OptionGroup var dataDirectory: DataDirectoryOption

    @Option(
        help: """
            Format of the data: csv, libsvm, recordio-protobuf, json, jsonlines or parquet (default: as the name says).
            """
    )
    var from: String?

    @Option(
        name: .customLong("label-size"),
        help: "Columns at the start of csv and Parquet rows that are labels."
    )
    var labelCount = 1

    @Option(help: "Whether csv starts with a line of names: yes, no, or detect.")
    var header = Header.detect

    @Option(help: "What stands between the fields of csv, such as ';' or tab (default: found out).")
    var delimiter: String?

    @Flag(
        name: .customLong("one-based"),
        help: "Features of libsvm count from 1, in what is read and written."
    )
    var isOneBased = false

    /// Whether csv has a line of names.
    enum Header: String, ExpressibleByArgument, CaseIterable {
        case yes
        case no
        case detect
    }

    func validate() throws {
        guard labelCount >= 0 else {
            throw ValidationError("--label-size \(labelCount): a number from 0 up.")
        }
        if let from, DataFileFormat(named: from) == nil {
            throw ValidationError("--from \(from): this is none of \(DataFileFormat.names).")
        }
        if delimiter != nil, delimiterByte == nil {
            throw ValidationError("--delimiter: one character, or the word tab.")
        }
    }

    private var delimiterByte: UInt8? {
        guard let delimiter else { return nil }
        if delimiter == "tab" || delimiter == "\\t" { return 0x09 }
        return delimiter.utf8.count == 1 ? delimiter.utf8.first : nil
    }

    /// The format of a file, with everything that was said about it.
    ///
    /// - Throws: `CleanFailure` if neither its name nor `--from` tells.
    func format(of name: String) throws -> DataFileFormat {
        let told = from.flatMap { DataFileFormat(named: $0) }
        guard let format = told ?? DataFileFormat(fileName: name) else {
            throw CleanFailure(
                message:
                    "The name of \(name) does not tell its format. Say which with --from (\(DataFileFormat.names))."
            )
        }
        switch format {
        case .records(.csv(var options)):
            options.labelCount = labelCount
            options.delimiter = delimiterByte ?? (options.delimiter == 0x09 ? 0x09 : nil)
            options.header =
                switch header {
                case .yes: .present
                case .no: .none
                case .detect: .detected
                }
            return .records(.csv(options))
        case .records(.libSVM(var options)):
            options.firstIndex = isOneBased ? 1 : 0
            return .records(.libSVM(options))
        case .records, .parquet: return format
        }
    }
}

/// The formats of files.
enum DataFileFormat: Equatable {
    case records(DataFormat)
    case parquet

    static let names = "csv, libsvm, recordio-protobuf, json, jsonlines, parquet"

    /// The format of a short name or media type.
    init?(named name: String) {
        if ["parquet", "application/x-parquet"].contains(name.lowercased()) {
            self = .parquet
        } else if let format = try? DataFormat(contentType: name) {
            self = .records(format)
        } else {
            return nil
        }
    }

    init?(fileName: String) {
        if [".parquet", ".pq"].contains(where: fileName.lowercased().hasSuffix) {
            self = .parquet
        } else if let format = DataFormat(fileName: fileName) {
            self = .records(format)
        } else {
            return nil
        }
    }

    /// What names of such files end in.
    var suffix: String {
        switch self {
        case .records(.csv): "csv"
        case .records(.libSVM): "libsvm"
        case .records(.recordIO): "rec"
        case .records(.json): "json"
        case .records(.jsonLines): "jsonl"
        case .parquet: "parquet"
        }
    }

    /// Whether rows that leave features out have to be filled up.
    var isTable: Bool {
        switch self {
        case .records(.csv), .parquet: true
        case .records(.libSVM), .records(.recordIO), .records(.json), .records(.jsonLines): false
        }
    }
}
