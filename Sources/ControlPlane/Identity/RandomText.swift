/// Unguessable texts for keys and identifiers.
enum RandomText {
    /// Letters and digits of AWS's identifiers.
    private static let identifierLetters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    private static let secretLetters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    )

    /// A prefix such as `AKIA` and random letters after it: 20 characters for keys, 21 for roles.
    static func identifier(_ prefix: String, count: Int = 20) -> String {
        prefix + text(of: count - prefix.count, from: identifierLetters)
    }

    /// Six random bits a character: 40 for a secret key.
    static func secret(count: Int) -> String { text(of: count, from: secretLetters) }

    private static func text(of count: Int, from letters: [Character]) -> String {
        // The kernel's generator: what it gives can be a key.
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in letters[Int.random(in: letters.indices, using: &generator)] })
    }
}
