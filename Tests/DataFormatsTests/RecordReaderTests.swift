import DataFormats
import Testing

@Suite struct RecordReaderTests {
    private func table(rows: Int, columns: Int, seed: UInt64) -> DenseRows {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<rows * columns).map { _ in Float.random(in: -1000...1000, using: &generator) }
        return DenseRows(values: values, columnCount: columns)
    }

    private func csv(_ rows: DenseRows) -> [UInt8] {
        var text = ""
        for row in 0..<rows.rowCount {
            let start = row * rows.columnCount
            text +=
                rows.values[start..<start + rows.columnCount].map(\.description).joined(separator: ",") + "\n"
        }
        return Array(text.utf8)
    }

    @Test(arguments: [1, 7, 64, 1000, 1 << 20])
    func `a table is the same whatever the size of the blocks`(blockSize: Int) throws {
        let rows = table(rows: 300, columns: 5, seed: 9)
        var reader = RecordReader(ByteArraySource(csv(rows)), format: CSVFormat(), blockSize: blockSize)
        var whole = DenseRows()
        while let batch = try reader.next() { try whole.append(batch) }
        #expect(whole == rows)
    }

    @Test(arguments: [3, 50, 4096])
    func `sparse rows are the same whatever the size of the blocks`(blockSize: Int) throws {
        var generator = SeededGenerator(seed: 4)
        var text = ""
        for _ in 0..<200 {
            text +=
                "\(Int.random(in: 0...1, using: &generator)):1.5 qid:\(Int.random(in: 0...9, using: &generator))"
            for index in 0..<10 where Bool.random(using: &generator) { text += " \(index):\(index).25" }
            text += "\n"
        }
        let bytes = Array(text.utf8)
        var reader = RecordReader(ByteArraySource(bytes), format: LibSVMFormat(), blockSize: blockSize)
        var whole = SparseRows()
        while let batch = try reader.next() { try whole.append(batch) }
        #expect(try whole == LibSVMFormat().parse(bytes.span).batch)
        #expect(whole.rowCount == 200)
    }

    @Test func `an error counts lines from the start of the file`() throws {
        let text = String(repeating: "1,2\n", count: 100) + "1,oops\n"
        var reader = RecordReader(
            ByteArraySource(Array(text.utf8)),
            format: CSVFormat(),
            file: "a.csv",
            blockSize: 16
        )
        #expect(throws: DataFormatError(.notANumber("oops"), line: 101, field: 2, file: "a.csv")) {
            while try reader.next() != nil {}
        }
    }

    @Test func `blocks of different width are refused where they meet`() throws {
        var reader = RecordReader(
            ByteArraySource(Array("1,2\n1,2,3\n".utf8)),
            format: CSVFormat(),
            blockSize: 4
        )
        var whole = DenseRows()
        #expect(throws: DataFormatError(.raggedRow(expected: 2, found: 3), line: 1)) {
            while let batch = try reader.next() { try whole.append(batch) }
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
            let csv = try? CSVFormat().parse(bytes.span)
            let sparse = try? LibSVMFormat().parse(bytes.span)
            if csv == nil, sparse == nil { refused += 1 }
            if let csv {
                #expect(csv.batch.values.count == csv.batch.rowCount * csv.batch.columnCount)
                #expect(csv.batch.rowCount <= csv.lineCount)
            }
            if let rows = sparse?.batch {
                #expect(
                    rows.offsets.last == UInt64(rows.indices.count) && rows.indices.count == rows.values.count
                )
                #expect(rows.labels.count == rows.rowCount)
            }
        }
        #expect(refused > 1000 && refused < 20_000)
    }
}
