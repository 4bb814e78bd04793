/// Bytes as hexadecimal digits.
package enum Hex {
    /// Two lower-case digits per byte.
    // Every call has some: what is inlined knows what it goes through.
    @inlinable
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(64)
        append(bytes, to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    /// Writes two lower-case digits per byte.
    @inlinable
    package static func append(_ bytes: some Sequence<UInt8>, to digits: inout [UInt8]) {
        for byte in bytes {
            digits.append(lowerDigit(byte >> 4))
            digits.append(lowerDigit(byte & 15))
        }
    }

    /// The bytes of an even number of digits; `nil` for anything else.
    ///
    /// - Parameters:
    ///   - text: Digits only.
    ///   - upperCase: Whether `A` to `F` count as digits.
    /// - Returns: Half as many bytes as there are digits.
    package static func decode(_ text: some StringProtocol, upperCase: Bool = true) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for digit in text.utf8 {
            guard let value = value(of: digit) else { return nil }
            if !upperCase, (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(digit) { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }

    static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    @usableFromInline
    package static func lowerDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
