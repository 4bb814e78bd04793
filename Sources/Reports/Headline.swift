/// The sentence of a long explanation that says most, for places that have a line.
package enum Headline {
    /// Of a text of one line the first sentence; of one with lines of a log in it that which names the error, behind the
    /// text's own first word (`AlgorithmError: `).
    package static func of(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline)
        guard let first = lines.first, lines.count > 1 else { return firstSentence(of: text) }
        let label =
            first.prefixMatch(of: /(?:[A-Za-z]+(?:Error|Exception): (?:algo-\d+: )?)?/)?.output ?? ""
        let words = [first.dropFirst(label.count)] + lines.dropFirst()
        let telling =
            words.last {
                $0.firstMatch(of: /^(?:ErrorMessage "|[\w.]*(?:Error|Exception|Interrupt)\b)/) != nil
            }
            ?? (words[0].hasPrefix("Traceback (") ? words.last : words.first)
        return label + firstSentence(of: String(telling ?? first))
    }

    /// A mark ends a sentence where white space and a capital letter, a bracket or a quotation follow: `v1.2` and
    /// `e.g. this` end none.
    private static func firstSentence(of text: String) -> String {
        guard let end = text.firstMatch(of: /[.!?](?=\s+["'(\[\p{Lu}])/) else { return text }
        return String(text[..<end.range.upperBound])
    }
}
