/// Names that somebody may have meant who wrote another one.
package enum NearestNames {
    /// The names that the fewest insertions, deletions and replacements of characters lead to (Levenshtein 1966), nearest
    /// first; of equally near ones the order stays.
    ///
    /// - Parameters:
    ///   - word: What was written; of a word of more than 100 characters nothing is near.
    ///   - names: What there is.
    ///   - count: How many to give.
    /// - Returns: Only names that differ in less than half of the word.
    package static func to(_ word: String, among names: [String], atMost count: Int) -> [String] {
        let letters = Array(word.lowercased().utf8)
        guard letters.count <= 100 else { return [] }
        return names.enumerated()
            .map { (order: $0, distance: distance(letters, Array($1.lowercased().utf8)), name: $1) }
            .filter { $0.distance * 2 < letters.count }
            .sorted { ($0.distance, $0.order) < ($1.distance, $1.order) }
            .prefix(count).map(\.name)
    }

    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for place in other.indices {
                let replaced = diagonal + (letter == other[place] ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(replaced, diagonal + 1, row[place] + 1)
            }
        }
        return row[other.count]
    }
}
