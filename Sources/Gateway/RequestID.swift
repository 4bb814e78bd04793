/// Makes the ids under which requests are logged and answered.
package enum RequestID {
    /// A random id in the form of a version 4 UUID, lower case.
    package static func next() -> String {
        var generator = SystemRandomNumberGenerator()
        let high: UInt64 = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low: UInt64 = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                let half = digit < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: half >> UInt64(4 * (15 - digit % 16)) & 15)
                text[position] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
                position += 1
            }
            return position
        }
    }
}
