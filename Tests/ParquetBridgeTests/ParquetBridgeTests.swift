import DataFormats
import Foundation
import ParquetBridge
import Testing

@Suite(.enabled(if: Bridge.environment != nil, "pyarrow is not here: make setup"))
struct ParquetBridgeTests {
    private func path(_ name: String) -> String {
        FileManager.default.temporaryDirectory.appending(path: "clary-\(UUID().uuidString)-\(name)").path
    }

    private func environment() throws -> ParquetEnvironment { try #require(Bridge.environment) }

    private func read<Element: DataElement>(
        _ path: String,
        _ type: Element.Type,
        labelCount: Int = 1,
        values: Int = 64
    ) throws -> (RecordBatch<Element>, batches: Int) {
        var reader = try ParquetReader<Element>(
            path: path,
            file: "x.parquet",
            labelCount: labelCount,
            environment: environment(),
            limit: BatchLimit(values: values)
        )
        var (all, batches) = (RecordBatch<Element>(), 0)
        while let batch = try reader.next() {
            batches += 1
            try all.append(batch)
        }
        return (all, batches)
    }

    @Test func `what is written reads back, in batches of bounded size`() throws {
        let file = path("round.parquet")
        defer { unlink(file) }
        let values = (0..<300).map { Double($0) / 7 }
        let batch = RecordBatch(
            dense: DenseRows(values: values, columnCount: 3),
            labels: (0..<100).map(Double.init),
            labelCount: 1
        )
        var writer = try ParquetWriter<Double>(path: file, environment: environment())
        try writer.write(batch)
        try writer.write(batch)
        try writer.finish()
        let (found, batches) = try read(file, Double.self)
        #expect(found.dense.values == values + values)
        #expect(found.labels == batch.labels + batch.labels)
        #expect(batches >= 200 * 4 / 64)
    }

    @Test func `missing values and the other types go through`() throws {
        let file = path("types.parquet")
        defer { unlink(file) }
        var writer = try ParquetWriter<Float>(
            path: file,
            columnNames: ["y", "a"],
            environment: environment()
        )
        try writer.write(
            RecordBatch(
                dense: DenseRows(values: [1, .nan, -3], columnCount: 1),
                labels: [0, 1, 0],
                labelCount: 1
            )
        )
        try writer.finish()
        let (floats, _) = try read(file, Float.self)
        #expect(floats.dense.values[0] == 1 && floats.dense.values[1].isNaN && floats.dense.values[2] == -3)
        #expect(throws: ParquetError.self) { try read(file, Int32.self) }
        do { _ = try read(file, Int32.self) } catch let error as ParquetError {
            #expect(
                "\(error)".hasPrefix("file 'x.parquet', record 2, column 2: the value is missing"),
                "\(error)"
            )
        }
    }

    @Test func `a file that is no Parquet, or has no features, is refused by name`() throws {
        let file = path("no.parquet")
        defer { unlink(file) }
        try Data("label,a\n1,2\n".utf8).write(to: URL(filePath: file))
        do { _ = try read(file, Float.self) } catch let error as ParquetError {
            #expect("\(error)".contains("'x.parquet'") && "\(error)".contains("no Parquet file"), "\(error)")
        }
        #expect(throws: ParquetError.self) { try read(file, Float.self) }
        #expect(throws: ParquetError.self) { try read("/nowhere.parquet", Float.self) }
    }

    @Test func `sparse rows are written with their zeros, rows of another width are refused`() throws {
        let file = path("sparse.parquet")
        defer { unlink(file) }
        var rows = SparseRows<Float>()
        rows.append(indices: [1], values: [5], columnCount: 3)
        var writer = try ParquetWriter<Float>(path: file, environment: environment())
        try writer.write(RecordBatch(sparse: rows, labels: [1], labelCount: 1))
        let wider = RecordBatch(
            dense: DenseRows<Float>(values: [1, 2, 3, 4], columnCount: 4),
            labels: [1],
            labelCount: 1
        )
        do { try writer.write(wider) } catch {
            #expect("\(error)".contains("the row has 5 columns"), "\(error)")
        }
        try writer.finish()
        #expect(try read(file, Float.self).0.dense.values == [0, 5, 0])
    }

    @Test func `without pyarrow the reason says where it was looked for`() {
        #expect(throws: ParquetError.unavailable("pyarrow is in none of /nowhere.")) {
            try ParquetEnvironment.find(in: ["/nowhere"])
        }
    }

    @Test func `the program is that of the Python package`() throws {
        let root = #filePath.components(separatedBy: "/Tests/")[0]
        let source = try String(
            contentsOfFile: "\(root)/Python/clary_runtime/clary_runtime/parquet.py",
            encoding: .utf8
        )
        #expect(ParquetProgram.text + "\n" == source, "run `make generate`")
    }
}

enum Bridge {
    static let environment: ParquetEnvironment? = {
        let info = ProcessInfo.processInfo
        let program = info.arguments[0]
        let executable =
            program.hasPrefix("/") ? program : FileManager.default.currentDirectoryPath + "/" + program
        let candidates = ParquetEnvironment.candidates(environment: info.environment, executable: executable)
        return try? ParquetEnvironment.find(in: candidates)
    }()
}
