/// The address in what a server knows of its peer.
package enum SourceAddress {
    /// The address alone of `1.2.3.4:5`, `[IPv4]1.2.3.4/1.2.3.4:5` or `[::1]:5`; empty for a socket of this machine.
    package static func of(_ peer: String) -> String {
        // By bytes: every call comes by here.
        var text = peer.utf8[...]
        if text.starts(with: "[IPv4]".utf8) || text.starts(with: "[IPv6]".utf8) { text = text.dropFirst(6) }
        if let slash = text.lastIndex(of: UInt8(ascii: "/")) { text = text[text.index(after: slash)...] }
        guard let colon = text.lastIndex(of: UInt8(ascii: ":")) else { return "" }
        text = text[..<colon]
        if text.first == UInt8(ascii: "[") { text = text.dropFirst() }
        if text.last == UInt8(ascii: "]") { text = text.dropLast() }
        return text.starts(with: "unix".utf8) ? "" : String(Substring(text))
    }
}
