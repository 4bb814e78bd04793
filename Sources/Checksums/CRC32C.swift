import CChecksums

/// The Castagnoli check of iSCSI (polynomial 1EDC6F41, RFC 3720).
package struct CRC32C: Sendable, Hashable {
    private static let algorithm = ReflectedCRC<UInt32>(polynomial: 0x82F6_3B78)
    private static let hasInstruction = ccs_has_crc32c()
    private var register = UInt32.max

    /// The check of no bytes.
    package init() {}

    /// The check of one piece.
    package init(_ bytes: RawSpan) { update(bytes) }

    /// The check of all bytes so far.
    package var value: UInt32 { ~register }

    /// `value`, most significant byte first: what the header `x-amz-checksum-crc32c` carries as base64.
    package var digest: [UInt8] { value.bigEndianBytes }

    /// Takes the next bytes in.
    package mutating func update(_ bytes: RawSpan) {
        guard Self.hasInstruction else {
            register = Self.algorithm.advance(register, over: bytes)
            return
        }
        register = bytes.withUnsafeBytes { raw in
            guard let start = raw.baseAddress else { return register }
            return ccs_crc32c(register, start.assumingMemoryBound(to: UInt8.self), raw.count)
        }
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
