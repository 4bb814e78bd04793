/// Reads `Record` messages into rows.
struct RecordMessageParser<Element: DataElement>: Sendable {
    private let options: RecordIOOptions
    private let featureName: [UInt8]
    private let labelName: [UInt8]
    private var sink = RowSink<Element>(unit: .record)
    /// Number of the field that the first record's features were in: all must be of one type.
    private var featureType: UInt64?

    init(_ options: RecordIOOptions) {
        self.options = options
        featureName = Array(options.feature.utf8)
        labelName = Array(options.label.utf8)
    }

    mutating func parse(
        _ bytes: Span<UInt8>,
        _ payload: Range<Int>,
        record: Int,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) {
        sink.clear()
        do throws(TensorFault) {
            try parseRecord(bytes, payload)
        } catch {
            switch error {
            case .malformed(let text):
                throw DataFormatError(
                    .malformed("the record is no RecordIO-protobuf message: \(text)"),
                    record: record
                )
            case .refused(let reason, let column):
                throw DataFormatError(reason, record: record, column: column)
            }
        }
        try sink.commit(into: &batch, number: record)
    }

    private enum TensorFault: Error {
        case malformed(String)
        case refused(DataFormatError.Reason, column: Int?)
    }

    private mutating func parseRecord(_ bytes: Span<UInt8>, _ payload: Range<Int>) throws(TensorFault) {
        var features: Range<Int>?
        var label: Range<Int>?
        do throws(ProtobufCursor.Malformed) {
            var cursor = ProtobufCursor(payload)
            while !cursor.isAtEnd {
                let field = try cursor.field(in: bytes)
                guard (1...5).contains(field.number),
                    field.wireType == ProtobufCursor.WireType.lengthDelimited
                else {
                    try cursor.skip(field, in: bytes)
                    continue
                }
                let range = try cursor.range(in: bytes)
                switch field.number {
                // The last entry of a name wins.
                case 1: features = try value(of: featureName, bytes, entry: range) ?? features
                case 2: label = try value(of: labelName, bytes, entry: range) ?? label
                case 3: sink.note.uid = text(bytes, range)
                case 4: sink.note.metadata = text(bytes, range)
                default: sink.note.configuration = text(bytes, range)
                }
            }
        } catch { throw .malformed(error.text) }
        guard let features else {
            throw .refused(.malformed("the record has no feature '\(options.feature)'"), column: nil)
        }
        try parseTensors(bytes, features, isLabel: false)
        if let label { try parseTensors(bytes, label, isLabel: true) }
    }

    /// Bounds of the value in a map's entry, if its key is `name`.
    private func value(
        of name: [UInt8],
        _ bytes: Span<UInt8>,
        entry: Range<Int>
    ) throws(ProtobufCursor.Malformed) -> Range<Int>? {
        var cursor = ProtobufCursor(entry)
        // Entries leave an empty key or value out.
        var isNamed = name.isEmpty
        var value = entry.upperBound..<entry.upperBound
        while !cursor.isAtEnd {
            let field = try cursor.field(in: bytes)
            guard field.number <= 2, field.wireType == ProtobufCursor.WireType.lengthDelimited else {
                try cursor.skip(field, in: bytes)
                continue
            }
            let range = try cursor.range(in: bytes)
            if field.number == 2 {
                value = range
            } else {
                isNamed = range.count == name.count
                if isNamed {
                    for index in name.indices where name[index] != bytes[range.lowerBound + index] {
                        isNamed = false
                    }
                }
            }
        }
        return isNamed ? value : nil
    }

    /// Reads a `Value`: one tensor, of which the last kind counts.
    private mutating func parseTensors(
        _ bytes: Span<UInt8>,
        _ value: Range<Int>,
        isLabel: Bool
    ) throws(TensorFault) {
        var tensor = Tensor<Element>()
        do throws(ProtobufCursor.Malformed) {
            var cursor = ProtobufCursor(value)
            while !cursor.isAtEnd {
                let field = try cursor.field(in: bytes)
                let number = field.number
                guard number == 2 || number == 3 || number == 7 || number == 9,
                    field.wireType == ProtobufCursor.WireType.lengthDelimited
                else {
                    try cursor.skip(field, in: bytes)
                    continue
                }
                try tensor.read(bytes, cursor.range(in: bytes), kind: field.number)
            }
        } catch { throw .malformed(error.text) }
        // Said only in errors: a text per record would cost more than its numbers.
        var name: String { isLabel ? "label '\(options.label)'" : "feature '\(options.feature)'" }
        if tensor.kind == Tensor<Element>.bytesKind {
            throw .refused(.malformed("\(name) holds bytes, not numbers"), column: nil)
        }
        if let place = tensor.unrepresentable {
            throw .refused(.unrepresentable(place.text, Element.type), column: place.index + 1)
        }
        guard !isLabel else {
            guard tensor.keys.isEmpty else { throw .refused(.malformed("\(name) is sparse"), column: nil) }
            sink.labels = tensor.values
            return
        }
        if featureType == nil, tensor.kind != 0 { featureType = tensor.kind }
        guard tensor.kind == featureType || tensor.kind == 0 else {
            throw .refused(.malformed("\(name) is of another type than in the records before"), column: nil)
        }
        sink.values = tensor.values
        sink.keys = tensor.keys
        sink.shape = tensor.shape
    }

    private func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        bytes.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
