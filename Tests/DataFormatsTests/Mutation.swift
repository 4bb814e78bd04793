import DataFormats

/// Documents of a format, and random damage to them.
struct Mutation {
    static let formats: [DataFormat] = [
        .csv(CSVOptions(labelCount: 1, header: .detected)), .csv(CSVOptions(delimiter: nil)),
        .csv(CSVOptions(delimiter: nil, labelCount: 1, weights: .afterLabels, lineBreaks: .refused)),
        .libSVM(LibSVMOptions()), .libSVM(LibSVMOptions(labels: .optional, firstIndex: 1)),
        .recordIO(RecordIOOptions()), .json, .jsonLines,
    ]

    private let seeds: [[UInt8]]
    private let alphabet: [UInt8]

    init(_ format: DataFormat) {
        var generator = SeededGenerator(seed: 77)
        var seeds: [[UInt8]] = []
        for isSparse in [false, true] {
            for labels in [0, 1] {
                var batch = RandomBatch.make(
                    Float.self,
                    isSparse: isSparse,
                    labels: labels,
                    using: &generator
                )
                if case .recordIO = format, labels == 1 {
                    batch.notes = (0..<batch.rowCount).map { RecordNote(uid: "u\($0)", metadata: "{}") }
                }
                var writer = format.writer(of: Float.self)
                var bytes: [UInt8] = []
                if (try? writer.write(batch, into: &bytes)) != nil {
                    writer.finish(into: &bytes)
                    seeds.append(bytes)
                }
            }
        }
        switch format {
        case .csv:
            seeds += [
                "1,2.5,-3e4,nan\n4,,\"6\",7\r\n8,9,10,inf\n", "\"a\",b\n 1 ;2\n", "1;2;3\n\n4;5;6",
                "\"1\n\",2,\"\r\n3\"\n4,5,\"6\n\n\"\n7,8,9\n", "\"a\nb\",\"c\"\"d\"\n1,\"\n2\n\"\n3,4\n",
            ].map { Array($0.utf8) }
            alphabet = Array("0123456789.,;:-+eE\"\" \t\r\n\n\u{0}nainf".utf8) + [0xFF, 0x80]
        case .libSVM:
            seeds += [
                "1:0.5 qid:1 0:1.5 7:-2e3 # x\n0:1 qid:2 3:4\n", "1 1:1 2:2\r\n2 4294967294:1\n", "1,2 1:1\n",
            ].map {
                Array($0.utf8)
            }
            alphabet = Array("0123456789.:-+e#qid \t\r\nnainf".utf8) + [0xFF, 0]
        case .recordIO:
            alphabet = [0, 1, 2, 3, 4, 5, 7, 8, 10, 18, 26, 0x23, 0x3A, 0x40, 0x7F, 0x80, 0xCE, 0xD7, 0xFF]
        case .json, .jsonLines:
            seeds += ["{\"a\":{\"b\":[1,\"]\\\"\"]},\"instances\":[[1,null],[2,NaN]]}", "[[1e9],[2]]"].map {
                Array($0.utf8)
            }
            alphabet = Array("0123456789.,:-+eE\"[]{}\\ \n\tnulNaInfity".utf8) + [0xFF, 0]
        }
        self.seeds = seeds
    }

    func next(using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = seeds.randomElement(using: &generator) ?? []
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let byte = alphabet.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: bytes.insert(byte, at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2 where place < bytes.count: bytes[place] = byte
            case 3 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 4: bytes.removeLast(bytes.count - place)
            case 5 where place < bytes.count:
                let end = min(bytes.count, place + Int.random(in: 1...16, using: &generator))
                bytes.insert(
                    contentsOf: bytes[place..<end],
                    at: Int.random(in: 0...bytes.count, using: &generator)
                )
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}

/// Records from a seed.
enum RandomBatch {
    static func make<Element: DataElement>(
        _ type: Element.Type,
        isSparse: Bool,
        labels: Int,
        using generator: inout SeededGenerator
    ) -> RecordBatch<Element> {
        let rows = Int.random(in: 1...8, using: &generator)
        let width = Int.random(in: 1...6, using: &generator)
        func value(_ generator: inout SeededGenerator) -> Element {
            switch (Int.random(in: 0..<8, using: &generator), Element.type) {
            case (0, .float32), (0, .float64): return Element.missing ?? .zero
            case (1, _): return .zero
            case (_, .int32):
                return Element(converting: Double(Int32.random(in: .min ... .max, using: &generator)))
                    ?? .zero
            case (2, .float32):
                return Element(
                    converting: Double(Float(bitPattern: .random(in: 0..<0x7F80_0000, using: &generator)))
                ) ?? .zero
            case (2, .float64):
                return Element(
                    converting: Double(bitPattern: .random(in: 0..<0x7FF0 << 48, using: &generator))
                ) ?? .zero
            case (3, _):
                return Element(converting: Double(Int.random(in: -9...9, using: &generator))) ?? .zero
            default: return Element(converting: Double.random(in: -1000...1000, using: &generator)) ?? .zero
            }
        }
        let labelValues = (0..<rows * labels).map { _ in
            Element(converting: Double(Int.random(in: -3...3, using: &generator))) ?? .zero
        }
        guard isSparse else {
            let values = (0..<rows * width).map { _ in value(&generator) }
            return RecordBatch(
                dense: DenseRows(values: values, columnCount: width),
                labels: labelValues,
                labelCount: labels
            )
        }
        var sparse = SparseRows<Element>()
        for row in 0..<rows {
            // The first row has the last feature, so that the width can be seen in every format.
            let indices = (0..<UInt32(width)).filter {
                Bool.random(using: &generator) || (row == 0 && $0 == width - 1)
            }
            sparse.append(
                indices: indices,
                values: indices.map { _ in value(&generator) },
                columnCount: width
            )
        }
        return RecordBatch(sparse: sparse, labels: labelValues, labelCount: labels)
    }
}
