/// A position in the wire format of protocol buffers, within bounds.
struct ProtobufCursor {
    /// A field's number and what stands behind it.
    struct Field {
        let number: UInt64
        let wireType: UInt8
    }

    /// Wire types that this format uses.
    enum WireType {
        static let varint: UInt8 = 0
        static let fixed64: UInt8 = 1
        static let lengthDelimited: UInt8 = 2
        static let startGroup: UInt8 = 3
        static let endGroup: UInt8 = 4
        static let fixed32: UInt8 = 5
    }

    /// Bytes that are no message, in words.
    struct Malformed: Error {
        let text: String
    }

    private(set) var position: Int
    let end: Int

    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position >= end }

    @inline(__always)
    mutating func field(in bytes: Span<UInt8>) throws(Malformed) -> Field {
        let tag = try varint(in: bytes)
        guard tag >> 3 != 0, tag >> 3 < 1 << 29 else {
            throw Malformed(text: "a field has number \(tag >> 3)")
        }
        return Field(number: tag >> 3, wireType: UInt8(tag & 7))
    }

    @inline(__always)
    mutating func varint(in bytes: Span<UInt8>) throws(Malformed) -> UInt64 {
        if position < end, bytes[position] < 0x80 {
            position += 1
            return UInt64(bytes[position - 1])
        }
        return try longVarint(in: bytes)
    }

    /// The bounds of a length-delimited field.
    @inline(__always)
    mutating func range(in bytes: Span<UInt8>) throws(Malformed) -> Range<Int> {
        let length = try varint(in: bytes)
        guard length <= UInt64(end - position) else {
            throw Malformed(text: "a field of \(length) bytes ends behind its message")
        }
        let start = position
        position += Int(length)
        return start..<position
    }

    /// The position of so many bytes, which are skipped.
    mutating func fixed(_ count: Int) throws(Malformed) -> Int {
        guard end - position >= count else { throw Malformed(text: "a number ends behind its message") }
        position += count
        return position - count
    }

    /// Skips the value of a field that nobody asked for.
    mutating func skip(_ field: Field, in bytes: Span<UInt8>) throws(Malformed) {
        var open: [UInt64] = []
        var field = field
        while true {
            switch field.wireType {
            case WireType.varint: _ = try varint(in: bytes)
            case WireType.fixed64: _ = try fixed(8)
            case WireType.lengthDelimited: _ = try range(in: bytes)
            case WireType.fixed32: _ = try fixed(4)
            case WireType.startGroup:
                guard open.count < 100 else { throw Malformed(text: "groups are nested too deeply") }
                open.append(field.number)
            case WireType.endGroup:
                guard open.popLast() == field.number else {
                    throw Malformed(text: "a group ends that did not begin")
                }
            default: throw Malformed(text: "a field has wire type \(field.wireType)")
            }
            if open.isEmpty { return }
            field = try self.field(in: bytes)
        }
    }

    @inline(never)
    private mutating func longVarint(in bytes: Span<UInt8>) throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw Malformed(text: "a number ends behind its message") }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed(text: "a number has more than 10 bytes")
    }
}
