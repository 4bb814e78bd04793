/// Framed `aialgs.data.Record` messages, as the built-in algorithms read them.
///
/// Split records, unpacked values and unknown fields are read; numbers of another type than `Element` are converted.
package struct RecordIOParser<Element: DataElement>: RecordParser {
    private var message: RecordMessageParser<Element>
    private var recordsRead = 0
    /// The parts of a split record so far.
    private var parts: [UInt8]?

    package init(_ options: RecordIOOptions) { message = RecordMessageParser(options) }

    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package mutating func parse(
        _ bytes: Span<UInt8>,
        isLast: Bool,
        limit: BatchLimit,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) -> Int {
        var position = 0
        while !batch.isFull(limit) {
            guard let header = try header(bytes, position, isLast: isLast) else { break }
            let start = position + RecordIOFrame.headerSize
            let missing = start + header.length - bytes.count
            if missing > 0 || (position + header.frameSize > bytes.count && !isLast) {
                guard isLast else { break }
                throw error(
                    "the record is cut off: its header says \(header.length) bytes, "
                        + "\(bytes.count - start) are there"
                )
            }
            try parseFrame(bytes, start..<start + header.length, kind: header.kind, into: &batch)
            position = min(position + header.frameSize, bytes.count)
        }
        return position
    }

    private func header(
        _ bytes: Span<UInt8>,
        _ position: Int,
        isLast: Bool
    ) throws(DataFormatError) -> RecordIOFrame.Header? {
        guard bytes.count - position >= RecordIOFrame.headerSize else {
            guard isLast else { return nil }
            if position == bytes.count, parts == nil { return nil }
            throw error(
                position == bytes.count
                    ? "the last part of a split record is missing"
                    : "\(bytes.count - position) bytes stand where a header of 8 bytes should be"
            )
        }
        guard let header = RecordIOFrame.header(in: bytes, at: position) else {
            throw error("the header does not start with the RecordIO magic number")
        }
        guard header.length <= LineLimit.longest else {
            throw DataFormatError(.lineTooLong(limit: LineLimit.longest), record: recordsRead + 1)
        }
        return header
    }

    private mutating func parseFrame(
        _ bytes: Span<UInt8>,
        _ payload: Range<Int>,
        kind: UInt32,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) {
        guard let kind = RecordIOFrame.Kind(rawValue: kind) else {
            throw error("the header has kind \(kind), which RecordIO does not know")
        }
        guard (kind == .whole || kind == .first) == (parts == nil) else {
            throw error(
                parts == nil ? "a part of a record has no first part" : "a split record has no last part"
            )
        }
        if kind == .whole {
            recordsRead += 1
            return try message.parse(bytes, payload, record: recordsRead, into: &batch)
        }
        var whole = parts ?? []
        parts = nil
        if kind != .first { RecordIOFrame.appendMagic(to: &whole) }
        bytes.extracting(payload).withUnsafeBufferPointer { whole.append(contentsOf: $0) }
        guard whole.count <= LineLimit.longest else {
            throw DataFormatError(.lineTooLong(limit: LineLimit.longest), record: recordsRead + 1)
        }
        guard kind == .last else {
            parts = whole
            return
        }
        recordsRead += 1
        try message.parse(whole.span, 0..<whole.count, record: recordsRead, into: &batch)
    }

    private func error(_ text: String) -> DataFormatError {
        DataFormatError(.malformed(text), record: recordsRead + 1)
    }
}
