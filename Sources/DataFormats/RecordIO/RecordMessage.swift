/// An `aialgs.data.Record` to be written: tensors by name.
package struct RecordMessage<Element: DataElement>: Sendable {
    /// A tensor with its name.
    package struct Entry: Sendable {
        var name: String
        var values: ArraySlice<Element>
        /// Positions of the values in a sparse tensor; nil in a dense one.
        var keys: ArraySlice<UInt32>?
        var shape: [UInt64]

        /// A dense tensor without a shape.
        package init(_ name: String, _ values: ArraySlice<Element>) {
            self.name = name
            self.values = values
            keys = nil
            shape = []
        }

        /// A sparse vector.
        package init(_ name: String, keys: ArraySlice<UInt32>, values: ArraySlice<Element>, width: Int) {
            precondition(keys.count == values.count)
            self.name = name
            self.values = values
            self.keys = keys
            shape = [UInt64(width)]
        }
    }

    package var features: [Entry]
    package var labels: [Entry]
    package var note: RecordNote

    package init(features: [Entry] = [], labels: [Entry] = [], note: RecordNote = RecordNote()) {
        self.features = features
        self.labels = labels
        self.note = note
    }

    /// Appends the message in a frame of its own, which is whole.
    package func appendFrame(to bytes: inout [UInt8]) {
        RecordIOFrame.append(to: &bytes) { bytes in
            for entry in features { append(entry, field: 1, to: &bytes) }
            for entry in labels { append(entry, field: 2, to: &bytes) }
            append(note.uid, field: 3, to: &bytes)
            append(note.metadata, field: 4, to: &bytes)
            append(note.configuration, field: 5, to: &bytes)
        }
    }

    private func append(_ text: String?, field: UInt8, to bytes: inout [UInt8]) {
        guard let text else { return }
        Self.append(field: field, Array(text.utf8), to: &bytes)
    }

    private func append(_ entry: Entry, field: UInt8, to bytes: inout [UInt8]) {
        var tensor: [UInt8] = []
        if !entry.values.isEmpty { Self.append(field: 1, Self.packed(entry.values), to: &tensor) }
        if let keys = entry.keys, !keys.isEmpty {
            Self.append(field: 2, Self.varints(keys.lazy.map(UInt64.init)), to: &tensor)
        }
        if !entry.shape.isEmpty { Self.append(field: 3, Self.varints(entry.shape), to: &tensor) }
        var value: [UInt8] = []
        let kind: UInt8 =
            switch Element.type {
            case .float32: 2
            case .float64: 3
            case .int32: 7
            }
        Self.append(field: kind, tensor, to: &value)
        var map: [UInt8] = []
        Self.append(field: 1, Array(entry.name.utf8), to: &map)
        Self.append(field: 2, value, to: &map)
        Self.append(field: field, map, to: &bytes)
    }

    private static func packed(_ values: ArraySlice<Element>) -> [UInt8] {
        guard Element.type == .int32 else {
            return values.withUnsafeBytes { Array($0) }
        }
        // A negative number is written as the 64-bit number that it is, in ten bytes.
        return varints(values.lazy.map { UInt64(bitPattern: Int64($0.double)) })
    }

    private static func varints(_ numbers: some Sequence<UInt64>) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in numbers { append(varint: number, to: &bytes) }
        return bytes
    }

    private static func append(field: UInt8, _ content: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(field << 3 | ProtobufCursor.WireType.lengthDelimited)
        append(varint: UInt64(content.count), to: &bytes)
        bytes.append(contentsOf: content)
    }

    private static func append(varint number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
