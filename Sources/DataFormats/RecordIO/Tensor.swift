/// The numbers of a `Float32Tensor`, `Float64Tensor` or `Int32Tensor`, converted to one type.
struct Tensor<Element: DataElement>: Sendable {
    /// Field of `Value` that holds bytes.
    static var bytesKind: UInt64 { 9 }

    /// The first value that is none of `Element`.
    struct Unrepresentable {
        let index: Int
        let text: String
    }

    /// Field of `Value` that was read: 2 float32, 3 float64, 7 int32, 9 bytes; 0 for none.
    private(set) var kind: UInt64 = 0
    private(set) var values: [Element] = []
    private(set) var keys: [UInt64] = []
    private(set) var shape: [UInt64] = []
    private(set) var unrepresentable: Unrepresentable?

    /// Reads a tensor message; one of the same kind as before is merged, another one takes its place.
    mutating func read(
        _ bytes: Span<UInt8>,
        _ message: Range<Int>,
        kind: UInt64
    ) throws(ProtobufCursor.Malformed) {
        if kind != self.kind { self = Tensor() }
        self.kind = kind
        guard kind != Self.bytesKind else { return }
        var cursor = ProtobufCursor(message)
        while !cursor.isAtEnd {
            let field = try cursor.field(in: bytes)
            switch field.number {
            case 1: try readValues(bytes, field, &cursor)
            case 2: try Self.readVarints(bytes, field, &cursor, into: &keys)
            case 3: try Self.readVarints(bytes, field, &cursor, into: &shape)
            default: try cursor.skip(field, in: bytes)
            }
        }
    }

    private mutating func readValues(
        _ bytes: Span<UInt8>,
        _ field: ProtobufCursor.Field,
        _ cursor: inout ProtobufCursor
    ) throws(ProtobufCursor.Malformed) {
        typealias WireType = ProtobufCursor.WireType
        switch (kind, field.wireType) {
        case (2, WireType.fixed32):
            let position = try cursor.fixed(4)
            try appendFloats(bytes, position..<position + 4)
        case (2, WireType.lengthDelimited): try appendFloats(bytes, cursor.range(in: bytes))
        case (3, WireType.fixed64):
            let position = try cursor.fixed(8)
            try appendDoubles(bytes, position..<position + 8)
        case (3, WireType.lengthDelimited): try appendDoubles(bytes, cursor.range(in: bytes))
        case (7, WireType.varint): append(Double(Int32(truncatingIfNeeded: try cursor.varint(in: bytes))))
        case (7, WireType.lengthDelimited):
            var packed = ProtobufCursor(try cursor.range(in: bytes))
            while !packed.isAtEnd {
                append(Double(Int32(truncatingIfNeeded: try packed.varint(in: bytes))))
            }
        default: try cursor.skip(field, in: bytes)
        }
    }

    private static func readVarints(
        _ bytes: Span<UInt8>,
        _ field: ProtobufCursor.Field,
        _ cursor: inout ProtobufCursor,
        into numbers: inout [UInt64]
    ) throws(ProtobufCursor.Malformed) {
        switch field.wireType {
        case ProtobufCursor.WireType.varint: numbers.append(try cursor.varint(in: bytes))
        case ProtobufCursor.WireType.lengthDelimited:
            var packed = ProtobufCursor(try cursor.range(in: bytes))
            while !packed.isAtEnd { numbers.append(try packed.varint(in: bytes)) }
        default: try cursor.skip(field, in: bytes)
        }
    }

    private mutating func appendFloats(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>
    ) throws(ProtobufCursor.Malformed) {
        guard range.count % 4 == 0 else { throw .init(text: "\(range.count) bytes are no float32 numbers") }
        if Element.type == .float32 { return copy(bytes.extracting(range)) }
        for position in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
            let bits = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt32.self)
            append(Double(Float(bitPattern: UInt32(littleEndian: bits))))
        }
    }

    private mutating func appendDoubles(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>
    ) throws(ProtobufCursor.Malformed) {
        guard range.count % 8 == 0 else { throw .init(text: "\(range.count) bytes are no float64 numbers") }
        if Element.type == .float64 { return copy(bytes.extracting(range)) }
        for position in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            let bits = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
            append(Double(bitPattern: UInt64(littleEndian: bits)))
        }
    }

    /// Takes little-endian numbers of the own type as they are; all machines that Swift runs on are little-endian.
    private mutating func copy(_ bytes: Span<UInt8>) {
        let start = values.count * MemoryLayout<Element>.size
        values.append(contentsOf: repeatElement(.zero, count: bytes.count / MemoryLayout<Element>.size))
        values.withUnsafeMutableBytes { target in
            bytes.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: target[start...]).copyMemory(from: source)
            }
        }
    }

    private mutating func append(_ number: Double) {
        if let value = Element(converting: number) { return values.append(value) }
        if unrepresentable == nil {
            unrepresentable = Unrepresentable(index: values.count, text: number.description)
        }
        values.append(.zero)
    }
}
