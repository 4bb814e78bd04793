import Crypto

/// The chain of signatures over the chunks of a body: each covers the one before it, so that chunks cannot be swapped,
/// dropped or repeated.
package struct ChunkSigning: Sendable {
    private let key: SymmetricKey
    private let preamble: String
    private var previous: String

    /// - Parameters:
    ///   - key: Key that signed the request.
    ///   - time: Time of the request, as sent.
    ///   - scope: Scope of the request.
    ///   - seed: Signature of the request itself.
    init(key: SymmetricKey, time: String, scope: CredentialScope, seed: String) {
        self.key = key
        preamble = "\(time)\n\(scope.text)\n"
        previous = seed
    }

    /// The signature of the next chunk; the chain moves on to it.
    ///
    /// - Parameter hash: SHA-256 of the chunk's data, 64 hex digits.
    /// - Returns: 64 hex digits.
    package mutating func signChunk(hash: String) -> String {
        sign("AWS4-HMAC-SHA256-PAYLOAD\n\(preamble)\(previous)\n\(Self.emptyHash)\n\(hash)")
    }

    /// The signature of the trailer, which closes the chain.
    ///
    /// - Parameter hash: SHA-256 of the lines `name:value\n`, 64 hex digits.
    /// - Returns: 64 hex digits.
    package mutating func signTrailer(hash: String) -> String {
        sign("AWS4-HMAC-SHA256-TRAILER\n\(preamble)\(previous)\n\(hash)")
    }

    private mutating func sign(_ text: String) -> String {
        previous = Hex.encode(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
        return previous
    }

    private static let emptyHash = Hex.encode(SHA256.hash(data: [UInt8]()))
}
