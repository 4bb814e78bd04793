package import Crypto
import Synchronization

/// Derives the keys that sign, and remembers the latest: deriving takes four keyed hashes, and a client signs all day
/// with one key.
package final class SigningKeys: Sendable {
    private struct Origin: Hashable {
        let secret: String
        let scope: CredentialScope
    }

    private let derived = Mutex<[Origin: SymmetricKey]>([:])
    private let capacity: Int

    /// - Parameter capacity: Keys remembered at most; when they are that many, all are forgotten.
    package init(capacity: Int = 256) {
        precondition(capacity > 0, "a cache holds at least one key")
        self.capacity = capacity
    }

    /// The key of one secret for one day, region and service.
    package func key(secret: String, scope: CredentialScope) -> SymmetricKey {
        let origin = Origin(secret: secret, scope: scope)
        if let known = derived.withLock({ $0[origin] }) { return known }
        let key = Self.derive(origin)
        derived.withLock { keys in
            if keys.count >= capacity { keys.removeAll(keepingCapacity: true) }
            keys[origin] = key
        }
        return key
    }

    private static func derive(_ origin: Origin) -> SymmetricKey {
        var key = SymmetricKey(data: Array("AWS4\(origin.secret)".utf8))
        let scope = origin.scope
        for part in [scope.day, scope.region, scope.service, CredentialScope.terminator] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return key
    }
}
