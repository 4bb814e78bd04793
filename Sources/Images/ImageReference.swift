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

    /// `NAME:TAG` or `NAME@sha256:…`, without the registry; the tag is `latest` where nothing is given.
    package var name: String {
        let tail = (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
        return repository + (tail.isEmpty ? ":latest" : tail)
    }

    /// With its registry, and its tag or digest.
    package var complete: String { registry.map { "\($0)/\(name)" } ?? name }

    /// Whether the registry is one of Amazon ECR's.
    package var isOfECR: Bool {
        let parts = (registry ?? "").split(separator: ".").map(String.init)
        return parts.count >= 6 && parts[0].count == 12 && parts[0].allSatisfy(\.isNumber)
            && parts[1] == "dkr" && parts[2] == "ecr" && parts[4] == "amazonaws"
    }

    /// The same image in the registry at `address`, such as `http://127.0.0.1:5000`.
    package func moved(to address: String) -> ImageReference {
        let host = address.split(separator: "/").last.map(String.init) ?? address
        return ImageReference("\(host)/\(name)")
    }

    /// Names under which it may already be here, in order: what was built for ECR is often there without its registry.
    package var localNames: [String] { isOfECR ? [complete, name] : [complete] }
}
