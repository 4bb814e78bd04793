/// Rounds a decimal text to the nearest float, ties to even (Lemire, "Number parsing at a gigabyte per second", 2021;
/// Mushtak & Lemire, "Fast number parsing without fallback", 2023).
///
/// The product of the first 19 digits with a power of ten, of which 128 bits are known, has enough correct bits to
/// round. Only where more digits follow and matter does the standard library read the text.
enum DecimalRounding {
    @inline(never)
    static func nearestFloat(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Float {
        let digits = Digits(text, start, end)
        let bits = digits.nearest(.float32) ?? UInt64(Float(digits.text(text, start, end))?.bitPattern ?? 0)
        let float = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
        return digits.isNegative ? -float.magnitude : float.magnitude
    }

    @inline(never)
    static func nearestDouble(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Double {
        let digits = Digits(text, start, end)
        let bits = digits.nearest(.float64) ?? Double(digits.text(text, start, end))?.bitPattern ?? 0
        let double = Double(bitPattern: bits)
        return digits.isNegative ? -double.magnitude : double.magnitude
    }

    /// What rounding has to know about a binary format.
    struct Target {
        let mantissaBits: Int
        let minimumExponent: Int
        let infinitePower: Int
        /// Decimal exponents for which a product can lie exactly between two values.
        let tieExponents: ClosedRange<Int>
        let decimalExponents: ClosedRange<Int>

        static let float32 = Target(
            mantissaBits: 23,
            minimumExponent: -127,
            infinitePower: 0xFF,
            tieExponents: -17...10,
            decimalExponents: -64...38
        )
        static let float64 = Target(
            mantissaBits: 52,
            minimumExponent: -1023,
            infinitePower: 0x7FF,
            tieExponents: -4...23,
            decimalExponents: -342...308
        )
    }

    /// The bits of the value nearest to `mantissa × 10^exponent`, without sign.
    static func nearest(_ mantissa: UInt64, _ exponent: Int, _ target: Target) -> UInt64 {
        guard mantissa != 0, exponent >= target.decimalExponents.lowerBound else { return 0 }
        let infinity = UInt64(target.infinitePower) << UInt64(target.mantissaBits)
        guard exponent <= target.decimalExponents.upperBound else { return infinity }

        let leadingZeros = mantissa.leadingZeroBitCount
        let power = PowersOfFive.table[exponent - PowersOfFive.smallest]
        let product = self.product(
            mantissa << UInt64(leadingZeros),
            power,
            precision: target.mantissaBits + 3
        )
        let upperBit = Int(product.high >> 63)
        let shift = UInt64(upperBit + 64 - target.mantissaBits - 3)
        var rounded = product.high >> shift
        // floor(exponent × log2(10)) + 63, in fixed point.
        var binary =
            (((152_170 + 65_536) * exponent) >> 16) + 63 + upperBit - leadingZeros - target.minimumExponent
        if binary <= 0 {
            guard 1 - binary < 64 else { return 0 }
            rounded >>= UInt64(1 - binary)
            rounded = (rounded + (rounded & 1)) >> 1
            // Rounding up may have made the smallest normal value; its bits follow those of the subnormal ones.
            return rounded
        }
        if product.low <= 1, target.tieExponents.contains(exponent), rounded & 3 == 1,
            rounded << shift == product.high
        {
            rounded &= ~1  // Exactly in the middle: to even.
        }
        rounded = (rounded + (rounded & 1)) >> 1
        if rounded >= 2 << UInt64(target.mantissaBits) {
            rounded = 1 << UInt64(target.mantissaBits)
            binary += 1
        }
        guard binary < target.infinitePower else { return infinity }
        return rounded & ~(1 << UInt64(target.mantissaBits)) | UInt64(binary) << UInt64(target.mantissaBits)
    }

    private static func product(
        _ mantissa: UInt64,
        _ power: (high: UInt64, low: UInt64),
        precision: Int
    ) -> (high: UInt64, low: UInt64) {
        let mask = UInt64.max >> UInt64(precision)
        let first = mantissa.multipliedFullWidth(by: power.high)
        var (high, low) = (first.high, first.low)
        if high & mask == mask {
            let second = mantissa.multipliedFullWidth(by: power.low)
            let (sum, carries) = low.addingReportingOverflow(second.high)
            low = sum
            if carries { high += 1 }
        }
        return (high, low)
    }

    /// The significant digits of a number, which is known to be well-formed.
    private struct Digits {
        var isNegative = false
        /// The first 19 digits without leading zeros.
        var mantissa: UInt64 = 0
        var exponent = 0
        /// Whether a digit other than zero follows the mantissa's.
        var isTruncated = false

        init(_ text: Span<UInt8>, _ start: Int, _ end: Int) {
            var count = 0
            var isFraction = false
            var index = start
            while index < end {
                let byte = text[index]
                index += 1
                switch byte {
                case 0x2D: isNegative = true
                case 0x2B: continue
                case 0x2E: isFraction = true
                case 0x30...0x39:
                    if count == 19 {
                        if byte != 0x30 { isTruncated = true }
                        if !isFraction { exponent += 1 }
                        continue
                    }
                    if isFraction { exponent -= 1 }
                    mantissa = mantissa * 10 + UInt64(byte - 0x30)
                    if mantissa > 0 { count += 1 }
                default:  // The exponent's letter.
                    exponent += Self.written(text, index, end)
                    index = end
                }
            }
        }

        private static func written(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
            var (value, isNegative) = (0, false)
            for index in start..<end {
                switch text[index] {
                case 0x2D: isNegative = true
                case 0x2B: continue
                case let digit: value = min(value * 10 + Int(digit &- 0x30), 1_000_000_000)
                }
            }
            return isNegative ? -value : value
        }

        /// Nil if the digits that were left out decide.
        func nearest(_ target: Target) -> UInt64? {
            let lower = DecimalRounding.nearest(mantissa, exponent, target)
            guard isTruncated else { return lower }
            let upper = DecimalRounding.nearest(mantissa + 1, exponent, target)
            return lower == upper ? lower : nil
        }

        /// The number as the standard library reads it, which refuses a bare point at either end.
        func text(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> String {
            var digits = [UInt8]()
            digits.reserveCapacity(end - start + 2)
            for index in start..<end {
                if text[index] == 0x2E, digits.last.map({ $0 &- 0x30 > 9 }) ?? true { digits.append(0x30) }
                if digits.last == 0x2E, text[index] &- 0x30 > 9 { digits.append(0x30) }
                digits.append(text[index])
            }
            if digits.last == 0x2E { digits.append(0x30) }
            return String(decoding: digits, as: UTF8.self)
        }
    }
}
