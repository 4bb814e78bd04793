/// A set of characters in a pattern: what stands between `[` and `]`, `.`, `\w` and their like.
///
/// The classes are Java's, because the service models were written for it: `\w`, `\d` and `\s` are ASCII, `.`
/// stops at line terminators.
struct ScalarSet: Sendable {
    private var items: [Item]
    private let isNegated: Bool
    /// Membership of the 128 ASCII characters, negation included: nearly every character asked for is one.
    private let ascii: (low: UInt64, high: UInt64)

    enum Item: Sendable, Equatable {
        case range(ClosedRange<UInt32>)
        /// Everything outside some ranges: `\D`, `\S`, `\W` inside brackets.
        case outside([ClosedRange<UInt32>])
        /// A Unicode general category by its first letter, such as `L` for letters.
        case category(Character)
    }

    init(_ items: [Item], isNegated: Bool = false) {
        self.items = items
        self.isNegated = isNegated
        var low: UInt64 = 0
        var high: UInt64 = 0
        for value in 0..<UInt32(128) {
            guard let scalar = Unicode.Scalar(value),
                Self.isAny(of: items, scalar) != isNegated
            else { continue }
            if value < 64 { low |= 1 << value } else { high |= 1 << (value - 64) }
        }
        ascii = (low, high)
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        guard value >= 128 else {
            return (value < 64 ? ascii.low >> value : ascii.high >> (value - 64)) & 1 == 1
        }
        return Self.isAny(of: items, scalar) != isNegated
    }

    private static func isAny(of items: [Item], _ scalar: Unicode.Scalar) -> Bool {
        items.contains { item in
            switch item {
            case .range(let range): range.contains(scalar.value)
            case .outside(let ranges): !ranges.contains { $0.contains(scalar.value) }
            case .category(let letter): scalar.properties.generalCategory.letter == letter
            }
        }
    }

    // MARK: Java's predefined classes

    static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    static let wordCharacters: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    static let whiteSpace: [ClosedRange<UInt32>] = [0x09...0x0D, 0x20...0x20]
    private static let lineTerminators: [ClosedRange<UInt32>] = [
        0x0A...0x0A, 0x0D...0x0D, 0x85...0x85, 0x2028...0x2029,
    ]

    /// What `.` matches.
    static let anyButLineTerminator = ScalarSet(lineTerminators.map(Item.range), isNegated: true)
    static let word = ScalarSet(wordCharacters.map(Item.range))

    /// The items of `\p{…}`; `nil` for a name that no model uses.
    static func property(_ name: String) -> [Item]? {
        switch name {
        case "L", "M", "N", "P", "S", "Z", "C": name.first.map { [.category($0)] }
        case "Alnum": [.range(0x30...0x39), .range(0x41...0x5A), .range(0x61...0x7A)]
        case "Print": [.range(0x20...0x7E)]
        case "ASCII": [.range(0x00...0x7F)]
        default: nil
        }
    }
}

extension Unicode.GeneralCategory {
    /// The first letter of the category's short name.
    fileprivate var letter: Character {
        switch self {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: "L"
        case .nonspacingMark, .spacingMark, .enclosingMark: "M"
        case .decimalNumber, .letterNumber, .otherNumber: "N"
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            "P"
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: "S"
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: "Z"
        case .control, .format, .surrogate, .privateUse, .unassigned: "C"
        @unknown default: "C"
        }
    }
}
