import DataFormats
import Testing

@Suite struct RecordIOTests {
    private let dense = """
        0a 23 d7 ce 2c 00 00 00
        0a 16 0a 06 76 61 6c 75 65 73 12 0c 12 0a 0a 08 00 00 80 3f 00 00 00 40
        12 12 0a 06 76 61 6c 75 65 73 12 08 12 06 0a 04 00 00 40 40
        """
    private let sparse = """
        0a 23 d7 ce 21 00 00 00
        0a 1f 0a 06 76 61 6c 75 65 73 12 15 12 13 0a 08 00 00 80 3f 00 00 80 40 12 03 03 ac 02 1a 02 e8 07
        00 00 00
        """
    private let source = "0a 23 d7 ce 14 00 00 00 0a 12 0a 06 73 6f 75 72 63 65 12 08 3a 06 0a 04 04 11 ac 02"

    private func bytes(_ hex: String) -> [UInt8] {
        hex.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
    }

    private func read<Element: DataElement>(
        _ bytes: [UInt8],
        _ options: RecordIOOptions = RecordIOOptions()
    ) throws(DataFormatError) -> RecordBatch<Element> {
        var reader = RecordReader<Element>(.recordIO(options), file: "a.pbr")
        reader.append(bytes.span)
        reader.finish()
        return try reader.next() ?? RecordBatch()
    }

    private func frame(_ payload: [UInt8], kind: UInt8 = 0) -> [UInt8] {
        let length = payload.count
        let header: [UInt8] = [
            0x0A, 0x23, 0xD7, 0xCE, UInt8(length & 255), UInt8(length >> 8), 0, kind << 5,
        ]
        return header + payload + [UInt8](repeating: 0, count: (4 - length % 4) % 4)
    }

    /// A record whose feature `values` has these bytes as its `Value`.
    private func record(value: [UInt8]) -> [UInt8] {
        let entry = [0x0A, 6] + Array("values".utf8) + [0x12, UInt8(value.count)] + value
        return [0x0A, UInt8(entry.count)] + entry
    }

    @Test func `the dense golden vector is read and written`() throws {
        let expected = RecordBatch<Float>(
            dense: DenseRows(values: [1, 2], columnCount: 2),
            labels: [3],
            labelCount: 1
        )
        #expect(try read(bytes(dense)) == expected)
        var written: [UInt8] = []
        var writer = RecordIOWriter<Float>(RecordIOOptions())
        try writer.write(expected, into: &written)
        #expect(written == bytes(dense))
    }

    @Test func `the sparse golden vector is read and written`() throws {
        var rows = SparseRows<Float>()
        rows.append(indices: [3, 300], values: [1, 4], columnCount: 1000)
        let expected = RecordBatch(sparse: rows)
        #expect(try read(bytes(sparse)) == expected)
        var written: [UInt8] = []
        var writer = RecordIOWriter<Float>(RecordIOOptions())
        try writer.write(expected, into: &written)
        #expect(written == bytes(sparse))
    }

    @Test func `another feature may be the row`() throws {
        let ids: RecordBatch<Int32> = try read(bytes(source), RecordIOOptions(feature: "source"))
        #expect(ids.dense.values == [4, 17, 300])
        #expect(ids.labelCount == 0)
    }

    @Test func `answers of an algorithm are records of labels`() throws {
        let answer = bytes(
            """
            0a 23 d7 ce 3e 00 00 00
            12 1b 0a 0f 63 6c 6f 73 65 73 74 5f 63 6c 75 73 74 65 72 12 08 12 06 0a 04 00 00 a0 40
            12 1f 0a 13 64 69 73 74 61 6e 63 65 5f 74 6f 5f 63 6c 75 73 74 65 72 12 08 12 06 0a 04 00 00 12 42
            00 00
            """
        )
        var written: [UInt8] = []
        RecordMessage<Float>(
            labels: [.init("closest_cluster", [5]), .init("distance_to_cluster", [36.5])]
        ).appendFrame(to: &written)
        #expect(written == answer)
    }

    @Test func `numbers of another type are converted`() throws {
        // Float64 [0.5, -2] and Int32 [-1, 300], the latter unpacked.
        let doubles = record(
            value: [0x1A, 18, 0x0A, 16] + [0, 0, 0, 0, 0, 0, 0xE0, 0x3F] + [0, 0, 0, 0, 0, 0, 0, 0xC0]
        )
        let integers = record(
            value: [0x3A, 14, 0x08] + [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
                + [0x08, 0xAC, 0x02]
        )
        let fromDoubles: RecordBatch<Float> = try read(frame(doubles))
        #expect(fromDoubles.dense.values == [0.5, -2])
        let fromIntegers: RecordBatch<Float> = try read(frame(integers))
        #expect(fromIntegers.dense.values == [-1, 300])
        #expect(
            throws: DataFormatError(.unrepresentable("0.5", .int32), record: 1, column: 1, file: "a.pbr")
        ) {
            let _: RecordBatch<Int32> = try read(frame(doubles))
        }
    }

    @Test func `unpacked values, unknown fields and the last of two entries`() throws {
        let first = record(value: [0x12, 5, 0x0D, 0, 0, 0x80, 0x3F])
        let second = record(value: [0x12, 10, 0x0D, 0, 0, 0, 0x40, 0x0D, 0, 0, 0x40, 0x40])
        // Field 15: a varint, 8 bytes, a group with a varint inside, 4 bytes; then uid "u" and metadata "m".
        let unknown: [UInt8] =
            [0x78, 0x96, 0x01, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7B, 0x08, 0x01, 0x7C, 0x7D, 1, 2, 3, 4]
        let text: [UInt8] = [0x1A, 1, 0x75, 0x22, 1, 0x6D]
        let batch: RecordBatch<Float> = try read(frame(first + unknown + second + text))
        #expect(batch.dense.values == [2, 3])
        #expect(batch.notes == [RecordNote(uid: "u", metadata: "m")])
    }

    @Test func `a split record is joined with the magic number between its parts`() throws {
        // The float whose bytes are the magic number, in the middle of others.
        let magic: [UInt8] = [0x0A, 0x23, 0xD7, 0xCE]
        let payload = record(value: [0x12, 14, 0x0A, 12, 0, 0, 0x80, 0x3F] + magic + [0, 0, 0, 0x40])
        let place = try #require((0..<payload.count - 3).first { Array(payload[$0..<$0 + 4]) == magic })
        let parts =
            frame(Array(payload[..<place]), kind: 1) + frame(Array(payload[(place + 4)...]), kind: 3)
        let whole: RecordBatch<Float> = try read(frame(payload))
        let joined: RecordBatch<Float> = try read(parts)
        #expect(whole == joined)
        #expect(joined.dense.values[1].bitPattern == 0xCED7_230A)
    }

    @Test func `an empty sparse row is a row of zeros`() throws {
        let batch: RecordBatch<Float> = try read(frame(record(value: [0x12, 2, 0x18, 7])))
        #expect(batch.layout == .sparse && batch.columnCount == 7 && batch.sparse.offsets == [0, 0])
        #expect(try batch.densified().dense.values == [Float](repeating: 0, count: 7))
    }

    @Test func `what is no record is refused with its number`() throws {
        func reason(_ bytes: [UInt8]) -> String {
            do throws(DataFormatError) {
                let _: RecordBatch<Float> = try read(bytes)
                return "none"
            } catch { return error.description }
        }
        let good = bytes(dense)
        #expect(
            reason(good + Array("1,2,3,4,".utf8))
                == "file 'a.pbr', record 2: the header does not start with the RecordIO magic number"
        )
        #expect(
            reason(good + good.dropLast(5)).contains("record 2: the record is cut off: its header says 44")
        )
        #expect(reason(good + [1, 2]).contains("record 2: 2 bytes stand where a header of 8 bytes"))
        #expect(reason(frame([0x0A, 9, 1])).contains("a field of 9 bytes ends behind its message"))
        #expect(reason(good + bytes(sparse)).contains("record 2: some records are dense"))
        let wider = frame(record(value: [0x12, 14, 0x0A, 12] + [UInt8](repeating: 0, count: 12)))
        #expect(reason(good + wider).contains("record 2: the row has 3 columns, the rows before it have 2"))
        let unshaped = frame(record(value: [0x12, 9, 0x0A, 4, 0, 0, 0x80, 0x3F, 0x12, 1, 3]))
        #expect(reason(unshaped).contains("sparse and has no shape"))
        let beyond = frame(record(value: [0x12, 12, 0x0A, 4, 0, 0, 0x80, 0x3F, 0x12, 1, 9, 0x1A, 1, 5]))
        #expect(reason(beyond).contains("feature index 9 is out of range (limit 5)"))
        #expect(reason(frame(record(value: [0x4A, 0]))).contains("holds bytes, not numbers"))
        #expect(reason(frame([0x1A, 1, 0x75])).contains("no feature 'values'"))
        #expect(reason(frame([1, 2, 3, 4], kind: 2)).contains("has no first part"))
        #expect(reason(frame([1, 2, 3, 4], kind: 1)).contains("the last part of a split record is missing"))
    }
}
