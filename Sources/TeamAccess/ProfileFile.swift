/// A configuration file of the AWS clients, edited line by line: what is not changed stays as it was written.
///
/// The form is that of botocore: `[section]`, `key = value`, and deeper lines that belong to the key above.
package struct ProfileFile: Sendable {
    private var lines: [String]

    package init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasSuffix("\r") ? String(line.dropLast()) : String(line)
        }
        if lines.last == "" { lines.removeLast() }
    }

    /// The whole file.
    package var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

    package func hasSection(_ name: String) -> Bool { body(of: name) != nil }

    /// The value of a key, or of one that is nested below it; `nil` if there is none.
    package func value(of key: String, below parent: String? = nil, in section: String) -> String? {
        guard var range = body(of: section) else { return nil }
        if let parent {
            guard let outer = extent(of: parent, in: range) else { return nil }
            range = outer.dropFirst()
        }
        return extent(of: key, in: range, isNested: parent != nil)
            .flatMap { Self.pair(lines[$0.lowerBound])?.value }
    }

    /// Sets a key of a section, which is made at the end if there is none; `nil` takes the key away.
    package mutating func set(_ key: String, to value: String?, in section: String) {
        guard let range = body(of: section) else {
            guard let value else { return }
            return append(section: section, ["\(key) = \(value)"])
        }
        let new = value.map { ["\(key) = \($0)"] } ?? []
        if let old = extent(of: key, in: range) {
            lines.replaceSubrange(old, with: new)
        } else {
            lines.insert(contentsOf: new, at: end(of: range))
        }
    }

    /// Sets a key that is nested below another one and leaves that one's other keys alone.
    package mutating func set(_ key: String, to value: String, below parent: String, in section: String) {
        let line = "    \(key) = \(value)"
        guard let range = body(of: section) else {
            return append(section: section, ["\(parent) =", line])
        }
        guard let outer = extent(of: parent, in: range) else {
            return lines.insert(contentsOf: ["\(parent) =", line], at: end(of: range))
        }
        if let old = extent(of: key, in: outer.dropFirst(), isNested: true) {
            let indentation = lines[old.lowerBound].prefix { $0.isWhitespace }
            lines.replaceSubrange(old, with: ["\(indentation)\(key) = \(value)"])
        } else {
            // Nested keys must stand at one depth.
            let depth = outer.dropFirst().first.map { lines[$0].prefix { $0.isWhitespace } } ?? "    "
            lines.insert("\(depth)\(key) = \(value)", at: outer.lowerBound + 1)
        }
    }

    /// Puts `body` in the place of all that a section had.
    package mutating func replace(section: String, with body: [String]) {
        guard let range = self.body(of: section) else { return append(section: section, body) }
        lines.replaceSubrange(range.lowerBound..<end(of: range), with: body)
    }

    private mutating func append(section: String, _ body: [String]) {
        if let last = lines.last, !last.isEmpty { lines.append("") }
        lines += ["[\(section)]"] + body
    }

    // MARK: Places

    /// The lines below a section's head, up to the next head.
    private func body(of section: String) -> Range<Int>? {
        let wanted = Self.words(section)
        guard let head = lines.firstIndex(where: { Self.head($0) == wanted }) else { return nil }
        let rest = lines[(head + 1)...]
        let next = rest.firstIndex { line in Self.head(line) != nil }
        return (head + 1)..<(next ?? lines.endIndex)
    }

    /// Where a section's last line ends: blank lines and comments before the next head belong to that one.
    private func end(of range: Range<Int>) -> Int {
        let last = lines[range].lastIndex { line in
            line.first { !$0.isWhitespace }.map { $0 != "#" && $0 != ";" } ?? false
        }
        return last.map { $0 + 1 } ?? range.lowerBound
    }

    /// The line of a key and the deeper lines that belong to it.
    private func extent(of key: String, in range: Range<Int>, isNested: Bool = false) -> Range<Int>? {
        let found = lines[range].firstIndex { line in
            (line.first?.isWhitespace == true) == isNested && Self.pair(line)?.key == key.lowercased()
        }
        guard let start = found else { return nil }
        var end = start + 1
        while !isNested, end < range.upperBound, lines[end].first?.isWhitespace == true,
            lines[end].contains(where: { !$0.isWhitespace })
        {
            end += 1
        }
        return start..<end
    }

    /// The words of a head such as `[profile "x"]`; `nil` for another line.
    private static func head(_ line: String) -> [String]? {
        guard line.first == "[", let end = line.lastIndex(of: "]") else { return nil }
        return words(String(line[..<end].dropFirst()))
    }

    private static func words(_ text: String) -> [String] {
        let unquoted: String = text.filter { $0 != "\"" && $0 != "'" }
        return unquoted.split { $0.isWhitespace }.map { String($0) }
    }

    private static func pair(_ line: String) -> (key: String, value: String)? {
        guard let first = line.first(where: { !$0.isWhitespace }), !"#;[".contains(first),
            let sign = line.firstIndex(where: { $0 == "=" || $0 == ":" })
        else { return nil }
        return (
            trimmed(line[..<sign]).lowercased(),
            trimmed(line[line.index(after: sign)...])
        )
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
