import AsyncHTTPClient
import DataFormats
import Foundation
import NIOCore
import ParquetBridge

/// The rows of one file, a batch at a time.
struct RowStream {
    /// The next batch; nil at the end.
    let next: () async throws -> RecordBatch<Double>?
    /// Names of the columns, labels first, once a batch has been read.
    let names: () -> [String]?

    /// Values of a batch: some megabytes of float64.
    static let limit = BatchLimit(rows: 16_384, values: 1 << 19)

    /// Opens a file.
    ///
    /// - Throws: `CleanFailure`, `ParquetError`.
    static func open(
        _ place: DataPlace,
        _ input: DataInput,
        _ objects: () throws -> ServerObjects
    ) async throws -> RowStream {
        switch (try input.format(of: place.name), place) {
        case (.records(let format), .local(let path)):
            guard let file = FileHandle(forReadingAtPath: path) else {
                throw CleanFailure(message: "The file \(path) cannot be read.")
            }
            return stream(format, place) { try file.read(upToCount: 1 << 20).map { Array($0) } }
        case (.records(let format), .object(let bucket, let key)):
            var body = try await objects().content(bucket, key).makeAsyncIterator()
            return stream(format, place) {
                try await body.next(isolation: #isolation).map { Array($0.readableBytesView) }
            }
        case (.parquet, .local(let path)):
            return try parquet(path, place, input, scratch: nil)
        case (.parquet, .object(let bucket, let key)):
            // Parquet's directory is at its end, so that the file is needed as a whole.
            let scratch = try ScratchFile()
            for try await piece in try await objects().content(bucket, key) {
                try scratch.handle.write(contentsOf: Data(piece.readableBytesView))
            }
            return try parquet(scratch.path, place, input, scratch: scratch)
        }
    }

    private static func stream(
        _ format: DataFormat,
        _ place: DataPlace,
        _ read: @escaping () async throws -> [UInt8]?
    ) -> RowStream {
        let box = Box(RecordReader<Double>(format, file: place.description, limit: limit))
        return RowStream(
            next: {
                guard !box.isAtEnd else { return nil }
                while true {
                    if let batch = try box.value.next() { return batch }
                    guard !box.isFinished else {
                        box.isAtEnd = true
                        return nil
                    }
                    if let bytes = try await read(), !bytes.isEmpty {
                        if box.isFirst, bytes.starts(with: [0x1F, 0x8B]) {
                            let name = place.description
                            throw CleanFailure(message: "\(name) is compressed. Use gunzip first.")
                        }
                        box.isFirst = false
                        box.value.append(bytes.span)
                    } else {
                        box.isFinished = true
                        box.value.finish()
                    }
                }
            },
            names: { box.value.columnNames }
        )
    }

    private static func parquet(
        _ path: String,
        _ place: DataPlace,
        _ input: DataInput,
        scratch: ScratchFile?
    ) throws -> RowStream {
        let box = ParquetBox(
            try ParquetReader<Double>(
                path: path,
                file: place.description,
                labelCount: input.labelCount,
                environment: try Self.parquetEnvironment(),
                limit: limit
            ),
            scratch
        )
        return RowStream(next: { try box.reader.next() }, names: { box.reader.columnNames })
    }

    /// Where pyarrow is; installed now if it is nowhere.
    static func parquetEnvironment() throws -> ParquetEnvironment {
        try ParquetEnvironment.findOrInstall(
            environment: ProcessInfo.processInfo.environment,
            executable: ExecutablePath.current,
            note: { Screen.note($0) }
        )
    }

    private final class Box {
        var value: RecordReader<Double>
        var isFirst = true
        var isFinished = false
        var isAtEnd = false

        init(_ value: RecordReader<Double>) { self.value = value }
    }

    private final class ParquetBox {
        var reader: ParquetReader<Double>
        private let scratch: ScratchFile?

        init(_ reader: consuming ParquetReader<Double>, _ scratch: ScratchFile?) {
            self.reader = reader
            self.scratch = scratch
        }
    }
}

/// A file that goes with the value that owns it.
final class ScratchFile {
    let path: String
    let handle: FileHandle

    init() throws {
        let folder = FileManager.default.temporaryDirectory
        path = folder.appending(path: "clary-data-\(UUID().uuidString)").path
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forUpdatingAtPath: path)
        else { throw CleanFailure(message: "No file can be made in \(folder.path).") }
        self.handle = handle
    }

    deinit { unlink(path) }
}
