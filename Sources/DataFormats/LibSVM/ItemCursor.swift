/// A position in lines of blank-separated items.
struct ItemCursor {
    var position = 0
    /// Number of the current line, from 1; 0 before the first.
    var line = 0

    /// Whether a line break, a comment or the end of the text comes next.
    @inline(__always)
    func isAtLineEnd(of text: Span<UInt8>) -> Bool {
        guard position < text.count else { return true }
        let byte = text[unchecked: position]
        return byte == .lineFeed || byte == .carriageReturn || byte == .hash
    }

    @inline(__always)
    func isAtItemEnd(of text: Span<UInt8>) -> Bool {
        isAtLineEnd(of: text) || text[unchecked: position] == .space || text[unchecked: position] == .tab
    }

    @inline(__always)
    mutating func skipBlanks(in text: Span<UInt8>) {
        while position < text.count, text[unchecked: position] == .space || text[unchecked: position] == .tab
        {
            position += 1
        }
    }

    /// Moves to the start of the next line.
    mutating func skipLine(in text: Span<UInt8>) {
        while position < text.count {
            position += 1
            if text[position - 1] == .lineFeed { return }
        }
    }

    @inline(__always)
    mutating func skip(_ byte: UInt8, in text: Span<UInt8>) -> Bool {
        guard position < text.count, text[unchecked: position] == byte else { return false }
        position += 1
        return true
    }

    mutating func skipQueryPrefix(in text: Span<UInt8>) -> Bool {
        guard position + 4 <= text.count, text[position] == 0x71, text[position + 1] == 0x69,
            text[position + 2] == 0x64, text[position + 3] == .colon
        else { return false }
        position += 4
        return true
    }

    /// A number, `nan` or `inf`; nil, with the position unchanged, if something else comes next.
    @inline(__always)
    mutating func number<Element: DataElement>(in text: Span<UInt8>, of type: Element.Type) -> Element? {
        Element.scan(text, &position) ?? nonFiniteNumber(in: text).flatMap { Element(converting: $0) }
    }

    /// Up to 4,294,967,294, so that one more is still a 32-bit count; nil if something else comes next.
    @inline(__always)
    mutating func unsignedInteger(in text: Span<UInt8>) -> UInt32? {
        var value: UInt64 = 0
        let start = position
        while position < text.count {
            let digit = text[unchecked: position] &- 0x30
            guard digit <= 9 else { break }
            value = value * 10 + UInt64(digit)
            guard value < UInt64(UInt32.max) else { return nil }
            position += 1
        }
        return position > start ? UInt32(value) : nil
    }

    /// The item that starts at `start`, shortened for a message.
    func item(at start: Int, in text: Span<UInt8>) -> String {
        var end = ItemCursor(position: start)
        while !end.isAtItemEnd(of: text), end.position - start < 200 { end.position += 1 }
        return shortened(String(decoding: (start..<end.position).map { text[$0] }, as: UTF8.self))
    }

    @inline(never)
    private mutating func nonFiniteNumber(in text: Span<UInt8>) -> Double? {
        var end = self
        while !end.isAtItemEnd(of: text), text[end.position] != .colon, end.position - position < 16 {
            end.position += 1
        }
        let word = String(decoding: (position..<end.position).map { text[$0] }, as: UTF8.self)
        guard let number = NumberScanner.scanNonFinite(word) else { return nil }
        position = end.position
        return number
    }
}
