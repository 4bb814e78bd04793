/// Reads decimal numbers out of text, each as the float32 or float64 nearest to it.
///
/// Eight digits are read at a time. The usual number (at most 18 digits, an exponent within ±22) then needs one
/// multiplication or division in double precision; others go to `DecimalRounding`.
package enum NumberScanner {
    /// Reads the number that starts at `position` and moves `position` behind it.
    ///
    /// The product of mantissa and power of ten carries three rounding errors of half a unit each, so it is within three
    /// units of the true value, and rounding it to float32 is right unless it lies that close to the middle between
    /// two floats.
    ///
    /// - Returns: nil, with `position` unchanged, if no plain decimal number starts there.
    @inline(__always)
    package static func scanFloat(_ text: Span<UInt8>, _ position: inout Int) -> Float? {
        let start = position
        guard let decimal = scanDecimal(text, &position) else { return nil }
        if decimal.isShort {
            if decimal.mantissa == 0 { return decimal.isNegative ? -0.0 : 0 }
            let double = Double(Int64(bitPattern: decimal.mantissa)) * scales[decimal.exponent + 22]
            let distanceToTie = Int64(double.bitPattern & 0x1FFF_FFFF) - 0x1000_0000
            // Beyond the second bound lie subnormal floats, whose ties are elsewhere.
            if distanceToTie.magnitude > 4, double > 1.2e-38, double < 3.4e38 {
                let sign: UInt32 = decimal.isNegative ? 1 << 31 : 0
                return Float(bitPattern: Float(double).bitPattern | sign)
            }
        }
        return DecimalRounding.nearestFloat(text, start, position)
    }

    /// Like `scanFloat`, for float64.
    ///
    /// A mantissa below 2⁵³ and a power of ten up to 10²² are exact, so that their
    /// product or quotient is rounded once (Clinger 1990).
    @inline(__always)
    package static func scanDouble(_ text: Span<UInt8>, _ position: inout Int) -> Double? {
        let start = position
        guard let decimal = scanDecimal(text, &position) else { return nil }
        if decimal.isShort, decimal.mantissa <= 1 << 53 {
            let mantissa = Double(Int64(bitPattern: decimal.mantissa))
            let double =
                decimal.exponent < 0
                ? mantissa / scales[22 - decimal.exponent] : mantissa * scales[22 + decimal.exponent]
            return Double(bitPattern: double.bitPattern | (decimal.isNegative ? 1 << 63 : 0))
        }
        return DecimalRounding.nearestDouble(text, start, position)
    }

    /// Reads `nan`, `inf` or `infinity` in any case, with an optional sign.
    package static func scanNonFinite(_ word: String) -> Double? {
        var lower = word.lowercased()[...]
        let isNegative = lower.first == "-"
        if let sign = lower.first, sign == "-" || sign == "+" { lower = lower.dropFirst() }
        switch lower {
        case "nan": return .nan
        case "inf", "infinity": return isNegative ? -.infinity : .infinity
        default: return nil
        }
    }

    /// A number as it stands in the text.
    private struct Decimal {
        var mantissa: UInt64
        var exponent: Int
        var isNegative: Bool
        /// Whether the mantissa has all digits, and the exponent is within ±22.
        var isShort: Bool
    }

    @inline(__always)
    private static func scanDecimal(_ text: Span<UInt8>, _ position: inout Int) -> Decimal? {
        // The usual number, at most `-1234567.1234567890123456` without an exponent, where no bounds need a check.
        if position &+ 32 <= text.count {
            let first = text[unchecked: position]
            let isNegative = first == 0x2D
            let integer = digits(text, position &+ (isNegative ? 1 : 0))
            var end = position &+ (isNegative ? 1 : 0) &+ integer.count
            if integer.count > 0, integer.count < 8 {
                var mantissa = integer.value
                var fractionCount = 0
                if text[unchecked: end] == 0x2E {
                    let fraction = digits(text, end &+ 1)
                    mantissa = mantissa &* wholePowers[fraction.count] &+ fraction.value
                    fractionCount = fraction.count
                    if fractionCount == 8 {
                        let more = digits(text, end &+ 9)
                        mantissa = mantissa &* wholePowers[more.count] &+ more.value
                        fractionCount = 8 &+ more.count
                    }
                    end = end &+ 1 &+ fractionCount
                }
                if fractionCount < 16, text[unchecked: end] | 0x20 != 0x65 {
                    position = end
                    return Decimal(
                        mantissa: mantissa,
                        exponent: 0 &- fractionCount,
                        isNegative: isNegative,
                        isShort: integer.count &+ fractionCount <= 18
                    )
                }
            }
        }
        return scanAnyDecimal(text, &position)
    }

    /// The up to eight digits at `position`, which eight bytes follow.
    @inline(__always)
    private static func digits(_ text: Span<UInt8>, _ position: Int) -> (value: UInt64, count: Int) {
        let word = UInt64(
            littleEndian: text.bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: position,
                as: UInt64.self
            )
        )
        let digits = word ^ 0x3030_3030_3030_3030
        // The top bit of each byte that is no digit.
        let others =
            (((digits & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
        let count = others.trailingZeroBitCount &>> 3
        // The digits move up; zeros stand before them.
        return (eightDigits(digits << UInt64(truncatingIfNeeded: 64 &- 8 &* count)), count)
    }

    @inline(never)
    private static func scanAnyDecimal(_ text: Span<UInt8>, _ position: inout Int) -> Decimal? {
        let end = text.count
        var index = position
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
        return Decimal(
            mantissa: mantissa,
            exponent: exponent,
            isNegative: isNegative,
            isShort: digitCount <= 18 && exponent >= -22 && exponent <= 22
        )
    }

    private static func readDigits(_ text: Span<UInt8>, _ index: inout Int, into mantissa: inout UInt64) {
        while index < text.count {
            let digit = text[unchecked: index] &- 0x30
            guard digit <= 9 else { return }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            index += 1
        }
    }

    /// The number whose decimal digits are the bytes of `digits`, the first in the lowest byte.
    @inline(__always)
    private static func eightDigits(_ digits: UInt64) -> UInt64 {
        let pairs = digits &* 10 &+ (digits &>> 8)
        let outer = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let inner = ((pairs &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (outer &+ inner) &>> 32
    }

    private static func scanExponent(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        var cursor = index + 1
        guard cursor < text.count else { return nil }
        let isNegative = text[cursor] == 0x2D
        if isNegative || text[cursor] == 0x2B { cursor += 1 }
        let start = cursor
        var value = 0
        while cursor < text.count, text[cursor] &- 0x30 <= 9 {
            // Clamped: a text of the longest line with such an exponent is zero or infinite.
            value = min(value * 10 + Int(text[cursor] &- 0x30), 1_000_000_000)
            cursor += 1
        }
        guard cursor > start else { return nil }
        index = cursor
        return isNegative ? -value : value
    }
}

/// 10⁻²² to 10²².
private let scales: InlineArray<45, Double> = [
    1e-22, 1e-21, 1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8,
    1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

private let wholePowers: InlineArray<9, UInt64> = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
]
