import DataFormats
import Testing

@Suite struct CSVFormatTests {
    private func parse(
        _ text: String,
        _ options: CSVOptions = CSVOptions()
    ) throws(DataFormatError) -> DenseRows<Float> {
        try CSVParser(options).parse(block: Array(text.utf8).span).batch.dense
    }

    @Test func `rows come out row by row`() throws {
        let rows = try parse("1,2.5,-3\n4,5e2,.5\n")
        #expect(rows == DenseRows(values: [1, 2.5, -3, 4, 500, 0.5], columnCount: 3))
        #expect(rows.rowCount == 2)
        #expect(rows.row(1) == [4, 500, 0.5])
    }

    @Test(arguments: [
        "1,2\n3,4\n", "1,2\r\n3,4\r\n", "1,2\n3,4", "\n1,2\n\n3,4\n\n", " 1 , 2 \n3,\t4", "\"1\",2\n3,\"4\"",
    ])
    func `line ends, blanks, quotes and empty lines don't change the numbers`(text: String) throws {
        #expect(try parse(text) == DenseRows(values: [1, 2, 3, 4], columnCount: 2))
    }

    @Test func `an empty field is missing`() throws {
        let rows = try parse("1,,3\n,,\n1,\"\",nan\n")
        #expect(rows.rowCount == 3)
        #expect(rows.values.map(\.isNaN) == [false, true, false, true, true, true, false, true, true])
    }

    @Test func `infinities are numbers`() throws {
        #expect(try parse("inf,-Infinity\n").values == [.infinity, -.infinity])
    }

    @Test func `no text is no row`() throws {
        #expect(try parse("").rowCount == 0)
        #expect(try parse("\n\r\n\n").rowCount == 0)
    }

    @Test(arguments: [
        ("1,2\n3,x\n", DataFormatError(.notANumber("x"), line: 2, column: 2)),
        ("1,2\n3,4,5\n", DataFormatError(.raggedRow(expected: 2, found: 3), line: 2)),
        ("1,2\n\n3\n", DataFormatError(.raggedRow(expected: 2, found: 1), line: 3)),
        ("1,\"2\n", DataFormatError(.unclosedQuote, line: 1, column: 2)),
        ("1,2\n\n3,\"4\n5,6\n", DataFormatError(.unclosedQuote, line: 3, column: 2)),
        ("1,\"a\nb\"", DataFormatError(.notANumber("a b"), line: 1, column: 2)),
        ("\"1\n\",\"\n2\"\n3,x\n", DataFormatError(.notANumber("x"), line: 4, column: 2)),
        ("\"1\n\",2\n3,4,\"\n\"\n", DataFormatError(.raggedRow(expected: 2, found: 3), line: 3)),
        ("1,2\"3\"\n", DataFormatError(.notANumber("2\"3\""), line: 1, column: 2)),
        ("1,\"2\"\"3\"\n", DataFormatError(.notANumber("2\"3"), line: 1, column: 2)),
        ("1,1.2.3", DataFormatError(.notANumber("1.2.3"), line: 1, column: 2)),
        ("1,0x10", DataFormatError(.notANumber("0x10"), line: 1, column: 2)),
        ("1,1e", DataFormatError(.notANumber("1e"), line: 1, column: 2)),
        ("1,--1", DataFormatError(.notANumber("--1"), line: 1, column: 2)),
        ("1,2 3", DataFormatError(.notANumber("2 3"), line: 1, column: 2)),
        (
            "1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            DataFormatError(.notANumber("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."), line: 1, column: 2)
        ),
    ])
    func `what is no table of numbers is refused with its place`(text: String, expected: DataFormatError) {
        #expect(throws: expected) { try parse(text) }
    }

    @Test(arguments: [
        "\"1\n\",2\n3,4\n", "1,2\n\"\r\n3\",\"4\n\n\"", "\"1\n\",\"\n2\"\r\n3,4", " \"\n1\" ,2\n3,4\n",
    ])
    func `a line break within quotes is a blank beside a number`(text: String) throws {
        #expect(try parse(text) == DenseRows(values: [1, 2, 3, 4], columnCount: 2))
    }

    @Test func `blanks beside a number may be many, and a text that is too long is no number`() throws {
        let blanks = String(repeating: " ", count: 3000)
        let digits = String(repeating: "0", count: 500)
        #expect(try parse("\(blanks)7\(blanks),\"\(blanks)8\(blanks)\",\"\(digits)9\"").values == [7, 8, 9])
        let long = String(repeating: "1", count: 2000)
        #expect(throws: DataFormatError(.notANumber(long.prefix(37) + "..."), line: 1, column: 2)) {
            try parse("1,\"\(long)\"")
        }
    }

    @Test(arguments: [nil, 0x2C] as [UInt8?])
    func `names may have line breaks, delimiters and quotes in their quotes`(delimiter: UInt8?) throws {
        let text = "\"a\nb\",\"c,d\", \"e \"\"f\"\"\" ,5\"\r\n1,2,3,4\nx,2,3,4\n"
        var reader = RecordReader<Float>(.csv(CSVOptions(delimiter: delimiter, header: .detected)))
        reader.append(Array(text.utf8).span)
        reader.finish()
        #expect(throws: DataFormatError(.notANumber("x"), line: 4, column: 1)) { _ = try reader.next() }
        #expect(reader.columnNames == ["a\nb", "c,d", "e \"f\"", "5\""])
    }

    @Test func `a row with one wrong value is no line of names`() {
        let options = CSVOptions(header: .detected)
        #expect(throws: DataFormatError(.notANumber("?"), line: 1, column: 2)) {
            try parse("1,?,3\n0,4,5\n", options)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 100]) func `a mark before the text is left out`(chunkSize: Int) throws {
        for (text, names) in [("1,2\n", nil), ("a,b\n1,2\n", ["a", "b"])] as [(String, [String]?)] {
            var reader = RecordReader<Float>(.csv(CSVOptions(header: .detected)))
            for chunk in ([0xEF, 0xBB, 0xBF] + Array(text.utf8)).chunks(of: chunkSize) {
                reader.append(chunk.span)
                #expect(try reader.next() == nil)
            }
            reader.finish()
            #expect(try reader.next()?.dense == DenseRows(values: [1, 2], columnCount: 2))
            #expect(reader.columnNames == names)
        }
    }

    @Test func `a header that is not closed is refused`() {
        let options = CSVOptions(header: .detected)
        #expect(throws: DataFormatError(.unclosedQuote, line: 1, column: 2)) {
            try parse("a,\"b\n1,2\n", options)
        }
    }

    @Test func `where every line is a row a quote ends on its line`() throws {
        let options = CSVOptions(lineBreaks: .refused)
        #expect(try parse("\"1\",2\n", options).values == [1, 2])
        for text in ["1,\"2\n\"\n", "1,\"2\r\n\"\n", "1,\"2"] {
            #expect(throws: DataFormatError(.unterminatedQuote, line: 1, column: 2)) {
                try parse(text, options)
            }
        }
    }

    @Test func `the width may be fixed beforehand`() {
        #expect(throws: DataFormatError(.raggedRow(expected: 3, found: 2), line: 1)) {
            try parse("1,2\n", CSVOptions(columnCount: 3))
        }
    }

    @Test(
        arguments: [
            ("1,2,3", 0x2C), ("1;2;3", 0x3B), ("1\t2", 0x09), ("1|2", 0x7C), ("1 2 3", 0x20),
            ("1,5;2,5", 0x2C),
            ("\"1\";\"2\"", 0x3B),
        ] as [(String, UInt8)]
    )
    func `the delimiter is the one that makes numbers`(line: String, delimiter: UInt8) {
        #expect(CSVSniffer.delimiter(ofFirstLine: Array(line.utf8).span) == delimiter)
    }

    @Test func `a single column has no delimiter`() {
        #expect(CSVSniffer.delimiter(ofFirstLine: Array("12.5 ".utf8).span) == nil)
    }

    @Test func `messages name the file and the line in it`() {
        let error = DataFormatError(.notANumber("x"), line: 2, column: 3).located(in: "part-1.csv", after: 10)
        #expect(error.description == "file 'part-1.csv', line 12, column 3: 'x' is not a number")
    }
}

extension [UInt8] {
    fileprivate func chunks(of size: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
