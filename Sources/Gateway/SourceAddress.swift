/// The address in what a server knows of its peer.
package enum SourceAddress {
    /// The address alone of `1.2.3.4:5`, `[IPv4]1.2.3.4/1.2.3.4:5` or `[::1]:5`; empty for a socket of this machine.
    package static func of(_ peer: String) -> String {
        var text = peer[...]
        if text.hasPrefix("[IPv4]") || text.hasPrefix("[IPv6]") { text = text.dropFirst(6) }
        if let slash = text.lastIndex(of: "/") { text = text[text.index(after: slash)...] }
        guard let colon = text.lastIndex(of: ":") else { return "" }
        let address = text[..<colon].filter { $0 != "[" && $0 != "]" }
        return address.isEmpty || address.contains("unix") ? "" : String(address)
    }
}
