import DataFormats
import Estimators
import Testing

@Suite(.enabled(if: Fixtures.hasLibrary, "libxgboost.so is not here: make setup"))
struct BoostingTests {
    private func hyperparameters(_ more: [String: String] = [:]) throws -> XGBoostHyperparameters {
        let base = ["num_round": "8", "objective": "binary:logistic", "max_depth": "3", "nthread": "1"]
        return try XGBoostHyperparameters(base.merging(more) { $1 }, release: .current)
    }

    private func train(
        _ more: [String: String] = [:],
        table: RecordBatch<Float> = Fixtures.table(rows: 400, seed: 1),
        from checkpoint: [UInt8]? = nil,
        observe: (BoostingRun.Event) throws -> BoostingRun.Decision = { _ in .goOn }
    ) throws -> (model: [UInt8], ending: BoostingRun.Ending) {
        let train = try TrainingMatrix(table, threads: 1)
        let validation: TrainingMatrix? = try TrainingMatrix(
            Fixtures.table(rows: 200, seed: 2),
            threads: 1
        )
        var run = BoostingRun(try hyperparameters(more), hasValidation: true)
        return try run.train(train, validation: validation, from: checkpoint, observe: observe)
    }

    @Test func `every round is reported with each metric on each data set`() throws {
        var lines: [String] = []
        _ = try train(["eval_metric": "logloss,accuracy"]) { event in
            if case .evaluated(let round, let values) = event {
                lines.append(Evaluation.logLine(round: round, values))
            }
            return .goOn
        }
        #expect(lines.count == 8)
        let pattern =
            /\[0\]#011train-logloss:0\.\d{5}#011train-accuracy:\d\.\d{5}#011validation-logloss:0\.\d{5}#011validation-accuracy:\d\.\d{5}/
        #expect(try pattern.wholeMatch(in: #require(lines.first)) != nil)
    }

    @Test func `in-place predictions equal those of a matrix`() throws {
        let table = Fixtures.table(rows: 300, seed: 5)
        let model = try train().model
        let booster = try ModelFile.load(model)
        let matrix = try TrainingMatrix(table, threads: 1)
        let expected = try booster.predict(matrix)
        let predicting = try PredictingModel(ModelFile.load(model))
        let features = table.dense
        #expect(try predicting.predict(features, .value) == expected)
        #expect(
            try predicting.predict(features, .value, range: 10..<20).values == Array(expected.values[10..<20])
        )
        #expect(predicting.objective == "binary:logistic")
        #expect(predicting.featureCount == 4)
    }

    @Test func `sparse rows predict like dense ones with gaps`() throws {
        let predicting = try PredictingModel(ModelFile.load(train().model))
        let sparse = try LibSVMParser<Float>(LibSVMOptions())
            .parse(block: Array("0 0:0.9 2:0.5\n0 3:0.25\n0\n".utf8).span).batch.sparse
        let dense = DenseRows<Float>(
            values: [0.9, .nan, 0.5, .nan, .nan, .nan, .nan, 0.25, .nan, .nan, .nan, .nan],
            columnCount: 4
        )
        #expect(try predicting.predict(sparse, .value) == predicting.predict(dense, .value))
    }

    @Test func `many threads ask one model`() async throws {
        let predicting = try PredictingModel(ModelFile.load(train().model))
        let features = Fixtures.table(rows: 64, seed: 8).dense
        let expected = try predicting.predict(features, .value)
        let answers = try await withThrowingTaskGroup(of: Predictions.self) { group in
            for _ in 0..<200 { group.addTask { @concurrent in try predicting.predict(features, .value) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0 == expected })
    }

    @Test func `early stopping keeps the rounds up to the best`() throws {
        // Rare splits overfit the small table at once.
        let result = try train(
            [
                "early_stopping_rounds": "3", "eval_metric": "logloss", "num_round": "200", "eta": "1",
                "max_depth": "8",
            ],
            table: Fixtures.table(rows: 60, seed: 3)
        )
        guard case .bestRound(let best, _) = result.ending else {
            Issue.record("ended with \(result.ending)")
            return
        }
        #expect(try ModelFile.load(result.model).roundCount == best + 1)
        #expect(best < 190)
    }

    @Test func `a run goes on from a checkpoint as if it had never stopped`() throws {
        let whole = try train().model
        let half = try train(["num_round": "3"]).model
        var rounds: [Int] = []
        let resumed = try train(from: half) { event in
            if case .evaluated(let round, _) = event { rounds.append(round) }
            return .goOn
        }
        #expect(rounds == [3, 4, 5, 6, 7])
        let features = Fixtures.table(rows: 100, seed: 6).dense
        let expected = try PredictingModel(ModelFile.load(whole)).predict(features, .value).values
        let found = try PredictingModel(ModelFile.load(resumed.model)).predict(features, .value).values
        #expect(zip(expected, found).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func `who asks to end gets the model so far`() throws {
        let result = try train { event in
            if case .boosted(round: 2, _) = event { return .finish }
            return .goOn
        }
        #expect(result.ending == .asked)
        #expect(try ModelFile.load(result.model).roundCount == 3)
    }

    @Test(arguments: ["gbtree", "gblinear", "dart"])
    func `every booster trains and predicts`(booster: String) throws {
        let model = try train(["booster": booster]).model
        let predicting = try PredictingModel(ModelFile.load(model))
        let predictions = try predicting.predict(Fixtures.table(rows: 10, seed: 4).dense, .value)
        #expect(predictions.values.allSatisfy { (0...1).contains($0) })
    }

    @Test func `a multi-class model answers a list per row`() throws {
        let model = try train(["objective": "multi:softprob", "num_class": "2"]).model
        let predicting = try PredictingModel(ModelFile.load(model))
        let predictions = try predicting.predict(Fixtures.table(rows: 10, seed: 4).dense, .value)
        #expect(predictions.isList && predictions.width == 2 && predictions.rowCount == 10)
        #expect(predicting.classCount == 2)
    }

    @Test func `a complaint of the library comes without its trace`() throws {
        let table = RecordBatch<Float>(
            dense: DenseRows(values: [0.5, 0.1, 0.2], columnCount: 1),
            labels: [3, 0, 1],
            labelCount: 1
        )
        let error = try #require(throws: XGBoostError.self) { try train(table: table) }
        #expect(error.description.contains("must be in"))
        #expect(!error.description.contains("Stack trace"))
    }

    @Test func `infinite features are refused`() throws {
        let error = try #require(throws: XGBoostError.self) {
            _ = try TrainingMatrix(
                RecordBatch<Float>(
                    dense: DenseRows(values: [.infinity], columnCount: 1),
                    labels: [1],
                    labelCount: 1
                ),
                threads: 1
            )
        }
        #expect(error.description.contains("inf"))
    }

    @Test func `what is no model is refused`() {
        for bytes in [[], Array("hello".utf8), Array("{\"a\":1}".utf8), [UInt8](repeating: 0, count: 500)] {
            #expect(throws: ModelFileError.self) { _ = try ModelFile.load(bytes) }
        }
    }
}
