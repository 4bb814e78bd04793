import DataFormats
import Estimators
import ParquetBridge

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
    ///   - parquetFolders: Where pyarrow may be.
    ///   - threads: For parsing and for the matrix.
    ///   - log: Hears of the delimiter.
    ///   - agree: Makes of what this host has read what holds for the rows of all hosts.
    /// - Returns: The matrix of all rows.
    /// - Throws: `TrainingFault`.
    static func load(
        _ source: TrainingChannels.Source,
        weights: WeightColumn,
        parquetFolders: [String],
        threads: Int,
        log: ContainerLog,
        agree: (ChannelShape) async throws(TrainingFault) -> ChannelShape
    ) async throws(TrainingFault) -> ChannelMatrix {
        let (files, root) = (source.files, source.folder)
        func name(_ path: String) -> String {
            path.hasPrefix("\(root)/") ? String(path.dropFirst(root.count + 1)) : path
        }
        do {
            switch source.type {
            case .csv where source.isPipe:
                let options = CSVOptions(
                    delimiter: nil,
                    labelCount: 1,
                    weights: weights,
                    lineBreaks: .refused
                )
                let batch = try stream(files, .csv(options), name: name)
                return try await matrix(ofRecords: batch, root: root, threads: threads, agree: agree)
            case .recordIO:
                let batch = try stream(files, .recordIO(RecordIOOptions()), name: name)
                return try await matrix(ofRecords: batch, root: root, threads: threads, agree: agree)
            case .csv:
                guard let first = try firstLine(of: files) else { throw noRows(root) }
                return try await loadCSV(
                    files,
                    first: first,
                    name: name,
                    weights: weights,
                    threads: threads,
                    log: log,
                    agree: agree
                )
            case .libSVM:
                let parser = LibSVMParser<Float>(LibSVMOptions())
                let batch = try await RecordLoader(parser: parser, workers: threads).load(files, name: name)
                guard batch.rowCount > 0 else { throw noRows(root) }
                return try await matrix(of: batch, threads: threads, agree: agree)
            case .parquet:
                var batch = RecordBatch<Float>()
                for file in files { try batch.append(parquet: file, name: name(file), parquetFolders) }
                return try await matrix(ofRecords: batch, root: root, threads: threads, agree: agree)
            }
        } catch let fault as TrainingFault {
            throw fault
        } catch let error as DataFormatError {
            throw formatFault(error, source.type)
        } catch let error as ParquetError {
            switch error {
            case .data(let error): throw formatFault(error, source.type)
            case .unavailable, .bridge: throw .platform("\(error)")
            }
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
        log: ContainerLog,
        agree: (ChannelShape) async throws(TrainingFault) -> ChannelShape
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
            CSVOptions(
                delimiter: delimiter,
                labelCount: 1,
                weights: weights,
                columnCount: width,
                lineBreaks: .refused
            )
        )
        do { _ = try parser.parse(block: first.line.span) } catch {
            throw TrainingFault.customer(
                "First line '\(snippet(first.line))...' of file '\(name(first.file))' is not 'CSV' format. Please ensure "
                    + "the file is in 'CSV' format. (\(error))"
            )
        }
        let batch = try await RecordLoader(parser: parser, workers: threads).load(files, name: name)
        return try await matrix(of: batch, threads: threads, agree: agree)
    }

    private static func matrix(
        of batch: RecordBatch<Float>,
        threads: Int,
        agree: (ChannelShape) async throws(TrainingFault) -> ChannelShape
    ) async throws -> ChannelMatrix {
        let isSparse = batch.layout == .sparse
        let shape = try await agree(
            ChannelShape(
                columnCount: batch.columnCount,
                isSparse: isSparse,
                smallestIndex: isSparse ? batch.sparse.smallestIndex.map(Int.init) : nil
            )
        )
        return ChannelMatrix(
            matrix: try TrainingMatrix(batch, columnCount: shape.columnCount, threads: threads),
            indexBase: shape.smallestIndex.map { min($0, 1) }
        )
    }

    /// The matrix of records that say by themselves what is a label and where features are counted from.
    private static func matrix(
        ofRecords batch: RecordBatch<Float>,
        root: String,
        threads: Int,
        agree: (ChannelShape) async throws(TrainingFault) -> ChannelShape
    ) async throws -> ChannelMatrix {
        guard batch.rowCount > 0 else { throw noRows(root) }
        guard batch.labelCount <= 1 else {
            throw TrainingFault.customer("The records have \(batch.labelCount) labels each; one is needed.")
        }
        guard batch.labelCount == 1 else {
            throw TrainingFault.customer(
                "Got input data without labels. Please check the input data set. If training job is running on "
                    + "multiple instances, please switch to using single instance if number of records in the "
                    + "data set is less than number of workers in the training cluster."
            )
        }
        let shape = try await agree(
            ChannelShape(
                columnCount: batch.columnCount,
                isSparse: batch.layout == .sparse,
                smallestIndex: nil
            )
        )
        return ChannelMatrix(
            matrix: try TrainingMatrix(batch, columnCount: shape.columnCount, threads: threads),
            indexBase: nil
        )
    }

    /// Reads files or a pipe from start to end, one after the other.
    private static func stream(
        _ files: [String],
        _ format: DataFormat,
        name: (String) -> String
    ) throws -> RecordBatch<Float> {
        var whole = RecordBatch<Float>()
        for file in files {
            var reader = RecordReader<Float>(format, file: name(file))
            var source = try FileSource(path: file)
            while let batch = try reader.next(from: &source) {
                do { try whole.append(batch) } catch { throw error.located(in: name(file), after: 0) }
            }
        }
        return whole
    }

    private static func noRows(_ root: String) -> TrainingFault {
        let channel =
            root.hasSuffix("/train") ? "training" : root.split(separator: "/").last.map(String.init) ?? ""
        return .customer("No data in \(channel) channel path \(root): the files have no rows")
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
            case .parquet: "PARQUET"
            case .recordIO: "RECORDIO-PROTOBUF"
            }
        return .customer("The data is not in '\(format)' format: \(error)")
    }
}

extension RecordBatch<Float> {
    fileprivate mutating func append(parquet path: String, name: String, _ folders: [String]) throws {
        var reader = try ParquetReader<Float>(
            path: path,
            file: name,
            labelCount: 1,
            environment: try ParquetEnvironment.find(in: folders)
        )
        while let batch = try reader.next() { try append(batch, of: name) }
    }

    private mutating func append(_ batch: RecordBatch, of file: String) throws {
        do { try append(batch) } catch { throw error.located(in: file, after: rowCount) }
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
