/// The frames of a RecordIO stream: magic, length and kind, payload, padding to a multiple of 4 bytes.
enum RecordIOFrame {
    static let magic: UInt32 = 0xCED7_230A
    static let headerSize = 8
    private static let lengthMask: UInt32 = 0x1FFF_FFFF

    /// What a frame's payload is of its record.
    ///
    /// Writers split a record where it has the magic number inside.
    enum Kind: UInt32 {
        case whole = 0
        case first = 1
        case middle = 2
        case last = 3
    }

    struct Header: Equatable {
        let kind: UInt32
        /// Of the payload, in bytes.
        let length: Int

        /// Payload and header and what follows to a multiple of 4.
        var frameSize: Int { headerSize + (length + 3) & ~3 }
    }

    /// - Returns: nil if the magic number does not stand at `position`, where there must be 8 bytes.
    static func header(in bytes: Span<UInt8>, at position: Int) -> Header? {
        guard word(bytes, position) == magic else { return nil }
        let word = word(bytes, position + 4)
        return Header(kind: word >> 29, length: Int(word & lengthMask))
    }

    /// Appends a frame around what `payload` appends.
    ///
    /// - Precondition: Less than 2²⁹ bytes are appended.
    static func append(to bytes: inout [UInt8], _ payload: (inout [UInt8]) -> Void) {
        append(magic, to: &bytes)
        let start = bytes.count + 4
        append(0, to: &bytes)
        payload(&bytes)
        let length = bytes.count - start
        precondition(length <= Int(lengthMask))
        for index in 0..<4 { bytes[start - 4 + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
        while (bytes.count - start) % 4 != 0 { bytes.append(0) }
    }

    static func appendMagic(to bytes: inout [UInt8]) { append(magic, to: &bytes) }

    private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
        for index in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * index))) }
    }

    private static func word(_ bytes: Span<UInt8>, _ position: Int) -> UInt32 {
        precondition(position >= 0 && position + 4 <= bytes.count)
        return UInt32(
            littleEndian: bytes.bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: position,
                as: UInt32.self
            )
        )
    }
}
