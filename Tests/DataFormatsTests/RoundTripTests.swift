import DataFormats
import Testing

/// What is written is read back as it was, bit by bit, in every format that can hold it.
@Suite struct RoundTripTests {
    private func roundTrip<Element: DataElement>(
        _ batch: RecordBatch<Element>,
        _ format: DataFormat
    ) throws -> RecordBatch<Element> {
        var writer = format.writer(of: Element.self)
        var bytes: [UInt8] = []
        try writer.write(batch, into: &bytes)
        writer.finish(into: &bytes)
        var reader = RecordReader<Element>(format)
        reader.append(bytes.span)
        reader.finish()
        return try reader.next() ?? RecordBatch()
    }

    /// Texts, in which a missing value is equal to itself and -0 is not 0.
    private func described(_ batch: RecordBatch<some DataElement>) -> String { "\(batch)" }

    private func check<Element: DataElement>(_: Element.Type, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let labels = Int.random(in: 0...1, using: &generator)
            var dense = RandomBatch.make(
                Element.self,
                isSparse: false,
                labels: labels,
                using: &generator
            )
            var sparse = RandomBatch.make(Element.self, isSparse: true, labels: labels, using: &generator)
            for format in [.recordIO(RecordIOOptions()), .json, .jsonLines] as [DataFormat] {
                #expect(try described(roundTrip(dense, format)) == described(dense))
                #expect(try described(roundTrip(sparse, format)) == described(sparse))
            }
            let csv = CSVOptions(
                labelCount: labels,
                header: Bool.random(using: &generator) ? .present : .none
            )
            #expect(try described(roundTrip(dense, .csv(csv))) == described(dense))
            if labels == 1 {
                dense.weights = (0..<dense.rowCount).map { Float($0) / 3 }
                var weighted = csv
                weighted.weights = .afterLabels
                #expect(try described(roundTrip(dense, .csv(weighted))) == described(dense))
                sparse.weights = (0..<sparse.rowCount).map { Float($0) / 7 }
                sparse.queries = (0..<sparse.rowCount).map { UInt32($0 / 2) }
                for first in [0, 1] as [UInt32] {
                    let options = LibSVMOptions(firstIndex: first, columnCount: sparse.columnCount)
                    #expect(try described(roundTrip(sparse, .libSVM(options))) == described(sparse))
                }
            }
        }
    }

    @Test func `float32`() throws { try check(Float.self, seed: 1) }
    @Test func `float64`() throws { try check(Double.self, seed: 2) }
    @Test func `int32`() throws { try check(Int32.self, seed: 3) }

    @Test func `dense and sparse rows become each other`() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            let dense = RandomBatch.make(Int32.self, isSparse: false, labels: 1, using: &generator)
            #expect(try dense.sparsified().densified() == dense)
        }
    }

    @Test func `notes of records stay with them`() throws {
        var batch = RecordBatch<Float>(dense: DenseRows(values: [1, 2], columnCount: 1))
        batch.notes = [RecordNote(), RecordNote(uid: "7", metadata: "{\"a\":1}", configuration: "{}")]
        #expect(try roundTrip(batch, .recordIO(RecordIOOptions())) == batch)
    }

    @Test func `what a format cannot hold is refused`() {
        var batch = RecordBatch<Float>(dense: DenseRows(values: [1, 2], columnCount: 1))
        batch.weights = [1, 1]
        for format in [.recordIO(RecordIOOptions()), .json, .jsonLines, .csv(CSVOptions())] as [DataFormat] {
            #expect(throws: DataFormatError.self) { _ = try roundTrip(batch, format) }
        }
    }
}
