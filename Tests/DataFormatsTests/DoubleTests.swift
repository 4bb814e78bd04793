import DataFormats
import Glibc
import Testing

/// Decimal text against the C library's correctly rounding functions.
@Suite struct DoubleTests {
    private func read<Element: DataElement>(_ text: String, _: Element.Type) -> Element? {
        let digits = Array(text.utf8)
        // With much behind it, a number is read without looking for the end of the text.
        let answers = ["", ",", ",000000000000000000000000000000000000"].map { rest in
            var position = 0
            let number = Element.scan((digits + Array(rest.utf8)).span, &position)
            return position == digits.count ? number : nil
        }
        return answers[0] == answers[1] && answers[1] == answers[2] ? answers[0] : nil
    }

    @Test func `random decimals are rounded as strtod and strtof round them`() {
        var generator = SeededGenerator(seed: 5)
        var wrong: [String] = []
        for _ in 0..<300_000 {
            let digits =
                String(UInt64.random(in: 0...(.max), using: &generator))
                + (Int.random(in: 0..<8, using: &generator) == 0 ? String(generator.next()) : "")
            let cut = Int.random(in: 1...digits.count, using: &generator)
            var text = String(digits.prefix(cut))
            let point = Int.random(in: 0...text.count, using: &generator)
            text.insert(".", at: text.index(text.startIndex, offsetBy: point))
            if Bool.random(using: &generator) { text += "e\(Int.random(in: -345...310, using: &generator))" }
            if Bool.random(using: &generator) { text = "-" + text }
            if read(text, Double.self)?.bitPattern != strtod(text, nil).bitPattern { wrong.append(text) }
            if read(text, Float.self)?.bitPattern != strtof(text, nil).bitPattern { wrong.append(text) }
        }
        #expect(wrong == [])
    }

    @Test(arguments: ["", "-", "+", ".", "-.", "nan", "e5", "1e", "1e+", "\n1", " 1"])
    func `what is no number is none`(text: String) {
        #expect(read(text, Double.self) == nil)
        #expect(read(text, Float.self) == nil)
        #expect(read(text, Int32.self) == nil)
    }

    @Test func `every float64 is read back from its shortest text`() {
        var generator = SeededGenerator(seed: 6)
        var wrong: [Double] = []
        for _ in 0..<300_000 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            if read(number.description, Double.self)?.bitPattern != number.bitPattern { wrong.append(number) }
        }
        #expect(wrong == [])
    }

    @Test(arguments: [
        "2.2250738585072011e-308", "2.2250738585072014e-308", "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324", "1.7976931348623157e308", "1.7976931348623159e308", "9007199254740993",
        "9007199254740992.99999999999999999999", "9007199254740993.00000000000000000001", "0.1", "1e23",
        "8.5e-45", "7.0064923216240853546186479164495e-46", "3.4028235677973366e38", "1.1754943508222875e-38",
        "0.000000000000000000000000000000000000000000000000000000000000000000000001e100", "1e-400", "1e400",
    ])
    func `hard numbers are rounded as strtod and strtof round them`(text: String) {
        #expect(read(text, Double.self)?.bitPattern == strtod(text, nil).bitPattern)
        #expect(read(text, Float.self)?.bitPattern == strtof(text, nil).bitPattern)
    }
}
