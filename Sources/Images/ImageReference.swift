/// An image URI in its parts: `[registry/]repository[:tag][@digest]`.
package struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    package let description: String
    /// Host and port; `nil` for a name without one.
    package let registry: String?
    package let repository: String
    package let tag: String?
    /// `sha256:…`.
    package let digest: String?

    /// Takes a URI apart; what is no image's name ends up in `repository`, and no catalogue has it.
    package init(_ uri: String) {
        description = uri
        var rest = Substring(uri)
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        } else {
            digest = nil
        }
        // A first part with a dot or a port is a host; `team/image` has none.
        if let slash = rest.firstIndex(of: "/"),
            rest[..<slash].contains(where: { $0 == "." || $0 == ":" }) || rest[..<slash] == "localhost"
        {
            registry = String(rest[..<slash])
            rest = rest[rest.index(after: slash)...]
        } else {
            registry = nil
        }
        if let colon = rest.lastIndex(of: ":") {
            repository = String(rest[..<colon])
            tag = String(rest[rest.index(after: colon)...])
        } else {
            repository = String(rest)
            tag = nil
        }
    }

    /// `NAME:TAG` of a URI of AWS's registry, which is what people call the image on their own machine.
    package var localName: String? {
        guard let registry, registry.contains(".dkr.ecr") else { return nil }
        return repository + (digest.map { "@\($0)" } ?? ":\(tag ?? "latest")")
    }
}
