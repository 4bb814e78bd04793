/// A release's version: numbers, then perhaps `.postN` (PEP 440, final releases only).
package struct ReleaseVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let description: String
    package let numbers: [Int]
    private let post: Int?

    /// `nil` for text that is no final release's version.
    package init?(_ text: some StringProtocol) {
        var numbers: [Int] = []
        var post: Int?
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            if part.hasPrefix("post"), let number = Self.number(part.dropFirst(4)), post == nil,
                !numbers.isEmpty
            {
                post = number
            } else if let number = Self.number(part), post == nil {
                numbers.append(number)
            } else {
                return nil
            }
        }
        description = String(text)
        self.numbers = numbers
        self.post = post
    }

    /// Digits alone: a sign is none.
    private static func number(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }

    package var major: Int { numbers[0] }

    /// Whether this is what `wanted` names, fully (`2.12.1`) or as its newest patch (`2.12`).
    package func isRelease(of wanted: ReleaseVersion) -> Bool {
        padded.starts(with: wanted.numbers)
    }

    /// `1.0` is the same release as `1.0.0`.
    private var padded: [Int] { numbers + [Int](repeating: 0, count: max(0, 3 - numbers.count)) }

    package static func < (left: ReleaseVersion, right: ReleaseVersion) -> Bool {
        left.padded == right.padded
            ? left.post ?? -1 < right.post ?? -1 : left.padded.lexicographicallyPrecedes(right.padded)
    }

    package static func == (left: ReleaseVersion, right: ReleaseVersion) -> Bool {
        left.padded == right.padded && left.post == right.post
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(padded)
        hasher.combine(post)
    }
}
