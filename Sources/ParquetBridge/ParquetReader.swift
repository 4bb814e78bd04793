package import DataFormats
import FoundationEssentials

/// Reads the rows of one Parquet file, a batch at a time.
///
/// Columns are numbers: integers, floats, decimals of neither kind, booleans as 0 and 1; a null is a missing value.
package struct ParquetReader<Element: DataElement>: ~Copyable {
    /// Names of all columns, labels first.
    package let columnNames: [String]
    /// Rows of the whole file.
    package let rowCount: Int
    private let labelCount: Int
    private let file: String
    private var process: BridgeProcess
    private var isAtEnd = false

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: Of the file.
    ///   - file: Its name in errors.
    ///   - labelCount: Columns at the start that are labels.
    ///   - environment: Where pyarrow is.
    ///   - limit: When a batch is full.
    /// - Throws: `ParquetError`.
    package init(
        path: String,
        file: String,
        labelCount: Int,
        environment: ParquetEnvironment,
        limit: BatchLimit = BatchLimit()
    ) throws(ParquetError) {
        var process = try BridgeProcess(
            environment.command + [
                "read", path, Element.type.bridgeName, String(labelCount), String(limit.values),
            ]
        )
        guard let line = process.readLine(),
            let head = try? JSONDecoder().decode(BridgeHead.self, from: Data(line))
        else { throw process.fault(file: file) }
        self.process = process
        columnNames = head.columns
        rowCount = head.rows ?? 0
        self.labelCount = labelCount
        self.file = file
    }

    /// The next batch; nil at the end.
    ///
    /// - Throws: `ParquetError`.
    package mutating func next() throws(ParquetError) -> RecordBatch<Element>? {
        guard !isAtEnd else { return nil }
        guard let count = process.read(1, of: Int64.self).map({ Int($0[0]) }) else {
            throw process.fault(file: file)
        }
        guard count > 0 else {
            isAtEnd = true
            let (status, words) = process.end()
            guard status == 0 else { throw BridgeFault.error(status, words, file: file) }
            return nil
        }
        let width = columnNames.count - labelCount
        guard let labels = process.read(count * labelCount, of: Element.self),
            let values = process.read(count * width, of: Element.self)
        else { throw process.fault(file: file) }
        return RecordBatch(
            dense: DenseRows(values: values, columnCount: width),
            labels: labels,
            labelCount: labelCount
        )
    }
}

/// The line that both directions begin with.
struct BridgeHead: Codable {
    var columns: [String]
    var labels: Int
    var type: String
    var rows: Int?
}

extension ElementType {
    /// NumPy's name, without the byte order.
    var bridgeName: String {
        switch self {
        case .float32: "f4"
        case .float64: "f8"
        case .int32: "i4"
        }
    }
}

extension ParquetEnvironment {
    /// Isolated from the user's own Python settings; `-B`, since the folder may be read-only.
    var command: [String] { [interpreter, "-I", "-S", "-B", "-c", ParquetProgram.text, packages] }
}

extension BridgeProcess {
    /// Why the process broke off.
    mutating func fault(file: String) -> ParquetError {
        let (status, words) = end()
        return BridgeFault.error(status, words, file: file)
    }
}

/// What the process says on standard error.
enum BridgeFault {
    private struct Report: Decodable {
        var message: String
        var column: Int?
        var row: Int?
    }

    static func error(_ status: Int32, _ words: String, file: String) -> ParquetError {
        let last = words.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        guard status == 1, let report = try? JSONDecoder().decode(Report.self, from: Data(last.utf8)) else {
            return .bridge(last.isEmpty ? "exit status \(status)" : "exit status \(status): \(last)")
        }
        return .data(
            DataFormatError(
                .malformed(report.message),
                record: (report.row ?? 0) + 1,
                column: report.column.map { $0 + 1 },
                file: file
            )
        )
    }
}
