/// Which part of a split each row goes to: at random, the same for the same seed, and with the shares kept closely.
///
/// Parts are dealt from a small deck that has each of them as often as its share says, shuffled anew when it is used up;
/// where rows are stratified, every label has a deck of its own. So after any number of rows no part is more than a
/// deck's worth away from its share, without anything being known about the rows to come.
package struct SplitPlan: Sendable {
    /// Labels that a stratified split may have.
    package static let mostStrata = 100_000

    private let deck: [Int]
    private let isStratified: Bool
    private var random: SplitMix
    private var rest: [UInt64: [Int]] = [:]

    /// - Parameters:
    ///   - shares: Of the parts; made to sum up to 1.
    ///   - seed: Of all randomness.
    ///   - isStratified: Whether each label is split by itself.
    /// - Throws: `InvalidSplit`.
    package init(shares: [Double], seed: UInt64, isStratified: Bool) throws(InvalidSplit) {
        guard shares.count > 1, shares.allSatisfy({ $0.isFinite && $0 >= 0 }),
            shares.contains(where: { $0 > 0 })
        else { throw InvalidSplit(description: "The shares of a split are two or more numbers from 0 up.") }
        deck = Self.deck(shares)
        self.isStratified = isStratified
        random = SplitMix(seed: seed)
    }

    /// The smallest deck that has every part in exactly its share, of at most a thousand cards.
    private static func deck(_ shares: [Double]) -> [Int] {
        let total = shares.reduce(0, +)
        func counts(_ size: Int) -> [Double] { shares.map { $0 / total * Double(size) } }
        let size =
            (1...1000).first { counts($0).allSatisfy { abs($0 - $0.rounded()) < 1e-6 } } ?? 1000
        return counts(size).enumerated().flatMap { part, count in
            [Int](repeating: part, count: Int(count.rounded()))
        }
    }

    /// The part of the next row.
    ///
    /// - Parameter label: The row's label, nil if it has none.
    /// - Returns: Index of a share.
    /// - Throws: `InvalidSplit` if a stratified split meets too many labels, or none.
    package mutating func part(label: Double?) throws(InvalidSplit) -> Int {
        var stratum: UInt64 = 0
        if isStratified {
            guard let label else {
                throw InvalidSplit(description: "A stratified split needs labels; the rows have none.")
            }
            stratum = (label == 0 ? 0 : label).bitPattern
        }
        if rest[stratum]?.isEmpty != false {
            guard rest[stratum] != nil || rest.count < Self.mostStrata else {
                throw InvalidSplit(
                    description:
                        "There are more than \(Self.mostStrata) different labels: too many for a stratified split."
                )
            }
            rest[stratum] = deck.shuffled(using: &random)
        }
        return rest[stratum]?.popLast() ?? 0
    }

    /// Numbers `0 ..< count` in a random order.
    package mutating func order(_ count: Int) -> [Int] { Array(0..<count).shuffled(using: &random) }
}

/// A split that cannot be made, in words.
package struct InvalidSplit: Error, Equatable, CustomStringConvertible {
    package let description: String
}

/// Steele, Lea and Flood's generator: small, fast, and the same everywhere.
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
