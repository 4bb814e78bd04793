import DataFormats
import Estimators
import HTTPTypes

/// The model of an endpoint: one file, or several that answer together.
struct ServedModel: Sendable {
    private let members: [PredictingModel]
    /// Rows from which a request is spread over the processors.
    private static let sliceRows = 1024

    /// Loads the model files of a folder.
    ///
    /// - Throws: A text for the log if there is none or one cannot be loaded.
    static func load(from folder: String, isEnsemble: Bool) throws -> ServedModel {
        let files = try Files.entries(of: folder).filter { !$0.isFolder && !$0.name.hasPrefix(".") }.map(
            \.name
        )
        let chosen = isEnsemble ? files : Array(files.prefix(1))
        guard !chosen.isEmpty else { throw ModelLoadError(description: "No model file in \(folder).") }
        let members = try chosen.map { name in
            do {
                return try PredictingModel(
                    ModelFile.load(FileSource.contents(of: "\(folder)/\(name)")),
                    notes: [ServingNotes.libSVMIndexBase]
                )
            } catch { throw ModelLoadError(description: "Model \(name) cannot be loaded: \(error)") }
        }
        return try ServedModel(members)
    }

    /// - Parameter members: At least one; all of one objective.
    /// - Throws: `ModelLoadError` if they have different ones.
    init(_ members: [PredictingModel]) throws(ModelLoadError) {
        guard let first = members.first, members.allSatisfy({ $0.objective == first.objective }) else {
            throw ModelLoadError(description: "The model files have different objectives.")
        }
        self.members = members
    }

    var objective: String { members[0].objective }
    var classCount: Int { members[0].classCount }

    /// Predictions for the rows of a request: the members' mean, or their majority where they name classes.
    ///
    /// - Throws: `Refusal` with status 400 if the rows don't fit the model.
    func predict(_ rows: InferenceRows) async throws(Refusal) -> Predictions {
        var all: [Predictions] = []
        for member in members {
            do throws(XGBoostError) {
                switch rows {
                case .dense(let rows): all.append(try await predict(fitting(rows, member), with: member))
                case .sparse(let rows): all.append(try member.predict(fitting(rows, member), .value))
                case .sparseFromZero(let rows):
                    try requireWidth(rows.columnCount, member, "recordio-protobuf")
                    all.append(try member.predict(rows.limited(to: member.featureCount), .value))
                }
            } catch let failure {
                throw unfit(failure.description)
            }
        }
        return all.count == 1 ? all[0] : combine(all)
    }

    private func predict(
        _ rows: DenseRows<Float>,
        with member: PredictingModel
    ) async throws(XGBoostError) -> Predictions {
        guard rows.rowCount >= 2 * Self.sliceRows else { return try member.predict(rows, .value) }
        let starts = Array(stride(from: 0, to: rows.rowCount, by: Self.sliceRows))
        let slices = await withTaskGroup(of: (Int, Result<Predictions, XGBoostError>).self) { group in
            for start in starts {
                group.addTask { @concurrent in
                    let range = start..<min(start + Self.sliceRows, rows.rowCount)
                    return (
                        start,
                        Result { () throws(XGBoostError) in try member.predict(rows, .value, range: range) }
                    )
                }
            }
            return await group.reduce(into: [Int: Result<Predictions, XGBoostError>]()) { $0[$1.0] = $1.1 }
        }
        var whole: Predictions?
        for start in starts {
            guard let slice = try slices[start]?.get() else { continue }
            if whole == nil { whole = slice } else { whole?.values += slice.values }
        }
        return whole ?? Predictions(values: [], width: 1, isList: false)
    }

    private func fitting(
        _ rows: DenseRows<Float>,
        _ member: PredictingModel
    ) throws(XGBoostError) -> DenseRows<Float> {
        try requireWidth(rows.columnCount, member, "csv")
        return rows
    }

    private func requireWidth(_ found: Int, _ member: PredictingModel, _ format: String) throws(XGBoostError)
    {
        let expected = member.featureCount
        guard found == expected || found == expected + 1 else {
            throw .library(inconsistent(format, found, expected))
        }
    }

    private func fitting(
        _ rows: SparseRows<Float>,
        _ member: PredictingModel
    ) throws(XGBoostError) -> SparseRows<Float> {
        let expected = member.featureCount
        guard rows.columnCount <= expected + 1 else {
            throw .library(inconsistent("libsvm", rows.columnCount, expected))
        }
        // A model from libsvm data knows how its features were counted. For another one, features that
        // start at 1 or later are taken as counted from 1.
        let isShifted = member.note(ServingNotes.libSVMIndexBase) == nil && (rows.smallestIndex ?? 0) >= 1
        return (isShifted ? rows.countedFromZero() : rows).limited(to: expected)
    }

    private func inconsistent(_ format: String, _ found: Int, _ expected: Int) -> String {
        "Feature size of \(format) inference data \(found) is not consistent with feature size of trained model "
            + "\(expected)."
    }

    private func unfit(_ reason: String) -> Refusal {
        Refusal(status: .badRequest, message: "Unable to evaluate payload provided: \(reason)")
    }

    private func combine(_ all: [Predictions]) -> Predictions {
        var combined = all[0]
        for index in combined.values.indices {
            let votes = all.map { $0.values[index] }
            combined.values[index] =
                ["multi:softmax", "binary:hinge"].contains(objective)
                ? majority(votes) : votes.reduce(0, +) / Float(votes.count)
        }
        return combined
    }

    /// The value that occurs most often; the smallest of them if there are several.
    private func majority(_ votes: [Float]) -> Float {
        var counts: [Float: Int] = [:]
        for vote in votes { counts[vote, default: 0] += 1 }
        return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? .nan
    }
}

/// Why an endpoint has no model.
struct ModelLoadError: Error, CustomStringConvertible {
    let description: String
}
