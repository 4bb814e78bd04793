import Crypto

/// A secret of the agent protocol: 256 random bits as 64 hexadecimal digits.
///
/// Whoever has to recognise one keeps its hash only. The secrets are random, so a plain SHA-256 cannot be searched.
package enum AgentSecret {
    /// A new one.
    package static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return digits((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// What is stored of it: 64 hexadecimal digits.
    package static func hash(of secret: String) -> String { digits(SHA256.hash(data: Array(secret.utf8))) }

    /// Whether a text can be the hash of one.
    package static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    private static func digits(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}

/// What an agent offers for its one-time token: the hash of a secret that it has chosen itself.
///
/// So an agent that did not hear the answer asks again with the same pair, and the secret travels only in the calls that
/// it opens.
package struct SessionProposal: Codable, Sendable {
    /// `AgentSecret.hash(of:)` of the session's secret.
    package let sessionHash: String

    package init(sessionHash: String) { self.sessionHash = sessionHash }
}
