/// Picks the lines of a log that say why a program failed.
package enum FailureLines {
    /// - Parameters:
    ///   - tail: The last lines, oldest first.
    ///   - most: How many lines may be picked.
    /// - Returns: At most `most`: a Python traceback from its last frame on if there is one, else the last lines.
    package static func select(from tail: [String], most: Int = 20) -> [String] {
        guard let header = tail.lastIndex(where: { $0.hasPrefix("Traceback (most recent call last)") }) else {
            return Array(tail.suffix(most))
        }
        let body = tail[(header + 1)...]
        let frame = body.lastIndex { $0.drop { $0 == " " }.hasPrefix("File \"") } ?? body.startIndex
        return Array(tail[frame...].prefix(most))
    }
}
