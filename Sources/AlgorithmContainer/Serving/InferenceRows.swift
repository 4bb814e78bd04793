import DataFormats
import HTTPTypes

/// The rows of a request.
enum InferenceRows: Sendable {
    case dense(DenseRows<Float>)
    /// Rows whose features may be counted from 0 or from 1 (libsvm).
    case sparse(SparseRows<Float>)
    /// Rows whose features are counted from 0 (RecordIO-protobuf).
    case sparseFromZero(SparseRows<Float>)

    /// Parses a request body.
    ///
    /// - Parameters:
    ///   - body: The bytes as sent.
    ///   - contentType: As sent; nil means libsvm.
    /// - Throws: `Refusal` with status 415.
    init(_ body: Span<UInt8>, contentType: String?) throws(Refusal) {
        switch try Self.format(contentType) {
        case .csv: self = .dense(try Self.csv(body))
        case .libSVM:
            let parser = LibSVMParser<Float>(LibSVMOptions(labels: .optional))
            do { self = .sparse(try parser.parse(block: body).batch.sparse) } catch {
                throw Self.unloadable("libsvm", error)
            }
        case .recordIO: self = try Self.records(body)
        case .parquet:
            throw Refusal(
                status: .unsupportedMediaType,
                message:
                    "\(contentType ?? "") is not an accepted ContentType: csv, libsvm, recordio-protobuf, "
                    + "text/csv, text/libsvm, text/x-libsvm, application/x-recordio-protobuf."
            )
        }
    }

    private static func format(_ contentType: String?) throws(Refusal) -> ContentType {
        guard let contentType, !contentType.isEmpty else { return .libSVM }
        // The common spelling first: nothing has to be cut or lowered.
        if contentType == "text/csv" { return .csv }
        let name = trimmed(contentType.prefix { $0 != ";" }).lowercased()
        guard let type = ContentType.names.first(where: { $0.0 == name })?.1 else {
            throw Refusal(
                status: .unsupportedMediaType,
                message:
                    "\(contentType) is not an accepted ContentType: csv, libsvm, recordio-protobuf, text/csv, "
                    + "text/libsvm, text/x-libsvm, application/x-recordio-protobuf."
            )
        }
        return type
    }

    private static func records(_ body: Span<UInt8>) throws(Refusal) -> InferenceRows {
        var parser = RecordIOParser<Float>(RecordIOOptions())
        var batch = RecordBatch<Float>()
        do throws(DataFormatError) {
            _ = try parser.parse(
                body,
                isLast: true,
                limit: BatchLimit(rows: .max, values: .max),
                into: &batch
            )
        } catch { throw unloadable("recordio-protobuf", error) }
        return batch.layout == .dense ? .dense(batch.dense) : .sparseFromZero(batch.sparse)
    }

    private static func csv(_ body: Span<UInt8>) throws(Refusal) -> DenseRows<Float> {
        do throws(DataFormatError) {
            return try CSVParser<Float>(CSVOptions(lineBreaks: .refused)).parse(block: body).batch.dense
        } catch {
            // Not commas, or no numbers: the first line decides.
            var end = 0
            while end < body.count, body[end] != 0x0A { end += 1 }
            let line = (0..<end).map { body[$0] }
            guard let delimiter = CSVSniffer.delimiter(ofFirstLine: line.span), delimiter != 0x2C else {
                throw unloadable("csv", error)
            }
            do throws(DataFormatError) {
                let options = CSVOptions(delimiter: delimiter, lineBreaks: .refused)
                return try CSVParser<Float>(options).parse(block: body).batch.dense
            } catch { throw unloadable("csv", error) }
        }
    }

    private static func unloadable(_ format: String, _ error: DataFormatError) -> Refusal {
        Refusal(
            status: .unsupportedMediaType,
            message:
                "Loading \(format) data failed with Exception, please ensure data is in \(format) format:\n"
                + "\(error)"
        )
    }
}
