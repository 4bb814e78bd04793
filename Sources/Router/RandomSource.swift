/// Fast random numbers of one event loop (xoshiro256**, Blackman and Vigna 2018), seeded by the system.
///
/// For spreading load and naming requests, not for secrets.
struct RandomSource: RandomNumberGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init() {
        var system = SystemRandomNumberGenerator()
        // An all-zero state would stay so.
        state = (system.next() | 1, system.next(), system.next(), system.next())
    }

    mutating func next() -> UInt64 {
        let result = rotate(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, 45)
        return result
    }

    private func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        (value << count) | (value >> (64 - count))
    }

    /// Uniform in `0..<1`.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A request id in the form of a random UUID.
    mutating func requestID() -> String {
        let high = next() & ~0xF000 | 0x4000
        let low = next() & ~(0xC << 60) | (0x8 << 60)
        return String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for (number, half) in [high, low].enumerated() {
                for nibble in 0..<16 {
                    let digits = number * 16 + nibble
                    if digits == 8 || digits == 12 || digits == 16 || digits == 20 {
                        text[position] = UInt8(ascii: "-")
                        position += 1
                    }
                    let value = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * nibble)) & 15
                    text[position] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
                    position += 1
                }
            }
            return position
        }
    }
}
