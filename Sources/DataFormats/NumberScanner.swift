/// Reads decimal numbers out of text, each as the float32 nearest to it.
///
/// The usual number (at most 19 significant digits, an exponent within ±22) is computed in double precision: mantissa
/// and power of ten are each within half a unit, so the quotient is within two units of the true value, and rounding
/// it to float32 is right unless it lies that close to the middle between two floats. Those few, and numbers out of
/// that range, go to the standard library.
enum NumberScanner {
    /// Reads the number that starts at `position` and moves `position` behind it.
    ///
    /// - Returns: nil, with `position` unchanged, if no plain decimal number starts there.
    @inline(__always)
    static func scan(_ text: Span<UInt8>, _ position: inout Int) -> Float? {
        let start = position
        let end = text.count
        var index = start
        guard index < end else { return nil }
        let isNegative = text[unchecked: index] == 0x2D
        if isNegative || text[unchecked: index] == 0x2B { index += 1 }

        var mantissa: UInt64 = 0
        let integerStart = index
        readDigits(text, &index, into: &mantissa)
        var digitCount = index - integerStart
        var exponent = 0
        if index < end, text[unchecked: index] == 0x2E {
            index += 1
            let fractionStart = index
            readDigits(text, &index, into: &mantissa)
            exponent = fractionStart - index
            digitCount += index - fractionStart
        }
        guard digitCount > 0 else { return nil }
        if index < end, text[unchecked: index] | 0x20 == 0x65 {
            guard let written = scanExponent(text, &index) else { return nil }
            exponent += written
        }
        position = index
        // Leading zeros count as digits here; the rare long run of them only costs the slower way.
        if digitCount <= 19, exponent >= -22, exponent <= 22 {
            if mantissa == 0 { return isNegative ? -0.0 : 0 }
            let double =
                exponent < 0
                ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
            let distanceToTie = Int64(double.bitPattern & 0x1FFF_FFFF) - 0x1000_0000
            if distanceToTie > 2 || distanceToTie < -2, double > 1.2e-38, double < 3.4e38 {
                let float = Float(double)
                return isNegative ? -float : float
            }
        }
        return nearestFloat(text, start, index)
    }

    /// Reads `nan`, `inf` or `infinity` in any case, with an optional sign.
    static func scanNonFinite(_ word: String) -> Float? {
        var lower = word.lowercased()[...]
        let isNegative = lower.first == "-"
        if let sign = lower.first, sign == "-" || sign == "+" { lower = lower.dropFirst() }
        switch lower {
        case "nan": return .nan
        case "inf", "infinity": return isNegative ? -.infinity : .infinity
        default: return nil
        }
    }

    @inline(__always)
    private static func readDigits(_ text: Span<UInt8>, _ index: inout Int, into mantissa: inout UInt64) {
        while index < text.count {
            let digit = text[unchecked: index] &- 0x30
            guard digit <= 9 else { return }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            index += 1
        }
    }

    private static func scanExponent(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        var cursor = index + 1
        guard cursor < text.count else { return nil }
        let isNegative = text[cursor] == 0x2D
        if isNegative || text[cursor] == 0x2B { cursor += 1 }
        let start = cursor
        var value = 0
        while cursor < text.count, text[cursor] &- 0x30 <= 9 {
            // Clamped: beyond this every number is zero or infinite.
            value = min(value * 10 + Int(text[cursor] &- 0x30), 100_000)
            cursor += 1
        }
        guard cursor > start else { return nil }
        index = cursor
        return isNegative ? -value : value
    }

    @inline(never)
    private static func nearestFloat(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Float? {
        var digits = [UInt8]()
        digits.reserveCapacity(end - start)
        for index in start..<end { digits.append(text[index]) }
        // The standard library refuses a bare point at either end (`.5`, `5.`), which data files do contain.
        return Float(normalised(String(decoding: digits, as: UTF8.self)))
    }

    private static func normalised(_ number: String) -> String {
        guard let point = number.firstIndex(of: ".") else { return number }
        let whole = number[..<point]
        let rest = number[number.index(after: point)...]
        let fraction = rest.prefix { $0.isNumber }
        return (whole.last?.isNumber == true ? whole : whole + "0")
            + "." + (fraction.isEmpty ? "0" : fraction) + rest.dropFirst(fraction.count)
    }
}

private let powersOfTen: InlineArray<23, Double> = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
]
