import AlgorithmContainer
import DataFormats
import HTTPServing
import HTTPTypes
import NIOCore
import Testing

@Suite(.enabled(if: Sandbox.hasLibrary, "libxgboost.so is not here: make setup"))
struct ServingTests {
    /// A trained model behind the HTTP interface.
    private func responder(
        _ more: [String: String] = [:],
        environment: [String: String] = [:]
    ) async throws -> XGBoostResponder {
        let sandbox = try Sandbox()
        try sandbox.configure(SmallData.hyperparameters.merging(more) { $1 }, channels: ["train": "text/csv"])
        try sandbox.write(SmallData.csv, to: "input/data/train/part-0")
        try #require(await sandbox.train() == 0)
        return try XGBoostServing.responder(
            folders: sandbox.folders,
            environment: Sandbox.environment.merging(environment) { $1 },
            executable: Sandbox.executable,
            log: sandbox.log
        )
    }

    private func call(
        _ responder: XGBoostResponder,
        _ body: ByteBuffer,
        type: String? = "text/csv",
        accept: String? = nil,
        path: String = "/invocations",
        method: HTTPRequest.Method = .post
    ) async throws -> (status: Int, type: String?, body: String) {
        var head = HTTPRequest(method: method, scheme: nil, authority: nil, path: path)
        head.headerFields[.contentType] = type
        head.headerFields[.accept] = accept
        let request = ServerRequest(head: head, body: BodyStream(body))
        let response = try await responder.respond(to: request)
        guard case .bytes(let bytes) = response.body else { return (response.status.code, nil, "") }
        return (response.status.code, response.headers[.contentType], String(buffer: bytes))
    }

    private func call(
        _ responder: XGBoostResponder,
        _ body: String,
        type: String? = "text/csv",
        accept: String? = nil,
        path: String = "/invocations",
        method: HTTPRequest.Method = .post
    ) async throws -> (status: Int, type: String?, body: String) {
        try await call(
            responder,
            ByteBuffer(string: body),
            type: type,
            accept: accept,
            path: path,
            method: method
        )
    }

    @Test func `records are asked and answered with`() async throws {
        let responder = try await responder()
        let type = "application/x-recordio-protobuf"
        let scores = try await call(responder, "1,2\n9,3").body.split(separator: ",").compactMap { Float($0) }
        var writer = RecordIOWriter<Float>(RecordIOOptions())
        var body: [UInt8] = []
        try writer.write(
            RecordBatch(dense: DenseRows(values: [1, 2, 9, 3], columnCount: 2)),
            into: &body
        )
        let asked = try await call(responder, ByteBuffer(bytes: body), type: type)
        #expect(asked.status == 200)
        #expect(asked.body.split(separator: ",").compactMap { Float($0) } == scores)
        let answered = try await call(responder, "1,2\n9,3", accept: type)
        #expect(answered.type == type)
        // One frame per row, each with one float32 under the label `score`.
        #expect(answered.body.split(separator: "score").count == 3)
        let cut = try await call(responder, ByteBuffer(bytes: body.dropLast(1)), type: type)
        #expect(cut.status == 415 && cut.body.contains("record 2: the record is cut off"))
    }

    @Test func `the container is healthy and says what it can take`() async throws {
        let responder = try await responder()
        #expect(try await call(responder, "", path: "/ping", method: .get).status == 200)
        let parameters = try await call(responder, "", path: "/execution-parameters", method: .get)
        #expect(parameters.body.hasSuffix("\"BatchStrategy\":\"MULTI_RECORD\",\"MaxPayloadInMB\":6}"))
        #expect(try await call(responder, "", path: "/nothing", method: .get).status == 404)
        #expect(try await call(responder, "", path: "/invocations", method: .get).status == 405)
    }

    @Test func `each form holds the same scores`() async throws {
        let responder = try await responder()
        let csv = try await call(responder, "1,2\n9,3")
        #expect(csv.status == 200 && csv.type == "text/csv")
        let scores = csv.body.split(separator: ",").compactMap { Double($0) }
        try #require(scores.count == 2)
        #expect(scores[0] < 0.5 && scores[1] > 0.5)
        let json = try await call(responder, "1,2\n9,3\n", accept: "application/json")
        #expect(json.body == "{\"predictions\":[{\"score\":\(scores[0])},{\"score\":\(scores[1])}]}")
        let lines = try await call(responder, "1;2\r\n9;3\r\n", accept: "application/jsonlines;q=1")
        #expect(lines.body == "{\"score\":\(scores[0])}\n{\"score\":\(scores[1])}\n")
        #expect(try await call(responder, "1,2\n9,3", accept: "*/*").body == csv.body)
        let libSVM = try await call(responder, "0 1:1 2:2\n0 1:9 2:3\n", type: "text/libsvm")
        #expect(libSVM.body == csv.body)
        #expect(try await call(responder, "0:1 1:2\n0:9 1:3\n", type: "text/x-libsvm").body == csv.body)
    }

    @Test(
        arguments: [
            (
                "1,2,3,4", "text/csv", nil, 400,
                "Unable to evaluate payload provided: Feature size of csv inference data 4 is not consistent with feature size "
                    + "of trained model 2."
            ),
            (
                "1,x", "text/csv", nil, 415,
                "Loading csv data failed with Exception, please ensure data is in csv format:"
            ),
            ("1 1:x", "text/libsvm", nil, 415, "Loading libsvm data failed with Exception"),
            ("1 9:1", "text/libsvm", nil, 400, "Feature size of libsvm inference data 10 is not consistent"),
            ("x", "image/png", nil, 415, "image/png is not an accepted ContentType"),
            ("1,2", "text/csv", "image/png", 406, "Accept type image/png is not supported."),
            ("", "text/csv", nil, 204, ""),
            (" \n", "text/csv", nil, 204, ""),
        ] as [(String, String, String?, Int, String)]
    )
    func `what cannot be answered is refused`(
        body: String,
        type: String,
        accept: String?,
        status: Int,
        message: String
    ) async throws {
        let reply = try await call(try await responder(), body, type: type, accept: accept)
        #expect(reply.status == status)
        #expect(reply.body.contains(message) || message.isEmpty, "\(reply.body)")
    }

    @Test func `a batch gets a line per prediction`() async throws {
        let reply = try await call(try await responder(environment: ["SAGEMAKER_BATCH": "true"]), "1,2\n9,3")
        #expect(reply.body.split(separator: "\n").count == 2 && reply.body.hasSuffix("\n"))
    }

    @Test func `class probabilities are a list`() async throws {
        let responder = try await responder([
            "objective": "multi:softprob", "num_class": "2", "eval_metric": "mlogloss",
        ])
        let csv = try await call(responder, "1,2\n9,3").body
        #expect(csv.wholeMatch(of: /\[0\.\d+, 0\.\d+\],\[0\.\d+, 0\.\d+\]/) != nil, "\(csv)")
        let json = try await call(responder, "1,2", accept: "application/json").body
        #expect(json.wholeMatch(of: /\{"predictions":\[\{"score":\[0\.\d+,0\.\d+\]\}\]\}/) != nil, "\(json)")
    }

    @Test func `the owner chooses what a reply holds`() async throws {
        let selection = ["SAGEMAKER_INFERENCE_OUTPUT": "predicted_label,probabilities, predicted_score"]
        let responder = try await responder(environment: selection)
        let json = try await call(responder, "9,3", accept: "application/json").body
        let expected =
            /\{"predictions":\[\{"predicted_label":1,"probabilities":\[0\.\d+,0\.\d+\],"predicted_score":NaN\}\]\}/
        #expect(json.wholeMatch(of: expected) != nil, "\(json)")
        let csv = try await call(responder, "9,3").body
        #expect(csv.wholeMatch(of: /1,"\[0\.\d+, 0\.\d+\]",nan\n/) != nil, "\(csv)")
    }

    @Test func `many rows are answered in order`() async throws {
        let responder = try await responder()
        let rows = (0..<5000).map { "\($0 % 12),\($0 % 5)" }
        let whole = try await call(responder, rows.joined(separator: "\n")).body.split(separator: ",")
        let few = try await call(responder, rows[4990...].joined(separator: "\n")).body.split(separator: ",")
        #expect(whole.count == 5000)
        #expect(Array(whole.suffix(10)) == few)
    }

    @Test func `several models answer together`() async throws {
        let sandbox = try Sandbox()
        try sandbox.configure(SmallData.hyperparameters, channels: ["train": "text/csv"])
        try sandbox.write(SmallData.csv, to: "input/data/train/part-0")
        var scores: [Double] = []
        for (name, rounds) in [("a", "1"), ("b", "3")] {
            try sandbox.configure(
                SmallData.hyperparameters.merging(["num_round": rounds]) { $1 },
                channels: ["train": "csv"]
            )
            try #require(await sandbox.train() == 0)
            try sandbox.move("model/xgboost-model", to: "\(name)")
            try sandbox.move(name, to: "model/\(name)", copying: true)
            scores.append(try await score(sandbox))
            try sandbox.remove("model/\(name)")
        }
        for name in ["a", "b"] { try sandbox.move(name, to: "model/\(name)") }
        let together = try await score(sandbox)
        #expect(abs(together - (scores[0] + scores[1]) / 2) < 1e-6)
        #expect(try await score(sandbox, ["SAGEMAKER_INFERENCE_ENSEMBLE": "false"]) == scores[0])
    }

    private func score(_ sandbox: Sandbox, _ environment: [String: String] = [:]) async throws -> Double {
        let responder = try XGBoostServing.responder(
            folders: sandbox.folders,
            environment: Sandbox.environment.merging(environment) { $1 },
            executable: Sandbox.executable,
            log: sandbox.log
        )
        return try #require(Double(try await call(responder, "9,3").body))
    }

    @Test func `without a model there is no server`() async throws {
        let sandbox = try Sandbox()
        try sandbox.write("", to: "model/.keep")
        let code = await XGBoostServing.run(
            folders: sandbox.folders,
            environment: Sandbox.environment,
            executable: Sandbox.executable,
            log: sandbox.log
        )
        #expect(code == 1)
        #expect(sandbox.logLines.contains { $0.contains("No model file in") })
    }
}
