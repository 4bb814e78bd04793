/// Splits a byte stream into log lines: bounded in length, TAB as `#011`, a carriage return before the end dropped,
/// invalid UTF-8 repaired.
package struct LineSplitter {
    /// Bytes after which a line is cut into two.
    private let longest: Int
    private var rest: [UInt8] = []

    package init(longest: Int = 65_536) { self.longest = longest }

    /// The lines that `bytes` complete.
    package mutating func feed(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: 10) {
            if rest.isEmpty {
                appendLine(bytes[start..<end], to: &lines)
            } else {
                rest += bytes[start..<end]
                appendLine(rest[...], to: &lines)
                rest.removeAll(keepingCapacity: true)
            }
            start = end + 1
        }
        rest += bytes[start...]
        while rest.count >= longest {
            // Not inside a character: up to three continuation bytes wait for the next piece.
            var cut = longest
            while cut > longest - 4, cut < rest.count, rest[cut] & 0xC0 == 0x80 { cut -= 1 }
            lines.append(Self.text(rest[..<cut]))
            rest.removeFirst(cut)
        }
        return lines
    }

    /// The last line if it has no end.
    package mutating func finish() -> String? {
        guard !rest.isEmpty else { return nil }
        defer { rest = [] }
        return Self.text(rest[...])
    }

    private func appendLine(_ line: ArraySlice<UInt8>, to lines: inout [String]) {
        var line = line.last == 13 ? line.dropLast() : line
        while line.count > longest {
            lines.append(Self.text(line.prefix(longest)))
            line = line.dropFirst(longest)
        }
        lines.append(Self.text(line))
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(9) else { return String(decoding: bytes, as: UTF8.self) }
        return String(decoding: bytes.flatMap { $0 == 9 ? Array("#011".utf8) : [$0] }, as: UTF8.self)
    }
}
