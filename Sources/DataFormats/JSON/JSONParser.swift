/// A document `{"instances": [ … ]}`, or the bare list, read instance by instance.
package struct JSONParser<Element: DataElement>: RecordParser {
    /// Where the next byte stands in the document.
    private enum Phase: Sendable {
        case start
        /// Before a member of the outer object, or its end.
        case member(isFirst: Bool)
        /// Before a value that nobody asked for.
        case ignoredValue
        /// Before an instance, or the end of the list.
        case instance(isFirst: Bool)
        case end
    }

    private var instances = JSONInstanceParser<Element>(unit: .record)
    private var recordsRead = 0
    private var phase = Phase.start
    private var isInObject = false
    private var sawInstances = false
    private var value = JSONValueFraming()

    package init() {}

    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package mutating func parse(
        _ bytes: Span<UInt8>,
        isLast: Bool,
        limit: BatchLimit,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) -> Int {
        var cursor = JSONCursor()
        while !batch.isFull(limit) {
            guard let next = cursor.peek(in: bytes) else { break }
            let unitStart = cursor.position
            guard try step(bytes, &cursor, next, isLast: isLast, into: &batch) else {
                cursor.position = unitStart
                guard !isLast else { throw error("the document ends too early") }
                break
            }
        }
        guard bytes.count - cursor.position <= LineLimit.longest else {
            throw DataFormatError(.lineTooLong(limit: LineLimit.longest), record: recordsRead + 1)
        }
        if isLast, cursor.position == bytes.count {
            switch phase {
            case .start, .end: break
            case .member, .ignoredValue, .instance: throw error("the document ends too early")
            }
        }
        return cursor.position
    }

    /// Takes the unit that starts at the cursor.
    ///
    /// - Returns: false if it has not arrived whole.
    private mutating func step(
        _ bytes: Span<UInt8>,
        _ cursor: inout JSONCursor,
        _ next: UInt8,
        isLast: Bool,
        into batch: inout RecordBatch<Element>
    ) throws(DataFormatError) -> Bool {
        switch phase {
        case .start:
            guard next == .openBrace || next == .openBracket else {
                throw error("'\(cursor.byte(of: bytes))' is no JSON object")
            }
            isInObject = next == .openBrace
            phase = isInObject ? .member(isFirst: true) : .instance(isFirst: true)
            cursor.position += 1
            return true
        case .member(let isFirst):
            if next == .closeBrace {
                guard sawInstances else { throw error("the document has no member 'instances'") }
                phase = .end
                cursor.position += 1
                return true
            }
            return try stepMember(bytes, &cursor, isFirst: isFirst)
        case .ignoredValue:
            guard let range = value.range(in: bytes, from: cursor.position, isLast: isLast) else {
                return false
            }
            value = JSONValueFraming()
            cursor.position = range.upperBound
            phase = .member(isFirst: false)
            return true
        case .instance(let isFirst):
            if next == .closeBracket, !value.isInside {
                cursor.position += 1
                phase = isInObject ? .member(isFirst: false) : .end
                return true
            }
            if !isFirst, !value.isInside {
                guard next == .comma else { throw error("',' is missing at '\(cursor.byte(of: bytes))'") }
                cursor.position += 1
                value.isInside = true
                return true
            }
            guard let range = value.range(in: bytes, from: cursor.position, isLast: isLast) else {
                return false
            }
            value = JSONValueFraming()
            recordsRead += 1
            try instances.parse(bytes.extracting(range), number: recordsRead, into: &batch)
            cursor.position = range.upperBound
            phase = .instance(isFirst: false)
            return true
        case .end: throw error("'\(cursor.byte(of: bytes))' follows the document")
        }
    }

    /// Takes a member's name and colon, and the bracket of the list of instances.
    private mutating func stepMember(
        _ bytes: Span<UInt8>,
        _ cursor: inout JSONCursor,
        isFirst: Bool
    ) throws(DataFormatError) -> Bool {
        if !isFirst {
            guard cursor.skip(.comma, in: bytes) else {
                throw error("',' is missing at '\(cursor.byte(of: bytes))'")
            }
        }
        guard let quote = cursor.peek(in: bytes) else { return false }
        guard quote == .quote else { throw error("a name is missing at '\(cursor.byte(of: bytes))'") }
        var end = cursor.position + 1
        while end < bytes.count, bytes[end] != .quote { end += bytes[end] == .backslash ? 2 : 1 }
        guard end < bytes.count else { return false }
        let name: String
        do throws(JSONCursor.Malformed) { name = try cursor.string(in: bytes) } catch {
            throw self.error(error.text)
        }
        guard let colon = cursor.peek(in: bytes) else { return false }
        guard colon == .colon else { throw error("':' is missing at '\(cursor.byte(of: bytes))'") }
        cursor.position += 1
        guard let first = cursor.peek(in: bytes) else { return false }
        guard name == "instances" else {
            phase = .ignoredValue
            return true
        }
        guard first == .openBracket else { throw error("'instances' is no list") }
        guard !sawInstances else { throw error("the document has two members 'instances'") }
        sawInstances = true
        cursor.position += 1
        phase = .instance(isFirst: true)
        return true
    }

    private func error(_ text: String) -> DataFormatError {
        DataFormatError(.malformed(text), record: recordsRead + 1)
    }
}

/// Finds the end of a JSON value, looking at no byte twice.
struct JSONValueFraming: Sendable {
    private var searched = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// Whether the comma before the value is gone.
    var isInside = false

    /// - Parameters:
    ///   - bytes: What has arrived.
    ///   - start: Where the value starts, which is no blank; the same byte in every call.
    ///   - isLast: Whether nothing comes after the bytes.
    /// - Returns: Bounds of the value; nil if its end has not arrived. What is inside is not checked.
    mutating func range(
        in bytes: Span<UInt8>,
        from start: Int,
        isLast: Bool
    ) -> Range<Int>? {
        isInside = true
        var position = start + searched
        defer { searched = position - start }
        while position < bytes.count {
            let byte = bytes[unchecked: position]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == .backslash {
                    isEscaped = true
                } else if byte == .quote {
                    isInString = false
                    if depth == 0 { return start..<position + 1 }
                }
                position += 1
                continue
            }
            switch byte {
            case .quote:
                if depth == 0, position > start { return start..<position }
                isInString = true
            case .openBrace, .openBracket:
                if depth == 0, position > start { return start..<position }
                depth += 1
            case .closeBrace, .closeBracket:
                if depth == 0 { return start..<position }
                depth -= 1
                if depth == 0 { return start..<position + 1 }
            case .comma where depth == 0: return start..<position
            case .space, .lineFeed, .carriageReturn, .tab: if depth == 0 { return start..<position }
            default: break
            }
            position += 1
        }
        return isLast && depth == 0 && !isInString && position > start ? start..<position : nil
    }
}
