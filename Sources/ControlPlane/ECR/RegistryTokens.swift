import Foundation
import Synchronization

/// The passwords that `GetAuthorizationToken` gave out; a server that starts again knows none of them.
package final class RegistryTokens: Sendable {
    private let expirations = Mutex<[String: Double]>([:])
    private let now: @Sendable () -> Double

    /// Seconds that a password is good for, as on AWS.
    package static let lifetime = 43_200.0
    /// More are not kept: the oldest go first.
    private static let most = 10_000

    package init(now: @escaping @Sendable () -> Double = WallClock.now) { self.now = now }

    /// A new password; it `expires` so many seconds after 1970.
    package func issue() -> (password: String, expires: Double) {
        var generator = SystemRandomNumberGenerator()
        let password = (0..<4).map { _ in String(generator.next(), radix: 36) }.joined()
        let expires = now() + Self.lifetime
        expirations.withLock { known in
            known = known.filter { $0.value > now() }
            if known.count >= Self.most, let oldest = known.min(by: { $0.value < $1.value }) {
                known[oldest.key] = nil
            }
            known[password] = expires
        }
        return (password, expires)
    }

    /// Whether an `Authorization` header has the user AWS and a password that is good.
    package func accepts(_ header: String?) -> Bool {
        guard let header, header.hasPrefix("Basic "),
            let pair = Data(base64Encoded: String(header.dropFirst("Basic ".count))),
            let colon = pair.firstIndex(of: UInt8(ascii: ":")),
            String(decoding: pair[..<colon], as: UTF8.self) == "AWS"
        else { return false }
        let password = String(decoding: pair[pair.index(after: colon)...], as: UTF8.self)
        return expirations.withLock { $0[password] ?? 0 } > now()
    }
}
