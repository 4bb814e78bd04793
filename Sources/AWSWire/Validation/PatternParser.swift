/// A pattern that cannot be read: it uses something that no service model used when this was written.
package struct UnsupportedPattern: Error, Equatable {
    package let source: String
    package let reason: String
}

/// The syntax tree of a pattern.
indirect enum PatternNode: Sendable {
    case set(ScalarSet)
    case start
    case end
    case wordBoundary
    case sequence([PatternNode])
    case alternatives([PatternNode])
    case repetition(PatternNode, minimum: Int, maximum: Int?)
    case lookahead(PatternNode, isNegative: Bool)
    case lookbehind(ScalarSet, isNegative: Bool)
}

/// Reads the part of Java's regular expressions that the service models use: no captures, no back references,
/// no flags, no possessive quantifiers.
struct PatternParser {
    private let source: String
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ source: String) {
        self.source = source
        scalars = Array(source.unicodeScalars)
    }

    mutating func parse() throws(UnsupportedPattern) -> PatternNode {
        let node = try alternatives()
        guard position == scalars.count else { throw failure("an unexpected ')'") }
        return node
    }

    private mutating func alternatives() throws(UnsupportedPattern) -> PatternNode {
        var branches = [try sequence()]
        while skip("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(UnsupportedPattern) -> PatternNode {
        var nodes: [PatternNode] = []
        while let next = peek, next != "|", next != ")" {
            nodes.append(try quantified(atom()))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func atom() throws(UnsupportedPattern) -> PatternNode {
        switch try next() {
        case "(": return try group()
        case "[": return .set(try bracketed())
        case ".": return .set(.anyButLineTerminator)
        case "^": return .start
        case "$": return .end
        case "\\": return try escaped()
        case let scalar: return .set(ScalarSet([.range(scalar.value...scalar.value)]))
        }
    }

    private mutating func quantified(_ node: PatternNode) throws(UnsupportedPattern) -> PatternNode {
        let bounds: (minimum: Int, maximum: Int?)
        if skip("*") {
            bounds = (0, nil)
        } else if skip("+") {
            bounds = (1, nil)
        } else if skip("?") {
            bounds = (0, 1)
        } else if let counted = counts() {
            bounds = counted
        } else {
            return node
        }
        if peek == "+" { throw failure("a possessive quantifier") }
        _ = skip("?")  // A lazy quantifier matches the same whole texts.
        return try quantified(.repetition(node, minimum: bounds.minimum, maximum: bounds.maximum))
    }

    /// `{n}`, `{n,}` or `{n,m}`; nothing is consumed if it is none of them.
    private mutating func counts() -> (minimum: Int, maximum: Int?)? {
        guard peek == "{", let close = scalars[position...].firstIndex(of: "}") else { return nil }
        let body = String(String.UnicodeScalarView(scalars[(position + 1)..<close]))
        let parts = body.split(separator: ",", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let minimum = Int(parts[0]) else { return nil }
        let maximum = parts.count == 1 ? minimum : Int(parts[1])
        guard maximum != nil || parts[1].isEmpty else { return nil }
        position = close + 1
        return (minimum, maximum)
    }

    private mutating func group() throws(UnsupportedPattern) -> PatternNode {
        if skip("?<!") || skip("?<=") {
            let isNegative = scalars[position - 1] == "!"
            guard case .set(let set) = try atom() else {
                throw failure("a look-behind of several characters")
            }
            try close()
            return .lookbehind(set, isNegative: isNegative)
        }
        if skip("?!") || skip("?=") {
            let isNegative = scalars[position - 1] == "!"
            let node = try alternatives()
            try close()
            return .lookahead(node, isNegative: isNegative)
        }
        if !skip("?:"), peek == "?" { throw failure("a group with flags or a name") }
        let node = try alternatives()
        try close()
        return node
    }

    // MARK: Characters

    private mutating func escaped() throws(UnsupportedPattern) -> PatternNode {
        switch peek {
        case "b":
            position += 1
            return .wordBoundary
        case "A":
            position += 1
            return .start
        case "z", "Z":
            position += 1
            return .end
        default:
            return .set(ScalarSet(try escapedItems()))
        }
    }

    /// What follows a backslash, inside or outside brackets.
    private mutating func escapedItems() throws(UnsupportedPattern) -> [ScalarSet.Item] {
        let scalar = try next()
        switch scalar {
        case "d": return ScalarSet.digits.map(ScalarSet.Item.range)
        case "w": return ScalarSet.wordCharacters.map(ScalarSet.Item.range)
        case "s": return ScalarSet.whiteSpace.map(ScalarSet.Item.range)
        case "D": return [.outside(ScalarSet.digits)]
        case "W": return [.outside(ScalarSet.wordCharacters)]
        case "S": return [.outside(ScalarSet.whiteSpace)]
        case "t": return single(0x09)
        case "n": return single(0x0A)
        case "f": return single(0x0C)
        case "r": return single(0x0D)
        case "x": return single(try hexadecimal(digits: 2))
        case "u": return single(try codePoint())
        case "p":
            guard skip("{"), let close = scalars[position...].firstIndex(of: "}") else {
                throw failure("\\p")
            }
            let name = String(String.UnicodeScalarView(scalars[position..<close]))
            guard let items = ScalarSet.property(name) else { throw failure("\\p{\(name)}") }
            position = close + 1
            return items
        default:
            if scalar.properties.isAlphabetic
                || ScalarSet(ScalarSet.digits.map(ScalarSet.Item.range)).contains(scalar)
            {
                throw failure("\\\(scalar)")
            }
            return single(scalar.value)
        }
    }

    private func single(_ value: UInt32) -> [ScalarSet.Item] { [.range(value...value)] }

    /// What follows `\u`: one code unit, or two of them that are one character beyond the first plane.
    private mutating func codePoint() throws(UnsupportedPattern) -> UInt32 {
        let lead = try hexadecimal(digits: 4)
        guard (0xD800...0xDBFF).contains(lead), skip("\\u") else { return lead }
        return 0x10000 + (lead & 0x3FF) << 10 + (try hexadecimal(digits: 4)) & 0x3FF
    }

    private mutating func hexadecimal(digits: Int) throws(UnsupportedPattern) -> UInt32 {
        guard position + digits <= scalars.count,
            let value = UInt32(
                String(String.UnicodeScalarView(scalars[position..<(position + digits)])),
                radix: 16
            )
        else { throw failure("a short hexadecimal escape") }
        position += digits
        return value
    }

    /// What stands after `[`, up to and with `]`.
    private mutating func bracketed() throws(UnsupportedPattern) -> ScalarSet {
        let isNegated = skip("^")
        var items: [ScalarSet.Item] = []
        while !skip("]") {
            let scalar = try next()
            if scalar == "[" || (scalar == "&" && peek == "&") { throw failure("a nested class") }
            let first = scalar == "\\" ? try escapedItems() : single(scalar.value)
            guard let lower = onlyValue(of: first), peek == "-", position + 1 < scalars.count,
                scalars[position + 1] != "]"
            else {
                items += first
                continue
            }
            let hyphen = position
            position += 1
            let end = try next()
            let second = end == "\\" ? try escapedItems() : single(end.value)
            if let upper = onlyValue(of: second), lower <= upper {
                items.append(.range(lower...upper))
            } else {
                // `[+-\w]`: the hyphen stands for itself, and what follows is read again.
                items += first + single(0x2D)
                position = hyphen + 1
            }
        }
        return ScalarSet(items, isNegated: isNegated)
    }

    /// The character that items consist of; `nil` if there are several.
    private func onlyValue(of items: [ScalarSet.Item]) -> UInt32? {
        guard items.count == 1, case .range(let range) = items[0], range.count == 1 else { return nil }
        return range.lowerBound
    }

    // MARK: Cursor

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func next() throws(UnsupportedPattern) -> Unicode.Scalar {
        guard let scalar = peek else { throw failure("an early end") }
        position += 1
        return scalar
    }

    private mutating func skip(_ text: String) -> Bool {
        guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    private mutating func close() throws(UnsupportedPattern) {
        guard skip(")") else { throw failure("a group that does not end") }
    }

    private func failure(_ reason: String) -> UnsupportedPattern {
        UnsupportedPattern(source: source, reason: reason)
    }
}
