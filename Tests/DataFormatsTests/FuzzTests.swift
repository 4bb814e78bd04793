import DataFormats
import Foundation
import Testing

/// Damaged documents: every reader ends with rows or a precise error, the same however the bytes are cut.
///
/// `make fuzz` runs a million of them per format (`CLARY_FUZZ_ROUNDS`, `CLARY_FUZZ_SEED`).
@Suite struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let rounds = environment["CLARY_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 4000
    private static let seed = environment["CLARY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1

    /// What a reader made of a document.
    private enum Outcome: Equatable {
        /// A digest of each batch.
        case rows([Int])
        case refused([Int], DataFormatError)

        var isRefused: Bool {
            switch self {
            case .rows: false
            case .refused: true
            }
        }
    }

    /// Reads a document that comes in chunks of random lengths.
    private func read<Element: DataElement>(
        _ bytes: [UInt8],
        _ format: DataFormat,
        _: Element.Type,
        longestChunk: Int,
        using generator: inout SeededGenerator
    ) -> Outcome {
        var batches: [Int] = []
        do throws(DataFormatError) {
            var reader = RecordReader<Element>(format, limit: BatchLimit(rows: 3, values: 50))
            var position = 0
            while position < bytes.count {
                let end = min(bytes.count, position + Int.random(in: 1...longestChunk, using: &generator))
                reader.append(Array(bytes[position..<end]).span)
                position = end
                while let batch = try reader.next() { batches.append(check(batch)) }
            }
            reader.finish()
            while let batch = try reader.next() { batches.append(check(batch)) }
            return .rows(batches)
        } catch { return .refused(batches, error) }
    }

    private func check(_ batch: RecordBatch<some DataElement>) -> Int {
        #expect(batch.rowCount > 0 && batch.rowCount <= 3)
        #expect(batch.labels.count == batch.rowCount * batch.labelCount)
        #expect(batch.weights.isEmpty || batch.weights.count == batch.rowCount)
        #expect(batch.queries.isEmpty || batch.queries.count == batch.rowCount)
        switch batch.layout {
        case .dense: #expect(batch.dense.values.count == batch.rowCount * batch.columnCount)
        case .sparse:
            #expect(batch.sparse.offsets.last == UInt64(batch.sparse.indices.count))
            #expect(batch.sparse.indices.count == batch.sparse.values.count)
            #expect(batch.sparse.indices.allSatisfy { Int($0) < batch.columnCount })
        }
        var digest = Hasher()
        digest.combine(batch.rowCount)
        digest.combine(batch.columnCount)
        for value in batch.dense.values + batch.sparse.values + batch.labels {
            digest.combine(value.double.bitPattern)
        }
        digest.combine(batch.sparse.indices)
        digest.combine(batch.sparse.offsets)
        digest.combine(batch.weights.map(\.bitPattern))
        digest.combine(batch.queries)
        for note in batch.notes { digest.combine(note.uid ?? note.metadata ?? note.configuration) }
        return digest.finalize()
    }

    @Test(arguments: Mutation.formats)
    func `damaged documents end the same way however they are cut`(format: DataFormat) {
        var generator = SeededGenerator(seed: Self.seed)
        let mutation = Mutation(format)
        var refused = 0
        for round in 0..<Self.rounds {
            let bytes = mutation.next(using: &generator)
            let whole = read(bytes, format, Float.self, longestChunk: 1 << 20, using: &generator)
            if whole.isRefused { refused += 1 }
            let cut = read(
                bytes,
                format,
                Float.self,
                longestChunk: round % 2 == 0 ? 3 : 40,
                using: &generator
            )
            #expect(whole == cut, "\(bytes)")
            if round % 4 == 0 {
                let doubles = read(bytes, format, Double.self, longestChunk: 1 << 20, using: &generator)
                #expect(doubles.isRefused == whole.isRefused, "\(bytes)")
                _ = read(bytes, format, Int32.self, longestChunk: 1 << 20, using: &generator)
            }
        }
        #expect(refused > Self.rounds / 20 && refused < Self.rounds)
    }
}
