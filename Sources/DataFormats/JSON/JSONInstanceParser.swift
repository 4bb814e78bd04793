/// Reads instances in the forms that SageMaker's algorithms take.
///
///     {"features": [1.5, 16.0]}
///     {"data": {"features": {"values": [1.5, 16.0]}}}
///     {"data": {"features": {"keys": [26, 182], "shape": [2000], "values": [1, 1]}}}
///     [1.5, 16.0]
///
/// A member `label` beside `features` holds a number, a list, or an object with `values`. Missing values are `null` or
/// `NaN`; infinities are written as Python does it, or as numbers too great for any type. Other members are ignored.
struct JSONInstanceParser<Element: DataElement>: Sendable {
    private var sink: RowSink<Element>

    init(unit: DataFormatError.Unit) { sink = RowSink(unit: unit) }

    private typealias Fault = JSONInstanceFault

    /// - Parameters:
    ///   - text: One instance, and blanks around it.
    ///   - number: Of its line or record.
    ///   - batch: Where the row goes.
    /// - Throws: `DataFormatError`.
    mutating func parse(
        _ text: Span<UInt8>,
        number: Int,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) {
        sink.clear()
        do throws(Fault) {
            var cursor = JSONCursor()
            if cursor.peek(in: text) == .openBracket {
                try parseValues(text, &cursor, into: &sink.values)
            } else if try !parseInstance(text, &cursor, isNested: false) {
                throw .malformed("the instance has no features")
            }
            if cursor.peek(in: text) != nil {
                throw .malformed("'\(cursor.excerpt(of: text))' follows the instance")
            }
        } catch {
            switch error {
            case .malformed(let what): throw sink.error(.malformed(what), number)
            case .refused(let reason, let column): throw sink.error(reason, number, column: column)
            }
        }
        try sink.commit(into: &batch, number: number)
    }

    /// Calls `member` at each member's value of the object that comes next.
    private mutating func parseObject(
        _ text: Span<UInt8>,
        _ cursor: inout JSONCursor,
        _ member: (inout Self, String, inout JSONCursor) throws(Fault) -> Void
    ) throws(Fault) {
        try expect(.openBrace, text, &cursor)
        if cursor.skip(.closeBrace, in: text) { return }
        while true {
            let name: String
            do throws(JSONCursor.Malformed) {
                name = try cursor.string(in: text)
                try cursor.expect(.colon, in: text)
            } catch { throw .malformed(error.text) }
            try member(&self, name, &cursor)
            if cursor.skip(.closeBrace, in: text) { return }
            try expect(.comma, text, &cursor)
        }
    }

    /// - Returns: Whether there were features.
    private mutating func parseInstance(
        _ text: Span<UInt8>,
        _ cursor: inout JSONCursor,
        isNested: Bool
    ) throws(Fault) -> Bool {
        var hasFeatures = false
        try parseObject(text, &cursor) { (parser, name, cursor) throws(Fault) in
            switch name {
            case "features":
                hasFeatures = true
                try parser.parseFeatures(text, &cursor)
            case "label": try parser.parseLabel(text, &cursor)
            case "data" where !isNested:
                if try parser.parseInstance(text, &cursor, isNested: true) { hasFeatures = true }
            default: try Self.skipValue(text, &cursor)
            }
        }
        return hasFeatures
    }

    private mutating func parseFeatures(_ text: Span<UInt8>, _ cursor: inout JSONCursor) throws(Fault) {
        sink.values.removeAll(keepingCapacity: true)
        if cursor.peek(in: text) == .openBracket {
            return try parseValues(text, &cursor, into: &sink.values)
        }
        try parseObject(text, &cursor) { (parser, name, cursor) throws(Fault) in
            switch name {
            case "values": try parser.parseValues(text, &cursor, into: &parser.sink.values)
            case "keys": try Self.parseCounts(text, &cursor, into: &parser.sink.keys)
            case "shape": try Self.parseCounts(text, &cursor, into: &parser.sink.shape)
            default: try Self.skipValue(text, &cursor)
            }
        }
    }

    private mutating func parseLabel(_ text: Span<UInt8>, _ cursor: inout JSONCursor) throws(Fault) {
        sink.labels.removeAll(keepingCapacity: true)
        switch cursor.peek(in: text) {
        case .openBracket: try parseValues(text, &cursor, into: &sink.labels)
        case .openBrace:
            try parseObject(text, &cursor) { (parser, name, cursor) throws(Fault) in
                if name == "values" {
                    try parser.parseValues(text, &cursor, into: &parser.sink.labels)
                } else {
                    try Self.skipValue(text, &cursor)
                }
            }
        default: sink.labels.append(try Self.number(text, &cursor, column: 1))
        }
    }

    private func parseValues(
        _ text: Span<UInt8>,
        _ cursor: inout JSONCursor,
        into values: inout [Element]
    ) throws(Fault) {
        values.removeAll(keepingCapacity: true)
        try expect(.openBracket, text, &cursor)
        if cursor.skip(.closeBracket, in: text) { return }
        while true {
            values.append(try Self.number(text, &cursor, column: values.count + 1))
            if cursor.skip(.closeBracket, in: text) { return }
            try expect(.comma, text, &cursor)
        }
    }

    private static func parseCounts(
        _ text: Span<UInt8>,
        _ cursor: inout JSONCursor,
        into counts: inout [UInt64]
    ) throws(Fault) {
        var numbers: [Double] = []
        try JSONInstanceParser<Double>(unit: .record).parseValues(text, &cursor, into: &numbers)
        counts.removeAll(keepingCapacity: true)
        for (index, number) in numbers.enumerated() {
            guard let count = UInt64(exactly: number), count < 1 << 53 else {
                throw .refused(.malformed("'\(number)' is no index"), column: index + 1)
            }
            counts.append(count)
        }
    }

    @inline(__always)
    private static func number(
        _ text: Span<UInt8>,
        _ cursor: inout JSONCursor,
        column: Int
    ) throws(Fault) -> Element {
        cursor.skipBlanks(in: text)
        let start = cursor.position
        if start < text.count, text[start] == 0x2D || text[start] &- 0x30 <= 9,
            let number = Element.scan(text, &cursor.position)
        {
            let end = cursor.position
            if end == text.count || text[end] == .comma || text[end] == .closeBracket
                || text[end] == .closeBrace || JSONCursor.isBlank(text[end])
            {
                return number
            }
            cursor.position = start
        }
        return try word(text, &cursor, column: column)
    }

    @inline(never)
    private static func word(
        _ text: Span<UInt8>,
        _ cursor: inout JSONCursor,
        column: Int
    ) throws(Fault) -> Element {
        let start = cursor
        cursor.skipWord(in: text)
        let word = text.extracting(start.position..<cursor.position).withUnsafeBufferPointer {
            String(decoding: $0.prefix(64), as: UTF8.self)
        }
        switch word {
        case "null", "NaN":
            guard let missing = Element.missing else {
                throw .refused(.missingValue(Element.type), column: column)
            }
            return missing
        case "Infinity", "-Infinity":
            guard let infinity = Element(converting: word == "Infinity" ? .infinity : -.infinity) else {
                throw .refused(.unrepresentable(word, Element.type), column: column)
            }
            return infinity
        default:
            if Element.type == .int32, !word.isEmpty, CSVSniffer.isValue(word) {
                throw .refused(.unrepresentable(shortened(word), Element.type), column: column)
            }
            throw .refused(.notANumber(start.excerpt(of: text)), column: column)
        }
    }

    private func expect(_ byte: UInt8, _ text: Span<UInt8>, _ cursor: inout JSONCursor) throws(Fault) {
        do throws(JSONCursor.Malformed) { try cursor.expect(byte, in: text) } catch {
            throw .malformed(error.text)
        }
    }

    private static func skipValue(_ text: Span<UInt8>, _ cursor: inout JSONCursor) throws(Fault) {
        do throws(JSONCursor.Malformed) { try cursor.skipValue(in: text) } catch {
            throw .malformed(error.text)
        }
    }
}

/// What is wrong with an instance, before its place is known.
private enum JSONInstanceFault: Error {
    case malformed(String)
    case refused(DataFormatError.Reason, column: Int)
}
