import DataFormats
import Testing

@Suite struct NumberTests {
    private func number(_ text: String) throws -> Float {
        try CSVParser<Float>(CSVOptions()).parse(block: Array(text.utf8).span).batch.dense.values[0]
    }

    @Test func `every float32 that is written in full is read back`() throws {
        var generator = SeededGenerator(seed: 1)
        var wrong: [Float] = []
        for _ in 0..<200_000 {
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
            guard float.isFinite else { continue }
            if try number(float.description).bitPattern != float.bitPattern { wrong.append(float) }
        }
        #expect(wrong == [])
    }

    @Test func `decimals of every length are rounded as the standard library rounds them`() throws {
        var generator = SeededGenerator(seed: 2)
        var wrong: [String] = []
        for _ in 0..<200_000 {
            let digits = (0..<Int.random(in: 1...22, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }.joined()
            let point = Int.random(in: 0...digits.count, using: &generator)
            var text = (Bool.random(using: &generator) ? "-" : "") + "0" + digits.prefix(point)
            if point < digits.count { text += "." + digits.dropFirst(point) }
            if Bool.random(using: &generator) { text += "e\(Int.random(in: -50...50, using: &generator))" }
            if try number(text).bitPattern != Float(text)?.bitPattern { wrong.append(text) }
        }
        #expect(wrong == [])
    }

    /// Decimals next to the middle between two neighbouring floats, where a detour over double precision errs.
    @Test func `ties are broken by the last digit`() throws {
        var generator = SeededGenerator(seed: 3)
        var wrong: [String] = []
        for _ in 0..<20_000 {
            let float = Float.random(in: 1..<1000, using: &generator)
            let middle = (Double(float) + Double(float.nextUp)) / 2
            for text in [middle.description, middle.description + "000000001", middle.nextDown.description] {
                let found = try number(text)
                if found.bitPattern != Float(text)?.bitPattern { wrong.append(text) }
            }
        }
        #expect(wrong == [])
    }

    @Test(
        arguments: [
            ("5.", 5), (".5", 0.5), ("+7", 7), ("-0", -0.0), ("1e400", .infinity), ("1e-400", 0),
            ("00012", 12),
            ("0.00000000000000000000000000012345", 1.2345e-28), ("3.5e+2", 350), ("1E2", 100),
            ("16777217", 16_777_216), ("16777219", 16_777_220), ("1e-45", .leastNonzeroMagnitude),
        ] as [(String, Float)]
    )
    func `unusual spellings are read`(text: String, expected: Float) throws {
        #expect(try number(text).bitPattern == expected.bitPattern)
    }
}
