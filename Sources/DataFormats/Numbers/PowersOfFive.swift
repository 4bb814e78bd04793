/// The first 128 bits of 5ⁿ for every n that a float64 can need: cut off for n ≥ 0, rounded up for n < 0.
enum PowersOfFive {
    static let smallest = -342
    private static let largest = 308

    /// The power of 5ⁿ stands at `n - smallest`.
    ///
    /// Computed once, from exact integers.
    static let table: [(high: UInt64, low: UInt64)] = reciprocals().reversed() + powers()

    /// 5⁰, 5¹, ….
    private static func powers() -> [(high: UInt64, low: UInt64)] {
        var number = LongNumber(limbs: [1])
        return (0...largest).map { exponent in
            if exponent > 0 { number.multiply(by: 5) }
            return number.leadingBits
        }
    }

    /// 5⁻¹, 5⁻², …: the quotient of a great power of two, whose own length does not matter.
    private static func reciprocals() -> [(high: UInt64, low: UInt64)] {
        // 5³⁴² has 795 bits, so that the last quotient still has more than 128.
        var number = LongNumber(limbs: [UInt64](repeating: 0, count: 16) + [1])
        return (1...(-smallest)).map { _ in
            number.divide(by: 5)
            let bits = number.leadingBits
            let (low, carries) = bits.low.addingReportingOverflow(1)
            return (carries ? bits.high + 1 : bits.high, low)
        }
    }
}

/// A natural number of any length, the lowest limb first.
private struct LongNumber {
    var limbs: [UInt64]

    mutating func multiply(by factor: UInt64) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = limbs[index].multipliedFullWidth(by: factor)
            let (sum, overflows) = product.low.addingReportingOverflow(carry)
            limbs[index] = sum
            carry = product.high + (overflows ? 1 : 0)
        }
        if carry > 0 { limbs.append(carry) }
    }

    /// Divides and forgets the remainder.
    mutating func divide(by divisor: UInt64) {
        var remainder: UInt64 = 0
        for index in limbs.indices.reversed() {
            (limbs[index], remainder) = divisor.dividingFullWidth((remainder, limbs[index]))
        }
        if limbs.last == 0 { limbs.removeLast() }
    }

    /// The highest 128 bits, the first of them set.
    var leadingBits: (high: UInt64, low: UInt64) {
        func limb(_ fromTop: Int) -> UInt64 {
            limbs.count > fromTop ? limbs[limbs.count - 1 - fromTop] : 0
        }
        let shift = UInt64(limb(0).leadingZeroBitCount)
        guard shift > 0 else { return (limb(0), limb(1)) }
        return (limb(0) << shift | limb(1) >> (64 - shift), limb(1) << shift | limb(2) >> (64 - shift))
    }
}
