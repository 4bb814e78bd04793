import DataFormats
import Testing

@Suite struct RecordReaderTests {
    private func read<Element>(
        _ bytes: [UInt8],
        _ format: DataFormat,
        chunk: Int,
        limit: BatchLimit = BatchLimit(),
        file: String? = nil
    ) throws -> RecordBatch<Element> {
        var source = ByteArraySource(bytes)
        var reader = RecordReader<Element>(format, file: file, limit: limit)
        var whole = RecordBatch<Element>()
        while let batch = try reader.next(from: &source, chunkSize: chunk) {
            #expect(batch.rowCount > 0 && batch.rowCount <= limit.rows)
            try whole.append(batch)
        }
        return whole
    }

    @Test(arguments: [1, 2, 3, 7, 64, 1 << 20])
    func `a quoted field may go on from chunk to chunk`(chunk: Int) throws {
        let rows = 300
        let text = (0..<rows).map { row in
            // Now and then a field that is longer than a chunk.
            let breaks = String(repeating: row % 3 == 0 ? "\r\n" : "\n", count: row % 50 == 7 ? 400 : row % 4)
            return "\"\(breaks)1\(breaks)\",\"\(row)\",\(row).5,\"\(breaks)\(-row)\"\n"
        }.joined()
        let format = DataFormat.csv(CSVOptions(labelCount: 1, weights: .afterLabels))
        let batch: RecordBatch<Float> = try read(
            Array(text.utf8),
            format,
            chunk: chunk,
            limit: BatchLimit(rows: 7)
        )
        #expect(batch.labels == [Float](repeating: 1, count: rows))
        let numbers = (0..<rows).map { Float($0) }
        let values: [Float] = numbers.flatMap { [$0 + 0.5, -$0] }
        #expect(batch.weights == numbers)
        #expect(batch.dense.values == values)
    }

    @Test func `a quote that is never closed ends the reading with the place where it was opened`() {
        let text = "1,2\n3,\"4\n" + String(repeating: "5,6\n", count: 1000)
        let expected = DataFormatError(.unclosedQuote, line: 2, column: 2, file: "x.csv")
        #expect(throws: expected) {
            let _: RecordBatch<Float> = try read(
                Array(text.utf8),
                .csv(CSVOptions()),
                chunk: 16,
                file: "x.csv"
            )
        }
    }

    @Test func `a quote that is not closed within the longest row ends the reading`() throws {
        var reader = RecordReader<Float>(.csv(CSVOptions()))
        reader.append(Array("1,\"2\n".utf8).span)
        let lines = Array(String(repeating: "5,6\n", count: 1 << 20).utf8)
        var bytes = 0
        do throws(DataFormatError) {
            while try reader.next() == nil {
                bytes += lines.count
                reader.append(lines.span)
            }
            Issue.record("a row came")
        } catch {
            #expect(error == DataFormatError(.unclosedQuote, line: 1, column: 2))
        }
        #expect(bytes == LineLimit.longest)
    }

    @Test(arguments: [1, 7, 64, 1000, 1 << 20])
    func `a table is the same whatever the size of the chunks`(chunk: Int) throws {
        var generator = SeededGenerator(seed: 9)
        let values = (0..<1500).map { _ in Float.random(in: -1000...1000, using: &generator) }
        let table = RecordBatch(
            dense: DenseRows(values: values, columnCount: 5),
            labels: (0..<300).map(Float.init),
            labelCount: 1
        )
        let format = DataFormat.csv(CSVOptions(labelCount: 1))
        var writer = format.writer(of: Float.self)
        var bytes: [UInt8] = []
        try writer.write(table, into: &bytes)
        writer.finish(into: &bytes)
        #expect(try read(bytes, format, chunk: chunk, limit: BatchLimit(rows: 7)) == table)
    }

    @Test(arguments: [1, 3, 50, 4096])
    func `sparse rows are the same whatever the size of the chunks`(chunk: Int) throws {
        var generator = SeededGenerator(seed: 4)
        var text = ""
        for _ in 0..<200 {
            text +=
                "\(Int.random(in: 0...1, using: &generator)):1.5 qid:\(Int.random(in: 0...9, using: &generator))"
            for index in 0..<10 where Bool.random(using: &generator) { text += " \(index):\(index).25" }
            text += "\n"
        }
        let bytes = Array(text.utf8)
        let options = LibSVMOptions()
        let whole: RecordBatch<Float> = try read(bytes, .libSVM(options), chunk: chunk)
        #expect(try whole == LibSVMParser(options).parse(block: bytes.span).batch)
        #expect(whole.rowCount == 200)
    }

    @Test func `an error counts lines from the start of the file`() throws {
        let text = String(repeating: "1,2\n", count: 100) + "1,oops\n"
        #expect(throws: DataFormatError(.notANumber("oops"), line: 101, column: 2, file: "a.csv")) {
            let _: RecordBatch<Float> = try read(
                Array(text.utf8),
                .csv(CSVOptions()),
                chunk: 16,
                limit: BatchLimit(rows: 3),
                file: "a.csv"
            )
        }
    }

    @Test func `blocks of different width are refused where they meet`() throws {
        #expect(throws: DataFormatError(.raggedRow(expected: 2, found: 3), line: 2)) {
            let _: RecordBatch<Float> = try read(Array("1,2\n1,2,3\n".utf8), .csv(CSVOptions()), chunk: 4)
        }
    }

    /// Bytes of both formats with random damage: whatever comes out, the reader ends and agrees with itself.
    @Test func `damaged text neither crashes nor hangs a reader`() throws {
        var generator = SeededGenerator(seed: 11)
        let seeds = [
            "1,2.5,-3e4,nan\n4,,\"6\",7\r\n8,9,10,inf\n", "1:0.5 qid:1 0:1.5 7:-2e3 # x\n0:1 qid:2 3:4\n",
            "0.00001;3;4\n\n5;6;7", "\"1,2\n3,4", "1 1:1 2:2 3:3\r\n\r\n2 4294967294:1\n",
        ].map { Array($0.utf8) }
        let alphabet = Array("0123456789.,;:-+eE\"#qid \t\r\n\u{0}nainf".utf8) + [0xFF, 0x80]
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = seeds.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: place)
                case 1 where place < bytes.count: bytes.remove(at: place)
                case 2 where place < bytes.count:
                    bytes[place] = alphabet.randomElement(using: &generator) ?? 0
                default: bytes.append(contentsOf: bytes.prefix(place))
                }
            }
            let csv = try? CSVParser<Float>(CSVOptions()).parse(block: bytes.span)
            let sparse = try? LibSVMParser<Float>(LibSVMOptions()).parse(block: bytes.span)
            if csv == nil, sparse == nil { refused += 1 }
            if let csv {
                #expect(csv.batch.dense.values.count == csv.batch.rowCount * csv.batch.columnCount)
                #expect(csv.batch.rowCount <= csv.lineCount)
            }
            if let batch = sparse?.batch {
                let rows = batch.sparse
                #expect(
                    rows.offsets.last == UInt64(rows.indices.count) && rows.indices.count == rows.values.count
                )
                #expect(batch.labels.count == batch.rowCount)
            }
        }
        #expect(refused > 1000 && refused < 20_000)
    }
}
