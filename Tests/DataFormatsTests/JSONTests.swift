import DataFormats
import Testing

@Suite struct JSONTests {
    private func read(
        _ text: String,
        _ format: DataFormat = .json
    ) throws(DataFormatError) -> RecordBatch<Float> {
        var reader = RecordReader<Float>(format)
        reader.append(Array(text.utf8).span)
        reader.finish()
        return try reader.next() ?? RecordBatch()
    }

    @Test(arguments: [
        "{\"instances\":[{\"features\":[1.5,16.0]},{\"data\":{\"features\":{\"values\":[1.5,16.0]}}}]}",
        " {\"configuration\" : {\"a\":[1,\"]}\"]}, \"instances\": [ [1.5, 16] , {\"x\":null,\"features\":[1.5,1.6e1]} ] } ",
        "[[1.5,16],[1.5,16]]",
        "{\"instances\":[{\"features\":[1.5,16]},{\"features\":{\"values\":[1.5,16],\"shape\":[2]}}],\"x\":1}\n",
    ])
    func `the dense forms of a request`(text: String) throws {
        let expected = DenseRows<Float>(values: [1.5, 16, 1.5, 16], columnCount: 2)
        #expect(try read(text).dense == expected)
    }

    @Test func `the sparse form of a request`() throws {
        let text = """
            {"instances":[{"data":{"features":{"keys":[182,26],"shape":[2000],"values":[2,1]}}},
            {"data":{"features":{"keys":[],"shape":[2000],"values":[]}}}]}
            """
        let batch = try read(text)
        #expect(batch.layout == .sparse && batch.columnCount == 2000)
        #expect(batch.sparse.indices == [26, 182] && batch.sparse.values == [1, 2])
        #expect(batch.sparse.offsets == [0, 2, 2])
    }

    @Test func `a line is an instance`() throws {
        let text = "{\"features\":[1,null],\"label\":3}\n\n[NaN,-Infinity]"
        #expect(throws: DataFormatError.self) { try read(text, .jsonLines) }
        let batch = try read(
            "{\"features\":[1,null],\"label\":3}\r\n\n{\"data\":{\"features\":{\"values\":[NaN,-Infinity]},\"label\":{\"values\":[4]}}}",
            .jsonLines
        )
        #expect(batch.labels == [3, 4])
        #expect(batch.dense.values[0] == 1 && batch.dense.values[1].isNaN)
        #expect(batch.dense.values[2].isNaN && batch.dense.values[3] == -.infinity)
    }

    @Test func `no instance is no row`() throws {
        #expect(try read("{\"instances\":[]}").rowCount == 0)
        #expect(try read("[]").rowCount == 0)
        #expect(try read("").rowCount == 0)
    }

    @Test(arguments: [
        ("{\"instances\":[[1,2],[1,\"x\"]]}", "record 2, column 2: '\"x\"]' is not a number"),
        ("{\"instances\":[[1,2],[1]]}", "record 2: the row has 1 columns, the rows before it have 2"),
        ("{\"instances\":[[1,2]", "record 2: the document ends too early"),
        ("{\"instances\":[[1,2],]}", "record 2: '{' is missing at ''"),
        ("{\"instances\":[[1,2]]} 1", "record 2: '1' follows the document"),
        ("{\"features\":[1]}", "record 1: the document has no member 'instances'"),
        ("{\"instances\":[{\"x\":1}]}", "record 1: the instance has no features"),
        ("{\"instances\":[{\"features\":[1 2]}]}", "record 1: ',' is missing at '2]}'"),
        ("{\"instances\":7}", "record 1: 'instances' is no list"),
        ("1,2,3\n", "record 1: '1' is no JSON object"),
        ("[[+1]]", "record 1, column 1: '+1]' is not a number"),
        ("[[1.5x]]", "record 1, column 1: '1.5x]' is not a number"),
    ])
    func `what is no request is refused with its place`(text: String, expected: String) throws {
        let error = try #require(throws: DataFormatError.self) { try read(text) }
        #expect(error.description == expected)
    }
}
