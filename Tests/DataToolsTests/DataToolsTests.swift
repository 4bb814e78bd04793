import DataFormats
import DataTools
import Testing

@Suite struct DataSummaryTests {
    private func dense(_ values: [Double], _ columns: Int, _ labels: [Double]) -> RecordBatch<Double> {
        RecordBatch(
            dense: DenseRows(values: values, columnCount: columns),
            labels: labels,
            labelCount: labels.isEmpty ? 0 : 1
        )
    }

    @Test func `figures are those of all batches`() throws {
        var summary = DataSummary()
        summary.add(dense([1, 10, 2, .nan], 2, [0, 1]), names: ["y", "a", "b"])
        summary.add(dense([3, -4], 2, [1]), names: nil)
        #expect(summary.rowCount == 3 && summary.columnCount == 2 && summary.missing == 1)
        let columns = summary.columns()
        #expect(columns.map(\.name) == ["y", "a", "b"])
        let (a, b) = (columns[1].summary, columns[2].summary)
        #expect(a.smallest == 1 && a.greatest == 3 && a.mean == 2 && a.standardDeviation == 1)
        #expect(b.missing == 1 && b.count == 2 && b.mean == 3)
        #expect(
            summary.labelCounts.bars() == [
                .init(low: 0, high: 0, count: 1), .init(low: 1, high: 1, count: 2),
            ]
        )
    }

    @Test func `sparse rows count what they leave out as zeros`() {
        var rows = SparseRows<Double>()
        rows.append(indices: [0], values: [4], columnCount: 1)
        var wider = SparseRows<Double>()
        wider.append(indices: [2], values: [6], columnCount: 3)
        wider.append(indices: [], values: [], columnCount: 3)
        var (sparse, full) = (DataSummary(), DataSummary())
        sparse.add(RecordBatch(sparse: rows), names: nil)
        sparse.add(RecordBatch(sparse: wider), names: nil)
        full.add(dense([4, 0, 0, 0, 0, 6, 0, 0, 0], 3, []), names: nil)
        for (one, other) in zip(sparse.columns(), full.columns()) {
            #expect(one.summary.count == 3 && other.summary.count == 3)
            #expect(abs(one.summary.mean - other.summary.mean) < 1e-12)
            #expect(abs(one.summary.standardDeviation - other.summary.standardDeviation) < 1e-12)
            #expect(one.summary.smallest == other.summary.smallest)
        }
    }

    @Test func `many labels go into bins that keep every count`() {
        var counts = LabelCounts()
        for label in 0..<10_000 { counts.add(Double(label * 7919 % 10_000) - 5000) }
        counts.add(1e6)
        counts.add(-1e6)
        counts.add(.nan)
        let bars = counts.bars()
        #expect(bars.count <= 16)
        #expect(bars.reduce(0) { $0 + $1.count } == 10_002)
        #expect(bars.allSatisfy { $0.low < $0.high })
        #expect(bars.first.map { $0.low <= -1e6 } == true && bars.last.map { $0.high > 1e6 } == true)
    }

    @Test func `the report fits the terminal and shows bars by size`() {
        var summary = DataSummary()
        summary.add(
            dense([Double](repeating: 1.5, count: 40), 4, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]),
            names: nil
        )
        let lines = summary.lines(width: 60, mostColumns: 3)
        #expect(lines[0] == "10 rows, 1 label column, 4 features, 0 missing values")
        #expect(lines.contains("… and 2 more columns"))
        let bars = lines.suffix(2).map { line in line.filter { "█▏▎▍▌▋▊▉".contains($0) }.count }
        #expect(bars[0] == 4 * bars[1] || abs(bars[0] - 4 * bars[1]) < 4)
        #expect(lines.allSatisfy { $0.count <= 60 }, "\(lines)")
    }

    @Test(arguments: [
        (0.0, "0"), (1234567.0, "1234567"), (0.1, "0.1"), (123.456789, "123.457"),
        (-0.000012345678, "-1.23457e-5"),
        (1.5e12, "1.5e12"),
    ])
    func `numbers are short`(value: Double, text: String) { #expect(NumberText.short(value) == text) }
}

@Suite struct SplitPlanTests {
    private func parts(
        _ shares: [Double],
        _ labels: [Double?],
        seed: UInt64 = 1,
        stratified: Bool = false
    )
        throws -> [Int]
    {
        var plan = try SplitPlan(shares: shares, seed: seed, isStratified: stratified)
        return try labels.map { try plan.part(label: $0) }
    }

    @Test(
        arguments: [[0.8, 0.1, 0.1], [70, 15, 15], [1, 2], [0.5, 0.5, 0], [1.0 / 3, 1.0 / 3, 1.0 / 3]]
            as [[Double]]
    )
    func `shares are kept`(shares: [Double]) throws {
        let count = 6000
        let dealt = try parts(shares, [Double?](repeating: nil, count: count))
        for (part, share) in shares.enumerated() {
            let expected = share / shares.reduce(0, +) * Double(count)
            #expect(abs(Double(dealt.filter { $0 == part }.count) - expected) < 2)
        }
    }

    @Test func `every label is split alike where rows are stratified`() throws {
        let labels = (0..<5000).map { Double($0 % 50 == 0 ? 1 : 0) as Double? }
        let dealt = try parts([0.8, 0.2], labels, stratified: true)
        let rare = zip(labels, dealt).filter { $0.0 == 1 }.map(\.1)
        #expect(rare.count == 100 && rare.filter { $0 == 1 }.count == 20)
    }

    @Test func `a seed makes the same split again, another one makes another`() throws {
        let labels = [Double?](repeating: nil, count: 300)
        let first = try parts([0.5, 0.5], labels, seed: 7)
        #expect(try parts([0.5, 0.5], labels, seed: 7) == first)
        #expect(try parts([0.5, 0.5], labels, seed: 8) != first)
    }

    @Test func `what cannot be split is refused`() throws {
        #expect(throws: InvalidSplit.self) { try parts([1], [nil]) }
        #expect(throws: InvalidSplit.self) { try parts([0, 0], [nil]) }
        #expect(throws: InvalidSplit.self) { try parts([0.5, -0.5], [nil]) }
        #expect(throws: InvalidSplit.self) { try parts([0.5, 0.5], [nil], stratified: true) }
    }
}
