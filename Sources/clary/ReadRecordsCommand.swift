import ArgumentParser
import DataFormats
import Foundation
import Glibc

/// `clary read-records`: reads a file as the algorithms do and says what it cost, or writes what it read; for `make
/// bench` and the tests.
struct ReadRecordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read-records",
        abstract:
            "Read a file of records into batches and print what it took, or the records in another format.",
        shouldDisplay: false
    )

    @Option(help: "The format's name or content type.")
    var format: String

    @Option(help: "Type of the numbers: float32, float64 or int32.")
    var element = "float32"

    @Option(help: "Write the records to standard output in this format.")
    var to: String?

    @Option(help: "How often the file is read.")
    var turns = 1

    @Argument(help: "The file.")
    var file: String

    func run() throws {
        switch ElementType(rawValue: element) {
        case .float32: try run(Float.self)
        case .float64: try run(Double.self)
        case .int32: try run(Int32.self)
        case nil: throw ValidationError("'\(element)' is none of float32, float64 and int32.")
        }
    }

    private func run<Element: DataElement>(_ type: Element.Type) throws {
        let format = try DataFormat(contentType: format, labelCount: 0)
        if let to { return try convert(format, DataFormat(contentType: to, labelCount: 0), type) }
        let idle = try Self.memory("VmRSS")
        var best = Double.infinity
        var (rows, sum) = (0, 0.0)
        for _ in 0..<turns {
            let start = Self.processorSeconds()
            (rows, sum) = try read(format, type)
            best = min(best, Self.processorSeconds() - start)
        }
        print(
            """
            {"rows":\(rows),"sum":\(sum),"cpuSeconds":\(best),"idleBytes":\(idle),\
            "peakBytes":\(try Self.memory("VmHWM"))}
            """
        )
    }

    /// - Returns: Rows, and the sum of the first value of each batch, so that reading is not for nothing.
    private func read<Element: DataElement>(
        _ format: DataFormat,
        _ type: Element.Type
    ) throws -> (rows: Int, sum: Double) {
        var source = try DescriptorSource(path: file)
        var reader = RecordReader<Element>(format, file: file)
        var (rows, sum) = (0, 0.0)
        while let batch = try reader.next(from: &source) {
            rows += batch.rowCount
            sum += (batch.dense.values.first ?? batch.sparse.values.first)?.double ?? 0
        }
        return (rows, sum)
    }

    private func convert<Element: DataElement>(
        _ format: DataFormat,
        _ target: DataFormat,
        _ type: Element.Type
    ) throws {
        var source = try DescriptorSource(path: file)
        var reader = RecordReader<Element>(format, file: file)
        var writer = target.writer(of: type)
        var bytes: [UInt8] = []
        while let batch = try reader.next(from: &source) {
            try writer.write(batch, into: &bytes)
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
            bytes.removeAll(keepingCapacity: true)
        }
        writer.finish(into: &bytes)
        try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    }

    /// What the process has cost, which `clock` counts in microseconds (POSIX).
    private static func processorSeconds() -> Double { Double(clock()) / 1e6 }

    /// A line of `/proc/self/status`, in bytes.
    private static func memory(_ key: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(key):") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
}

/// A file, read in pieces.
private final class DescriptorSource: ByteSource {
    private let handle: FileHandle

    init(path: String) throws { handle = try FileHandle(forReadingFrom: URL(filePath: path)) }

    func read(into buffer: inout [UInt8], atMost count: Int) throws -> Int {
        var status = 0
        buffer.append(addingCapacity: count) { space in
            space.withUnsafeMutableBufferPointer { pointer, initialised in
                guard let base = pointer.baseAddress else { return }
                repeat {
                    status = Glibc.read(handle.fileDescriptor, base + initialised, count)
                } while status < 0 && errno == EINTR
                initialised += max(status, 0)
            }
        }
        guard status >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return status
    }
}
