/// The check of zlib, gzip and Ethernet (polynomial 04C11DB7).
package struct CRC32: Sendable, Hashable {
    private static let algorithm = ReflectedCRC<UInt32>(polynomial: 0xEDB8_8320)
    private var register = UInt32.max

    /// The check of no bytes.
    package init() {}

    /// The check of one piece.
    package init(_ bytes: RawSpan) { update(bytes) }

    /// The check of all bytes so far.
    package var value: UInt32 { ~register }

    /// `value`, most significant byte first: what the header `x-amz-checksum-crc32` carries as base64.
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
    package static func combine(_ first: UInt32, _ second: UInt32, secondLength: Int) -> UInt32 {
        algorithm.combine(first, second, secondLength: secondLength)
    }
}
