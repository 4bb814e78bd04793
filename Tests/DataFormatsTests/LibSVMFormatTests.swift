import DataFormats
import Testing

@Suite struct LibSVMFormatTests {
    private func parse(
        _ text: String,
        _ options: LibSVMOptions = LibSVMOptions()
    ) throws(DataFormatError) -> RecordBatch<Float> {
        try LibSVMParser(options).parse(block: Array(text.utf8).span).batch
    }

    @Test func `rows name their features`() throws {
        let rows = try parse("1 0:1.5 3:-2\n0\n-1 2:.5 # remark\n# only a remark\n\r\n2\t1:1\r\n")
        #expect(rows.labels == [1, 0, -1, 2])
        #expect(rows.sparse.offsets == [0, 2, 2, 3, 4])
        #expect(rows.sparse.indices == [0, 3, 2, 1])
        #expect(rows.sparse.values == [1.5, -2, 0.5, 1])
        #expect(rows.columnCount == 4)
        #expect(rows.sparse.smallestIndex == 0)
        #expect(rows.weights.isEmpty && rows.queries.isEmpty)
    }

    @Test func `weights and queries belong to their rows`() throws {
        let rows = try parse("1:0.5 qid:3 1:1\n0:2 qid:4 2:1\n")
        #expect(rows.weights == [0.5, 2])
        #expect(rows.queries == [3, 4])
        #expect(rows.sparse.smallestIndex == 1)
        #expect(rows.sparse.countedFromZero().indices == [0, 1])
    }

    @Test(arguments: [
        ("1 1:1\nx 1:1\n", DataFormatError(.missingLabel("x"), line: 2, column: 1)),
        ("1,3 2:0.5\n", DataFormatError(.severalLabels("1,3"), line: 1, column: 1)),
        ("0 1:1\n1,2.5,-3:2 1:1\n", DataFormatError(.severalLabels("1,2.5,-3:2"), line: 2, column: 1)),
        ("1,x 1:1\n", DataFormatError(.missingLabel("1,x"), line: 1, column: 1)),
        ("1, 1:1\n", DataFormatError(.missingLabel("1,"), line: 1, column: 1)),
        ("1:2:3 1:1\n", DataFormatError(.missingLabel("1:2:3"), line: 1, column: 1)),
        ("1 1:1 2\n", DataFormatError(.malformedPair("2"), line: 1, column: 3)),
        ("1 1:1 2:\n", DataFormatError(.malformedPair("2:"), line: 1, column: 3)),
        ("1 a:1\n", DataFormatError(.malformedPair("a:1"), line: 1, column: 2)),
        ("1 1:b\n", DataFormatError(.malformedPair("1:b"), line: 1, column: 2)),
        ("1 -1:1\n", DataFormatError(.malformedPair("-1:1"), line: 1, column: 2)),
        ("1 2:1 2:1\n", DataFormatError(.indexNotIncreasing(2), line: 1, column: 3)),
        ("1 4294967295:1\n", DataFormatError(.malformedPair("4294967295:1"), line: 1, column: 2)),
        ("1:1 1:1\n2 1:1\n", DataFormatError(.mixedRows("weight"), line: 2)),
        ("1 1:1\n2 qid:1 1:1\n", DataFormatError(.mixedRows("query (qid)"), line: 2)),
        ("1 qid:1 1:1\n2 1:1\n", DataFormatError(.mixedRows("query (qid)"), line: 2)),
    ])
    func `a corrupt line is refused with its place`(text: String, expected: DataFormatError) {
        #expect(throws: expected) { try parse(text) }
    }

    @Test func `a row without a label starts with a feature where that is allowed`() throws {
        let rows = try parse("0:1 3:2\n5 0:7\n", LibSVMOptions(labels: .optional))
        #expect(rows.sparse.indices == [0, 3, 0])
        #expect(rows.labels == [0, 5])
        #expect(rows.weights.isEmpty)
    }

    @Test func `features beyond a width are dropped`() throws {
        let rows = try parse("1 0:1 5:2\n0 7:1\n").sparse.limited(to: 6)
        #expect(rows.indices == [0, 5])
        #expect(rows.offsets == [0, 2, 2])
        #expect(rows.columnCount == 6)
    }
}
