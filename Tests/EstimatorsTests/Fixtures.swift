import DataFormats
import Estimators
import Foundation

/// What the tests of the real library need.
enum Fixtures {
    /// Whether the library can be loaded here; `make setup` fetches it.
    static let hasLibrary: Bool = {
        let executable = ProcessInfo.processInfo.arguments[0]
        let path =
            executable.hasPrefix("/")
            ? executable : FileManager.default.currentDirectoryPath + "/" + executable
        let candidates = XGBoostLibrary.candidates(
            environment: ProcessInfo.processInfo.environment,
            executable: path
        )
        return (try? XGBoostLibrary.load(from: candidates)) != nil
    }()

    /// A table of four features with a label, of which the first decides.
    static func table(rows: Int, seed: UInt64) -> RecordBatch<Float> {
        var state = seed
        func uniform() -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 24)
        }
        var (labels, values): ([Float], [Float]) = ([], [])
        for _ in 0..<rows {
            let features = (0..<4).map { _ in uniform() }
            labels.append(features[0] + 0.2 * uniform() > 0.6 ? 1 : 0)
            values += features
        }
        return RecordBatch(dense: DenseRows(values: values, columnCount: 4), labels: labels, labelCount: 1)
    }
}
