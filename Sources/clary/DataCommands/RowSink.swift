import DataFormats
import Foundation
import ParquetBridge

/// Writes rows into one file or object, which appears once it is whole.
final class RowSink {
    private let place: DataPlace
    private let objects: () throws -> ServerObjects
    private var writer: (any RecordWriter<Double>)?
    private var parquet: ParquetWriter<Double>?
    private var output: Output
    private var isParquet: Bool { writer == nil }
    private(set) var rowCount = 0

    /// Where bytes go.
    private enum Output {
        case standardOutput
        case file(FileHandle, draft: String, path: String)
        case object(ObjectUpload)
        /// A file that becomes an object.
        case scratch(ScratchFile)
    }

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - place: `-` is standard output.
    ///   - format: Of the file.
    ///   - names: Of its columns, for formats that have names.
    ///   - objects: The server's objects, for s3:// places.
    /// - Throws: `CleanFailure`, `ParquetError`.
    init(
        _ place: DataPlace,
        _ format: DataFileFormat,
        names: [String]?,
        _ objects: @escaping () throws -> ServerObjects
    ) throws {
        self.place = place
        self.objects = objects
        switch format {
        case .records(.csv(let options)): writer = CSVWriter<Double>(options, columnNames: names)
        case .records(let format): writer = format.writer(of: Double.self)
        case .parquet: writer = nil
        }
        switch place {
        case .local("-"):
            guard format != .parquet else {
                throw CleanFailure(message: "Parquet cannot be written to standard output. Name a file.")
            }
            output = .standardOutput
        case .local(let path):
            let folder = URL(filePath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let draft = "\(path).part"
            guard FileManager.default.createFile(atPath: draft, contents: nil),
                let handle = FileHandle(forWritingAtPath: draft)
            else { throw CleanFailure(message: "The file \(draft) cannot be written.") }
            output = .file(handle, draft: draft, path: path)
        case .object(let bucket, let key):
            output =
                format == .parquet
                ? .scratch(try ScratchFile()) : .object(ObjectUpload(bucket: bucket, key: key, objects))
        }
        guard format == .parquet else { return }
        let path =
            switch output {
            case .file(_, let draft, _): draft
            case .scratch(let scratch): scratch.path
            case .standardOutput, .object: ""
            }
        parquet = try ParquetWriter<Double>(
            path: path,
            columnNames: names,
            environment: RowStream.parquetEnvironment()
        )
    }

    /// Adds rows.
    func write(_ batch: RecordBatch<Double>) async throws {
        rowCount += batch.rowCount
        guard !isParquet else {
            try parquet?.write(batch)
            return
        }
        var bytes: [UInt8] = []
        do throws(DataFormatError) { try writer?.write(batch, into: &bytes) } catch {
            throw error.located(in: place.description, after: 0)
        }
        try await emit(bytes)
    }

    /// Completes the file.
    func finish() async throws {
        if let parquet = parquet.take() {
            try parquet.finish()
        } else {
            var bytes: [UInt8] = []
            writer?.finish(into: &bytes)
            try await emit(bytes)
        }
        switch output {
        case .standardOutput: break
        case .file(let handle, let draft, let path):
            try handle.close()
            guard rename(draft, path) == 0 else {
                throw CleanFailure(message: "\(draft) cannot be renamed: \(String(cString: strerror(errno)))")
            }
        case .object(let upload): try await upload.finish()
        case .scratch(let scratch):
            guard case .object(let bucket, let key) = place else { return }
            let upload = ObjectUpload(bucket: bucket, key: key, objects)
            try scratch.handle.seek(toOffset: 0)
            while let piece = try scratch.handle.read(upToCount: 1 << 20), !piece.isEmpty {
                try await upload.write(Array(piece))
            }
            try await upload.finish()
        }
    }

    /// Leaves nothing behind of a file that did not become whole.
    func discard() async {
        _ = parquet.take()
        switch output {
        case .standardOutput, .scratch: break
        case .file(_, let draft, _): unlink(draft)
        case .object(let upload): await upload.discard()
        }
    }

    private func emit(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty else { return }
        switch output {
        case .standardOutput: try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        case .file(let handle, _, _): try handle.write(contentsOf: Data(bytes))
        case .object(let upload): try await upload.write(bytes)
        case .scratch: break
        }
    }
}

/// An object that is written piece by piece: at once if it is small, in parts otherwise.
final class ObjectUpload {
    private static let partSize = 16 << 20
    private let bucket: String
    private let key: String
    private let objects: () throws -> ServerObjects
    private var pending: [UInt8] = []
    private var upload: String?
    private var parts: [String] = []

    init(bucket: String, key: String, _ objects: @escaping () throws -> ServerObjects) {
        self.bucket = bucket
        self.key = key
        self.objects = objects
    }

    func write(_ bytes: [UInt8]) async throws {
        pending += bytes
        guard pending.count >= Self.partSize else { return }
        try await sendPart()
    }

    func finish() async throws {
        guard let upload else {
            try await objects().put(pending, bucket, key)
            return
        }
        if !pending.isEmpty { try await sendPart() }
        try await objects().completeUpload(upload, parts: parts, bucket, key)
    }

    func discard() async {
        guard let upload else { return }
        do { try await objects().abortUpload(upload, bucket, key) } catch {
            Screen.note("The upload to s3://\(bucket)/\(key) could not be given up: \(error)")
        }
    }

    private func sendPart() async throws {
        let id: String
        if let upload { id = upload } else { id = try await objects().beginUpload(bucket, key) }
        upload = id
        parts.append(try await objects().putPart(parts.count + 1, of: id, pending, bucket, key))
        pending = []
    }
}
