import DataFormats
import Estimators

/// A channel, read into the library's matrix.
struct ChannelMatrix: ~Copyable {
    let matrix: TrainingMatrix
    /// Whether the channel's features count from 0 or 1; nil where the format leaves no doubt.
    let indexBase: Int?

    /// The matrix alone.
    consuming func released() -> TrainingMatrix { matrix }

    /// Reads all files of a channel, or its pipe.
    ///
    /// - Parameters:
    ///   - source: At least one file.
    ///   - weights: Where a csv table keeps weights.
    ///   - threads: For parsing and for the matrix.
    ///   - log: Hears of the delimiter.
    /// - Returns: The matrix of all rows.
    /// - Throws: `TrainingFault`.
    static func load(
        _ source: TrainingChannels.Source,
        weights: WeightColumn,
        threads: Int,
        log: ContainerLog
    ) async throws(TrainingFault) -> ChannelMatrix {
        let (files, root) = (source.files, source.folder)
        func name(_ path: String) -> String {
            path.hasPrefix("\(root)/") ? String(path.dropFirst(root.count + 1)) : path
        }
        do {
            switch source.type {
            case .csv where source.isPipe:
                let options = CSVOptions(delimiter: nil, labelCount: 1, weights: weights)
                return try stream(files, .csv(options), name: name, root: root, threads: threads)
            case .recordIO:
                return try stream(
                    files,
                    .recordIO(RecordIOOptions()),
                    name: name,
                    root: root,
                    threads: threads
                )
            case .csv:
                guard let first = try firstLine(of: files) else { throw noRows(root) }
                return try await loadCSV(
                    files,
                    first: first,
                    name: name,
                    weights: weights,
                    threads: threads,
                    log: log
                )
            case .libSVM:
                let parser = LibSVMParser<Float>(LibSVMOptions())
                let batch = try await RecordLoader(parser: parser, workers: threads).load(files, name: name)
                guard batch.rowCount > 0 else { throw noRows(root) }
                return ChannelMatrix(
                    matrix: try TrainingMatrix(batch, threads: threads),
                    indexBase: batch.sparse.smallestIndex.map { min(Int($0), 1) }
                )
            case .parquet:
                throw TrainingFault.customer(
                    "Data of type parquet cannot be read here yet. Accepted are csv, libsvm, recordio-protobuf, "
                        + "text/csv, text/libsvm, text/x-libsvm and application/x-recordio-protobuf."
                )
            }
        } catch let fault as TrainingFault {
            throw fault
        } catch let error as DataFormatError {
            throw formatFault(error, source.type)
        } catch let error as XGBoostError {
            throw BoostingFault.fault(error)
        } catch {
            throw .platform("The data in \(root) cannot be read: \(error)")
        }
    }

    private static func loadCSV(
        _ files: [String],
        first: (file: String, line: [UInt8]),
        name: (String) -> String,
        weights: WeightColumn,
        threads: Int,
        log: ContainerLog
    ) async throws -> ChannelMatrix {
        guard let delimiter = CSVSniffer.delimiter(ofFirstLine: first.line.span) else {
            throw TrainingFault.customer(
                "Could not determine delimiter on line \(snippet(first.line)): \(name(first.file)) has a single column."
            )
        }
        log.info("Determined delimiter of CSV input is '\(String(decoding: [delimiter], as: UTF8.self))'")
        let width = CSVSniffer.columnCount(ofFirstLine: first.line.span, delimiter: delimiter)
        if weights == .afterLabels, width < 3 {
            throw TrainingFault.customer(
                "With csv_weights=1 the data needs a label, a weight and at least one feature."
            )
        }
        let parser = CSVParser<Float>(
            CSVOptions(delimiter: delimiter, labelCount: 1, weights: weights, columnCount: width)
        )
        do { _ = try parser.parse(block: first.line.span) } catch {
            throw TrainingFault.customer(
                "First line '\(snippet(first.line))...' of file '\(name(first.file))' is not 'CSV' format. Please ensure "
                    + "the file is in 'CSV' format. (\(error))"
            )
        }
        let batch = try await RecordLoader(parser: parser, workers: threads).load(files, name: name)
        return ChannelMatrix(matrix: try TrainingMatrix(batch, threads: threads), indexBase: nil)
    }

    /// Reads files or a pipe from start to end, one after the other.
    private static func stream(
        _ files: [String],
        _ format: DataFormat,
        name: (String) -> String,
        root: String,
        threads: Int
    ) throws -> ChannelMatrix {
        var whole = RecordBatch<Float>()
        for file in files {
            var reader = RecordReader<Float>(format, file: name(file))
            var source = try FileSource(path: file)
            while let batch = try reader.next(from: &source) {
                do { try whole.append(batch) } catch { throw error.located(in: name(file), after: 0) }
            }
        }
        guard whole.rowCount > 0 else { throw noRows(root) }
        guard whole.labelCount <= 1 else {
            throw TrainingFault.customer("The records have \(whole.labelCount) labels each; one is needed.")
        }
        guard whole.labelCount == 1 else {
            throw TrainingFault.customer(
                "Got input data without labels. Please check the input data set."
            )
        }
        return ChannelMatrix(matrix: try TrainingMatrix(whole, threads: threads), indexBase: nil)
    }

    private static func noRows(_ root: String) -> TrainingFault {
        let channel =
            root.hasSuffix("/train") ? "training" : root.split(separator: "/").last.map(String.init) ?? ""
        return .customer("No data in \(channel) channel path \(root): the files have no rows.")
    }

    /// The first line that is not empty.
    private static func firstLine(of files: [String]) throws -> (file: String, line: [UInt8])? {
        for file in files {
            var blocks = LineBlocks(try FileSource(path: file), blockSize: 1 << 16)
            while let block = try blocks.next() {
                let lines = block.split { $0 == 0x0A || $0 == 0x0D }
                if let line = lines.first(where: { $0.contains { $0 > 0x20 } }) { return (file, Array(line)) }
            }
        }
        return nil
    }

    private static func snippet(_ line: [UInt8]) -> String {
        String(decoding: line.prefix(100).map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
    }

    private static func formatFault(_ error: DataFormatError, _ type: ContentType) -> TrainingFault {
        let format =
            switch type {
            case .csv: "CSV"
            case .libSVM: "LIBSVM"
            case .recordIO: "RECORDIO-PROTOBUF"
            case .parquet: "PARQUET"
            }
        return .customer("The data is not in '\(format)' format: \(error)")
    }
}

/// Sorts the library's complaints by whose fault they are.
enum BoostingFault {
    /// Parts of messages that are about the data or the hyperparameters.
    private static let customerTexts = [
        "label must", "must be in", "labels must", "num_class", "`inf`", "size not match",
        "invalid parameter",
        "Invalid parameter", "feature_name", "Number of columns", "should be", "only support",
        "not supported",
        "Must have", "must be", "expected to be", "empty dataset", "positive", "Check failed: labels",
        "Unknown metric", "mparam_.num_feature",
    ]

    static func fault(_ error: XGBoostError) -> TrainingFault {
        guard case .library(let message) = error else { return .platform("\(error)") }
        if customerTexts.contains(where: message.contains) { return .customer(message) }
        return .algorithm("XGB train call failed with exception:\n\(message)")
    }
}
