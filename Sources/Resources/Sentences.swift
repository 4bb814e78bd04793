extension StringProtocol {
    /// Somebody's words as a part of a sentence of ours: without white space and full stops at their end.
    package var asClause: String {
        var text = self[...]
        while let last = text.last, last.isWhitespace || (last == "." && !text.hasSuffix("..")) {
            text.removeLast()
        }
        return String(text)
    }

    /// Somebody's words as a sentence: with one mark at the end.
    package var asSentence: String {
        let text = asClause
        guard let last = text.last, !"!?…:.".contains(last) else { return text }
        return text + "."
    }
}
