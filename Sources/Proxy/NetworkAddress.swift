import Glibc
package import NIOCore

/// An IP address, to tell public networks from those that a proxy must not open.
package struct NetworkAddress: Equatable, Sendable, CustomStringConvertible {
    /// Four or sixteen bytes in network order.
    let bytes: [UInt8]

    /// Reads the strict spellings (`1.2.3.4`, `2001:db8::1`); `nil` for a name.
    package init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: text.contains(":") ? 16 : 4)
        guard inet_pton(bytes.count == 16 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        self.bytes = bytes
    }

    /// Takes the address of a socket address; `nil` for a unix socket.
    package init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        self.init(text)
    }

    /// Takes four or sixteen bytes in network order; `nil` for any other number.
    package init?(bytes: [UInt8]) {
        guard [4, 16].contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    /// The usual spelling, such as `1.2.3.4` and `::1`.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(bytes.count == 16 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether only this machine reaches the address.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// Whether it stands for every address of a machine: `0.0.0.0` and `::`.
    package var isWildcard: Bool { bytes.allSatisfy { $0 == 0 } }

    /// Whether the address is reachable from anywhere: not loopback, private, shared, link-local, multicast,
    /// reserved or unspecified (IANA's special-purpose registries), nor an IPv6 form that carries such an
    /// IPv4 address.
    package var isPublic: Bool {
        guard bytes.count == 16 else { return NetworkAddress.isPublic(version4: bytes) }
        let head = bytes[..<12]
        if head.elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])  // ::ffff:a.b.c.d
            || head.elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0])  // NAT64
        {
            return NetworkAddress.isPublic(version4: Array(bytes[12...]))
        }
        if bytes[0] == 0x20, bytes[1] == 0x02 {  // 6to4
            return NetworkAddress.isPublic(version4: Array(bytes[2..<6]))
        }
        // 2000::/3 is all the global unicast space there is; `::1`, `fc00::/7`, `fe80::/10`, `ff00::/8` lie outside.
        return bytes[0] & 0xE0 == 0x20
    }

    private static func isPublic(version4 bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1]) {
        case (0, _), (10, _), (127, _), (224..., _): false
        case (100, 64...127), (169, 254), (172, 16...31), (192, 168), (198, 18...19): false
        case (192, 0): bytes[2] != 0 && bytes[2] != 2
        default: true
        }
    }

    /// Whether resolvers may take a name that ends in this label for an address (`127.1`, `0x7f000001`).
    package static func readsAsNumber(_ label: Substring) -> Bool {
        let digits = label.hasPrefix("0x") ? label.dropFirst(2) : label
        return label.utf8.allSatisfy { (48...57).contains($0) }
            || label.hasPrefix("0x") && digits.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    }
}
