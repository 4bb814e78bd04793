import Agent
import AgentProtocol
import Testing

@Suite struct LineSplitterTests {
    @Test
    func `lines are found across pieces, with tabs, carriage returns and broken characters made printable`() {
        var splitter = LineSplitter()
        #expect(splitter.feed(Array("[0]\ttrain".utf8)) == [])
        #expect(splitter.feed(Array("-rmse:1\r\n\nhalf".utf8)) == ["[0]#011train-rmse:1", ""])
        #expect(splitter.feed([0xFF, 10]) == ["half\u{FFFD}"])
        #expect(splitter.finish() == nil)
        #expect(splitter.feed(Array("rest".utf8)) == [])
        #expect(splitter.finish() == "rest")
    }

    @Test func `a line without end is cut, never inside a character, and nothing is lost`() {
        var splitter = LineSplitter(longest: 10)
        let text = String(repeating: "ü", count: 13)
        var lines = splitter.feed(Array(text.utf8))
        if let rest = splitter.finish() { lines.append(rest) }
        #expect(lines.joined() == text)
        #expect(lines.allSatisfy { $0.utf8.count <= 10 })
    }
}

@Suite struct MetricExtractorTests {
    private func samples(_ pattern: String, _ text: String) -> [Double] {
        MetricExtractor([MetricDefinition(name: "m", regex: pattern)])
            .samples(in: LogLine(timestampMS: 1500, text: text)).map(\.value)
    }

    @Test(arguments: [
        (
            #".*\[[0-9]+\].*#011validation-rmse:(\S+)"#, "[7]#011train-rmse:0.5#011validation-rmse:0.25",
            [0.25]
        ),
        (#"loss=([0-9\.]+)"#, "step 3 loss=1.5e", [1.5]), ("loss: (.*?);", "loss: -2e-3; x", [-0.002]),
        ("loss=(.*)", "loss=much", []), ("loss=[0-9]+", "loss=3", []), ("loss=(nan)", "loss=nan", []),
    ])
    func `the first group of a pattern is the value`(row: (pattern: String, line: String, values: [Double])) {
        #expect(samples(row.pattern, row.line) == row.values)
    }

    @Test func `without a name the first groups are the name, at every place in the line`() {
        let pattern = ##"#011(train|validation)-([^:\s#]+):([-+.0-9eE]+)"##
        let samples = MetricExtractor([MetricDefinition(name: nil, regex: pattern)])
            .samples(
                in: LogLine(timestampMS: 0, text: "[7]#011train-error@0.7:0.5#011validation-ndcg@5:-1e-3")
            )
        #expect(samples.map(\.name) == ["train:error@0.7", "validation:ndcg@5"])
        #expect(samples.map(\.value) == [0.5, -0.001])
    }

    @Test func `a pattern that cannot be used is said, and the others work`() {
        let extractor = MetricExtractor([
            MetricDefinition(name: "bad", regex: "(["), MetricDefinition(name: "good", regex: "x=([0-9]+)"),
        ])
        #expect(extractor.complaints.count == 1)
        #expect(extractor.samples(in: LogLine(timestampMS: 2500, text: "x=4")).map(\.time) == [2.5])
    }
}

@Suite struct FailureLinesTests {
    @Test func `of a Python traceback the last frame and the error matter`() {
        let tail = [
            "epoch 1", "Traceback (most recent call last):", "  File \"a.py\", line 1, in <module>",
            "    main()",
            "  File \"a.py\", line 9, in main", "    raise ValueError('bad')", "ValueError: bad",
        ]
        #expect(FailureLines.select(from: tail) == Array(tail[4...]))
    }

    @Test func `what has started the script says nothing new`() {
        let script = [
            "Traceback (most recent call last):",
            "File \"/opt/ml/input/data/code/train.py\", line 3, in <module>",
            "ValueError: bad",
        ]
        let driver = [
            "Command failed with exit code 1. Traceback: Traceback (most recent call last):",
            "  File \"/opt/ml/input/data/sm_drivers/common/utils.py\", line 193, in execute_commands",
            "subprocess.CalledProcessError: Command '['python', 'train.py']' returned non-zero exit status 1.",
            "",
            "An error occurred with exit code 1",
        ]
        let torchrun = [
            "E1128 failed (exitcode: 1) local_rank: 0 (pid: 30) of binary: /opt/python/bin/python3",
            "Traceback (most recent call last):", "File \"/opt/python/bin/torchrun\", line 10, in <module>",
            "torch.distributed.elastic.multiprocessing.errors.ChildFailedError:", "train.py FAILED",
        ]
        let expected = Array(script[1...])
        #expect(FailureLines.select(from: ["epoch 1"] + script + driver) == expected)
        #expect(FailureLines.select(from: script + torchrun + driver).starts(with: expected))
        #expect(FailureLines.select(from: driver) == driver)
    }

    @Test func `otherwise the last lines matter`() {
        let tail = (0..<50).map { "line \($0)" }
        #expect(FailureLines.select(from: tail) == Array(tail.suffix(20)))
    }
}

@Suite struct RecordsTests {
    @Test(arguments: [[], [[]], [["a"]], [["", "b c", "ü\n"], [], ["3"]]] as [[[String]]])
    func `records come back as they were`(records: [[String]]) throws {
        #expect(try Records.decode(Records.encode(records)) == records)
    }

    @Test(arguments: ["x", "2\u{0}a\u{0}", "-1\u{0}", "1"])
    func `other bytes are refused`(text: String) {
        #expect(throws: MalformedRecords.self) { _ = try Records.decode(Array(text.utf8)) }
    }
}
