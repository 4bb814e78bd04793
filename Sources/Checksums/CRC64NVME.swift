/// The 64-bit check of the NVM Express specification (polynomial AD93D23594C93659).
package struct CRC64NVME: Sendable, Hashable {
    private static let algorithm = ReflectedCRC<UInt64>(polynomial: 0x9A6C_9329_AC4B_C9B5)
    private var register = UInt64.max

    /// The check of no bytes.
    package init() {}

    /// The check of one piece.
    package init(_ bytes: RawSpan) { update(bytes) }

    /// The check of all bytes so far.
    package var value: UInt64 { ~register }

    /// `value`, most significant byte first: what the header `x-amz-checksum-crc64nvme` carries as base64.
    package var digest: [UInt8] { value.bigEndianBytes }

    /// Takes the next bytes in.
    package mutating func update(_ bytes: RawSpan) {
        register = Self.algorithm.advance(register, over: bytes)
    }

    /// Takes the next bytes in.
    package mutating func update(_ bytes: Span<UInt8>) { update(bytes.bytes) }

    /// The check of two parts in a row, from the checks of the parts.
    ///
    /// - Parameters:
    ///   - first: Check of the first part.
    ///   - second: Check of the second part.
    ///   - secondLength: Length of the second part in bytes.
    /// - Returns: What `value` would be after both.
    package static func combine(_ first: UInt64, _ second: UInt64, secondLength: Int) -> UInt64 {
        algorithm.combine(first, second, secondLength: secondLength)
    }
}
