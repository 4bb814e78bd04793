import Crypto
import Proxy
import SwiftASN1
import X509

/// The SHA-256 of a certificate, by which people know it.
package struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    /// Reads 64 hexadecimal digits; `nil` for anything else.
    ///
    /// Colons, spaces and a leading `sha256:` do not count.
    package init?(parsing text: String) {
        var digits = text.lowercased().filter { !$0.isWhitespace }
        if let prefix = digits.firstRange(of: "sha256:"), prefix.lowerBound == digits.startIndex {
            digits.removeSubrange(prefix)
        }
        digits.removeAll { $0 == ":" }
        guard digits.utf8.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var rest = digits[...]
        while !rest.isEmpty {
            guard rest.prefix(2).allSatisfy(\.isHexDigit), let byte = UInt8(rest.prefix(2), radix: 16) else {
                return nil
            }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        self.bytes = bytes
    }

    /// Of the first certificate in a PEM text.
    ///
    /// - Throws: The decoder's error if there is none.
    package init(ofPEM text: String) throws {
        bytes = Array(SHA256.hash(data: try Certificate(pemEncoded: text).derBytes()))
    }

    /// `AB:CD:…`, as `openssl x509 -fingerprint -sha256` prints it.
    package var description: String {
        bytes.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "0" + digits : digits
        }
        .joined(separator: ":")
    }
}
