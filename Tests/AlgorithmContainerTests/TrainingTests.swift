import AlgorithmContainer
import DataFormats
import Estimators
import Foundation
import ParquetBridge
import Testing

@Suite(.enabled(if: Sandbox.hasLibrary, "libxgboost.so is not here: make setup"))
struct TrainingTests {
    private func sandbox(
        _ more: [String: String] = [:],
        train: String = SmallData.csv,
        type: String = "text/csv"
    ) throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.configure(SmallData.hyperparameters.merging(more) { $1 }, channels: ["train": type])
        try sandbox.write(train, to: "input/data/train/part-0")
        return sandbox
    }

    @Test(arguments: [
        ("text/csv", SmallData.csv, 2), ("text/csv;label_size=1", SmallData.csv, 2),
        ("", SmallData.libSVM, 3),
    ])
    func `a job leaves a model and the container's log lines`(
        type: String,
        data: String,
        columns: Int
    ) async throws {
        let sandbox = try sandbox(train: data, type: type)
        #expect(await sandbox.train() == 0)
        #expect(try sandbox.names(in: "model") == ["xgboost-model"])
        let lines = sandbox.logLines
        #expect(lines.contains { $0.hasSuffix(":INFO] Running XGBoost Sagemaker in algorithm mode") })
        #expect(lines.contains { $0.hasSuffix(":INFO] Train matrix has 12 rows and \(columns) columns") })
        #expect(lines.contains { $0.wholeMatch(of: /\[2\]#011train-logloss:0\.\d{5}/) != nil })
    }

    @Test(arguments: [false, true])
    func `records of RecordIO-protobuf train the model that csv does`(isSparse: Bool) async throws {
        let sandbox = try sandbox(type: "application/x-recordio-protobuf")
        try sandbox.write(SmallData.recordIO(isSparse: isSparse), to: "input/data/train/part-0")
        #expect(await sandbox.train() == 0)
        let lines = sandbox.logLines
        #expect(lines.contains { $0.hasSuffix("Train matrix has 12 rows and 2 columns") })
        let csv = try self.sandbox()
        #expect(await csv.train() == 0)
        let scores = [lines, csv.logLines].map { $0.filter { $0.contains("train-logloss") } }
        #expect(scores[0].count == 3)
        if !isSparse { #expect(scores[0] == scores[1]) }
    }

    @Test func `records come through a pipe`() async throws {
        let sandbox = try Sandbox()
        try sandbox.configure(
            SmallData.hyperparameters,
            channels: ["train": "application/x-recordio-protobuf"],
            inputMode: "Pipe"
        )
        try sandbox.write("", to: "input/data/note")
        let path = sandbox.folders.pipe("train")
        #expect(path.hasSuffix("/input/data/train_0"))
        try #require(mkfifo(path, 0o600) == 0)
        let bytes = try SmallData.recordIO()
        let writer = Thread {
            guard let pipe = FileHandle(forWritingAtPath: path) else { return }
            for start in stride(from: 0, to: bytes.count, by: 37) {
                pipe.write(Data(bytes[start..<min(start + 37, bytes.count)]))
            }
            try? pipe.close()
        }
        writer.start()
        #expect(await sandbox.train() == 0)
        #expect(sandbox.logLines.contains { $0.hasSuffix("Train matrix has 12 rows and 2 columns") })
    }

    @Test(.enabled(if: Sandbox.parquet != nil, "pyarrow is not here: make setup"))
    func `Parquet is read`() async throws {
        let sandbox = try sandbox(type: "application/x-parquet")
        let file = "\(sandbox.folders.root)/input/data/train/part-0"
        var writer = try ParquetWriter<Float>(path: file, environment: #require(Sandbox.parquet))
        try writer.write(SmallData.batch)
        try writer.finish()
        #expect(await sandbox.train() == 0)
        #expect(sandbox.logLines.contains { $0.hasSuffix("Train matrix has 12 rows and 2 columns") })
        try sandbox.write("x", to: "input/data/train/part-1")
        #expect(await sandbox.train() == 2)
        #expect(try sandbox.text(of: "output/failure").contains("'PARQUET' format: file 'part-1'"))
    }

    @Test func `what is wrong with records is said with file and number`() async throws {
        let type = "application/x-recordio-protobuf"
        let damaged = try sandbox(type: type)
        let bytes = try SmallData.recordIO()
        try damaged.write(bytes.dropLast(3) + [], to: "input/data/train/part-0")
        #expect(await damaged.train() == 2)
        let text = try damaged.text(of: "output/failure")
        #expect(text.contains("file 'part-0', record 12: the record is cut off"))
        let unlabelled = try sandbox(type: type)
        try unlabelled.write(SmallData.recordIO(labels: false), to: "input/data/train/part-0")
        #expect(await unlabelled.train() == 2)
        #expect(try unlabelled.text(of: "output/failure").contains("Got input data without labels."))
    }

    @Test(arguments: [
        ("text/csv", "Pipe mode for CSV is no longer supported."), ("", "not supported for LibSVM."),
    ])
    func `other formats are refused from a pipe`(type: String, message: String) async throws {
        let sandbox = try Sandbox()
        try sandbox.configure(SmallData.hyperparameters, channels: ["train": type], inputMode: "Pipe")
        #expect(await sandbox.train() == 2)
        #expect(try sandbox.text(of: "output/failure").contains(message))
    }

    @Test func `all files of a channel are read, also in folders`() async throws {
        let sandbox = try sandbox()
        try sandbox.write(SmallData.csv, to: "input/data/train/a/b/part-1")
        try sandbox.write("not data", to: "input/data/train/_SUCCESS")
        #expect(await sandbox.train() == 0)
        #expect(sandbox.logLines.contains { $0.hasSuffix("Train matrix has 24 rows and 2 columns") })
    }

    @Test func `a validation channel is evaluated and may stop the training`() async throws {
        let sandbox = try sandbox(["num_round": "60", "early_stopping_rounds": "2", "eval_metric": "error"])
        try sandbox.configure(
            SmallData.hyperparameters.merging(
                ["num_round": "60", "early_stopping_rounds": "2", "eval_metric": "error"]) { $1 },
            channels: ["train": "csv", "validation": "csv"]
        )
        try sandbox.write(SmallData.csv, to: "input/data/validation/v.csv")
        #expect(await sandbox.train() == 0)
        let rounds = sandbox.logLines.filter { $0.contains("#011validation-error:") }
        #expect(!rounds.isEmpty && rounds.count < 60)
    }

    @Test(arguments: [
        ("1,2\n0,x\n", 2, "'CSV' format: file 'part-0', line 2, column 2: 'x' is not a number"),
        ("1,2\n0,3,4\n", 2, "file 'part-0', line 2: the row has 3 columns, the rows before it have 2"),
        ("label,age\n1,2\n", 2, "First line 'label,age...' of file 'part-0' is not 'CSV' format."),
        ("", 2, "No data in training channel path"),
        ("1\n0\n", 2, "Could not determine delimiter on line 1"),
        ("1,2\n7,3\n", 2, "label must be in [0,1] for logistic regression: row 2 has 7.0"),
        ("1,2\n0,inf\n", 2, "inf"),
    ])
    func `bad csv fails the job with its place`(data: String, code: Int32, message: String) async throws {
        let sandbox = try sandbox(train: data)
        #expect(await sandbox.train() == code)
        let failure = try sandbox.text(of: "output/failure")
        #expect(failure.hasPrefix("Customer Error: ") && failure.contains(message), "\(failure)")
    }

    @Test func `a corrupt libsvm line fails the job with its place`() async throws {
        let sandbox = try sandbox(train: "1 1:1\n0 2:oops\n", type: "text/libsvm")
        #expect(await sandbox.train() == 2)
        #expect(try sandbox.text(of: "output/failure").contains("file 'part-0', line 2, column 2: '2:oops'"))
    }

    @Test(arguments: [
        (["eta": "3.0"], "Hyperparameter eta: 3.0 is not in [0, 1]"),
        (["x": "1"], "Extraneous hyperparameter found: x"),
        (["early_stopping_rounds": "3"], "Hyperparameter early_stopping_rounds needs a validation channel."),
        (["_kfold": "3"], "Hyperparameter _kfold: cross validation inside one job is not available here."),
    ])
    func `bad hyperparameters fail the job`(values: [String: String], message: String) async throws {
        let sandbox = try sandbox(values)
        #expect(await sandbox.train() == 2)
        #expect(try sandbox.text(of: "output/failure").hasPrefix("Customer Error: \(message)"))
    }

    @Test(
        arguments: [
            ([:], "Missing required channel: train"),
            (["train": "text/csv", "test": "text/csv"], "Extraneous channel found: test"),
            (["train": "image/png"], "image/png is not an accepted ContentType: csv, libsvm, parquet,"),
            (["train": "text/csv;label_size=2"], "Optional parameter label_size must be equal to 1"),
            (["train": "text/csv", "validation": "text/csv"], "No data in validation channel path"),
            (
                ["train": "application/x-recordio-protobuf"],
                "not in 'RECORDIO-PROTOBUF' format: file 'part-0'"
            ),
        ] as [([String: String], String)]
    )
    func `bad channels fail the job`(channels: [String: String], message: String) async throws {
        let sandbox = try sandbox()
        try sandbox.configure(SmallData.hyperparameters, channels: channels)
        #expect(await sandbox.train() == 2)
        #expect(try sandbox.text(of: "output/failure").contains(message))
    }

    @Test func `hidden files and empty channels fail the job`() async throws {
        let hidden = try sandbox()
        try hidden.write("x", to: "input/data/train/.hidden")
        #expect(await hidden.train() == 2)
        #expect(try hidden.text(of: "output/failure").contains("Hidden file found in the data path!"))
        let empty = try Sandbox()
        try empty.configure(SmallData.hyperparameters, channels: ["train": "text/csv"])
        #expect(await empty.train() == 2)
        #expect(try empty.text(of: "output/failure").contains("No data in training channel path"))
    }

    @Test func `checkpoints are kept, five of them, and gone on from`() async throws {
        let sandbox = try sandbox(["num_round": "7"])
        try sandbox.write(
            "{\"LocalPath\":\"\(sandbox.folders.root)/state\"}",
            to: "input/config/checkpointconfig.json"
        )
        #expect(await sandbox.train() == 0)
        #expect(try sandbox.names(in: "state") == (2...6).map { "xgboost-checkpoint.\($0)" })
        try sandbox.configure(
            SmallData.hyperparameters.merging(["num_round": "9"]) { $1 },
            channels: ["train": "csv"]
        )
        #expect(await sandbox.train() == 0)
        #expect(sandbox.logLines.contains { $0.hasSuffix("Resuming from checkpoint of round 6") })
        #expect(sandbox.logLines.filter { $0.hasPrefix("[0]") }.count == 1)
        #expect(sandbox.logLines.contains { $0.hasPrefix("[8]") })
    }

    @Test func `weights come from the second column when asked for`() async throws {
        let data = "1,1,5\n1,1,6\n0,1,1\n0,1,2\n"
        let sandbox = try sandbox(["csv_weights": "1"], train: data)
        #expect(await sandbox.train() == 0)
        #expect(sandbox.logLines.contains { $0.hasSuffix("Train matrix has 4 rows and 1 columns") })
    }

    @Test func `without the library the platform is at fault and says where it looked`() async throws {
        let sandbox = try sandbox()
        #expect(await sandbox.train(["CLARY_XGBOOST_LIBRARY": "/nowhere/libxgboost.so"]) == 3)
        #expect(try sandbox.text(of: "output/failure").contains("/nowhere/libxgboost.so"))
    }
}
