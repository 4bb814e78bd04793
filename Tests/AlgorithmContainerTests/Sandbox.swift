import AlgorithmContainer
import DataFormats
import Estimators
import Foundation
import ParquetBridge
import Synchronization

/// A stand-in for `/opt/ml`, removed with the value that owns it.
final class Sandbox: Sendable {
    let folders: ContainerFolders
    private let lines = Mutex<[String]>([])

    init() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "clary-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        folders = ContainerFolders(root: root)
    }

    deinit { try? FileManager.default.removeItem(atPath: folders.root) }

    /// Whether the library can be loaded here; `make setup` fetches it.
    static let hasLibrary: Bool = {
        let candidates = XGBoostLibrary.candidates(environment: environment, executable: executable)
        return (try? XGBoostLibrary.load(from: candidates)) != nil
    }()

    /// Where pyarrow is; `make setup` fetches it.
    static let parquet = try? ParquetEnvironment.find(
        in: ParquetEnvironment.candidates(environment: environment, executable: executable)
    )

    static let environment = ProcessInfo.processInfo.environment

    static var executable: String {
        let path = ProcessInfo.processInfo.arguments[0]
        return path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    func write(_ text: String, to path: String) throws {
        let url = URL(filePath: "\(folders.root)/\(path)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        try write("", to: path)
        try Data(bytes).write(to: URL(filePath: "\(folders.root)/\(path)"))
    }

    func text(of path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(folders.root)/\(path)")), as: UTF8.self)
    }

    func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folders.root)/\(path)").sorted()
    }

    func move(_ path: String, to target: String, copying: Bool = false) throws {
        let (from, to) = ("\(folders.root)/\(path)", "\(folders.root)/\(target)")
        if copying {
            try FileManager.default.copyItem(atPath: from, toPath: to)
        } else {
            try FileManager.default.moveItem(atPath: from, toPath: to)
        }
    }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: "\(folders.root)/\(path)")
    }

    /// Writes the configuration files of a job.
    func configure(
        _ hyperparameters: [String: String],
        channels: [String: String],
        hosts: [String] = ["algo-1"],
        inputMode: String = "File"
    ) throws {
        func json(_ value: some Encodable) throws -> String {
            String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
        }
        try write(json(hyperparameters), to: "input/config/hyperparameters.json")
        let inputs = channels.mapValues {
            ["ContentType": $0, "TrainingInputMode": inputMode].filter { !$0.value.isEmpty }
        }
        try write(json(inputs), to: "input/config/inputdataconfig.json")
        let hosts = try json(hosts)
        try write("{\"current_host\":\"algo-1\",\"hosts\":\(hosts)}", to: "input/config/resourceconfig.json")
    }

    /// Runs `train` on what was written.
    func train(_ environment: [String: String] = [:]) async -> Int32 {
        await XGBoostTraining.run(
            folders: folders,
            environment: Self.environment.merging(environment) { $1 },
            executable: Self.executable,
            log: log
        )
    }

    var log: ContainerLog { ContainerLog { line in self.lines.withLock { $0.append(line) } } }

    var logLines: [String] { lines.withLock(\.self) }
}

/// Rows of a rule that trees find at once: the label is 1 where the first feature exceeds 5.
enum SmallData {
    static let csv = (0..<12).map { "\($0 > 5 ? 1 : 0),\($0),\(($0 * 7) % 5)\n" }.joined()
    static let libSVM = (0..<12).map { "\($0 > 5 ? 1 : 0) 1:\($0) 2:\(($0 * 7) % 5)\n" }.joined()
    static let batch = RecordBatch<Float>(
        dense: DenseRows(values: (0..<12).flatMap { [Float($0), Float(($0 * 7) % 5)] }, columnCount: 2),
        labels: (0..<12).map { $0 > 5 ? 1 : 0 },
        labelCount: 1
    )
    /// The same rows as RecordIO-protobuf.
    static func recordIO(isSparse: Bool = false, labels: Bool = true) throws -> [UInt8] {
        let values = (0..<12).flatMap { [Float($0), Float(($0 * 7) % 5)] }
        let table = RecordBatch<Float>(
            dense: DenseRows(values: values, columnCount: 2),
            labels: labels ? (0..<12).map { $0 > 5 ? 1 : 0 } : [],
            labelCount: labels ? 1 : 0
        )
        var writer = RecordIOWriter<Float>(RecordIOOptions())
        var bytes: [UInt8] = []
        try writer.write(isSparse ? table.sparsified() : table, into: &bytes)
        return bytes
    }

    static let hyperparameters = [
        "num_round": "3", "objective": "binary:logistic", "eval_metric": "logloss", "min_child_weight": "0",
        "nthread": "1",
    ]
}
