/// An image URI as engines read it.
package struct ImageReference: Sendable, Equatable {
    /// As it was given.
    package let text: String
    /// `123456789012.dkr.ecr.us-east-1.amazonaws.com`, `localhost:5000`; empty if the text has none.
    package let registry: String
    /// `NAME:TAG`, `NAME@sha256:…`; the tag is `latest` where none is given.
    package let name: String

    package init(_ text: String) {
        self.text = text
        let slash = text.firstIndex(of: "/")
        let first = slash.map { text[..<$0] } ?? ""
        let hasRegistry = first == "localhost" || first.contains { $0 == "." || $0 == ":" }
        registry = hasRegistry ? String(first) : ""
        let rest = hasRegistry ? text[text.index(after: slash ?? text.startIndex)...] : text[...]
        let last = rest.split(separator: "/", omittingEmptySubsequences: false).last ?? rest
        name = last.contains { $0 == ":" || $0 == "@" } ? String(rest) : rest + ":latest"
    }

    /// With its tag or digest.
    package var complete: String { registry.isEmpty ? name : "\(registry)/\(name)" }

    /// Whether the registry is one of Amazon ECR's.
    package var isOfECR: Bool {
        let parts = registry.split(separator: ".").map(String.init)
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
