/// A text with the wildcards `*` and `?` and the policy variables `${key}`.
struct TextPattern: Sendable, Equatable {
    /// What a pattern is made of.
    enum Piece: Sendable, Equatable {
        case scalar(UInt32)
        case anyText
        case anyScalar
        /// The value of a context key, in lower case; what it holds is literal. The text stands in for an absent one.
        case variable(key: String, fallback: String?)
    }

    private let pieces: [Piece]
    /// The pattern without variables: scalars, and the two wildcards as numbers that no scalar has.
    private let compiled: [UInt32]?

    private static let star: UInt32 = 0x11_0000
    private static let question: UInt32 = 0x11_0001

    /// Reads a pattern.
    ///
    /// - Parameters:
    ///   - text: As it stands in the policy.
    ///   - wildcards: Whether `*` and `?` mean more than themselves.
    ///   - variables: Whether `${…}` does (version 2012-10-17).
    ///   - foldingCase: Whether ASCII letters are compared without their case.
    init(_ text: String, wildcards: Bool, variables: Bool, foldingCase: Bool = false) {
        var pieces: [Piece] = []
        var rest = Substring(foldingCase ? text.lowercased() : text).unicodeScalars
        while let scalar = rest.first {
            if variables, scalar == "$", let (piece, after) = Self.variable(rest) {
                pieces.append(piece)
                rest = after
                continue
            }
            switch scalar {
            case "*" where wildcards: pieces.append(.anyText)
            case "?" where wildcards: pieces.append(.anyScalar)
            default: pieces.append(.scalar(scalar.value))
            }
            rest = rest.dropFirst()
        }
        self.pieces = pieces
        compiled = Self.compile(pieces) { _, _ in nil }
    }

    /// `${key}`, `${key, 'fallback'}`, and the characters that are written so: `${*}`, `${?}`, `${$}`.
    private static func variable(
        _ text: Substring.UnicodeScalarView
    ) -> (Piece, Substring.UnicodeScalarView)? {
        let opened = text.dropFirst()
        guard opened.first == "{", let end = opened.firstIndex(of: "}") else { return nil }
        let inner = String(opened[opened.index(after: opened.startIndex)..<end])
        let after = opened[opened.index(after: end)...]
        if inner.unicodeScalars.count == 1, let literal = inner.unicodeScalars.first, "*?$".contains(inner) {
            return (.scalar(literal.value), after)
        }
        let parts = inner.split(separator: ",", maxSplits: 1)
        guard let key = parts.first else { return nil }
        let fallback = parts.count == 2 ? parts[1].filter { $0 != "'" }.drop { $0 == " " } : nil
        return (.variable(key: key.lowercased(), fallback: fallback.map(String.init)), after)
    }

    /// The pieces as numbers; `nil` if a variable has no value.
    private static func compile(
        _ pieces: [Piece],
        value: (String, String?) -> String?
    ) -> [UInt32]? {
        var compiled: [UInt32] = []
        compiled.reserveCapacity(pieces.count)
        for piece in pieces {
            switch piece {
            case .scalar(let scalar): compiled.append(scalar)
            case .anyText: compiled.append(star)
            case .anyScalar: compiled.append(question)
            case .variable(let key, let fallback):
                guard let text = value(key, fallback) else { return nil }
                for scalar in text.unicodeScalars { compiled.append(scalar.value) }
            }
        }
        return compiled
    }

    /// Whether the pattern is the whole of `text`; never if a variable has no value.
    func matches(_ text: [UInt32], in context: RequestContext) -> Bool {
        if let compiled { return Self.matches(compiled[...], text[...]) }
        let expanded = Self.compile(pieces) { key, fallback in
            // A variable stands for one value: a key of several has none.
            guard let values = context[key], values.count == 1 else { return fallback }
            return values[0]
        }
        return expanded.map { Self.matches($0[...], text[...]) } ?? false
    }

    func matches(_ text: String, in context: RequestContext) -> Bool {
        matches(text.unicodeScalars.map(\.value), in: context)
    }

    /// Linear but for the last star, to which it goes back.
    private static func matches(_ pattern: ArraySlice<UInt32>, _ text: ArraySlice<UInt32>) -> Bool {
        var (p, t) = (pattern.startIndex, text.startIndex)
        var retry: (pattern: Int, text: Int)?
        while t < text.endIndex {
            if p < pattern.endIndex, pattern[p] == star {
                retry = (p, t)
                p += 1
            } else if p < pattern.endIndex, pattern[p] == question || pattern[p] == text[t] {
                p += 1
                t += 1
            } else if let back = retry {
                retry = (back.pattern, back.text + 1)
                (p, t) = (back.pattern + 1, back.text + 1)
            } else {
                return false
            }
        }
        while p < pattern.endIndex, pattern[p] == star { p += 1 }
        return p == pattern.endIndex
    }
}

/// The pattern of an ARN: each of its six parts is matched with the part of the same place.
struct ARNPattern: Sendable, Equatable {
    /// `nil` for `*`, which is every resource.
    private let parts: [TextPattern]?
    /// As it was read.
    let text: String

    /// Reads `*` or six parts; `nil` for anything else.
    init?(_ text: String, variables: Bool) {
        self.text = text
        if text == "*" {
            parts = nil
            return
        }
        let texts = Self.split(text)
        guard texts.count == 6, texts[0] == "arn", !texts[1].isEmpty, !texts[2].isEmpty, !texts[5].isEmpty
        else {
            return nil
        }
        parts = texts.map { TextPattern($0, wildcards: true, variables: variables) }
    }

    /// At most six parts; a colon inside `${…}` divides nothing.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var isVariable = false
        for character in text {
            if character == "{", parts[parts.count - 1].hasSuffix("$") { isVariable = true }
            if character == "}" { isVariable = false }
            if character == ":", !isVariable, parts.count < 6 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }

    func matches(_ resource: ResourceName, in context: RequestContext) -> Bool {
        guard let parts else { return true }
        guard resource.parts.count == 6 else { return false }
        return zip(parts, resource.parts).allSatisfy { $0.matches($1, in: context) }
    }
}

/// The ARN of what is acted on, divided once; `*` where an action has no resource.
struct ResourceName: Sendable {
    let parts: [[UInt32]]

    init(_ text: String) {
        var parts: [[UInt32]] = [[]]
        for scalar in text.unicodeScalars {
            if scalar == ":", parts.count < 6 {
                parts.append([])
            } else {
                parts[parts.count - 1].append(scalar.value)
            }
        }
        self.parts = parts
    }
}
