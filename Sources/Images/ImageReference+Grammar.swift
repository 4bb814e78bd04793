extension ImageReference {
    /// Why no registry could have an image of this name; `nil` if one could (distribution specification, "Pulling manifests").
    package var objection: String? {
        if description.isEmpty { return "it is empty" }
        if let scheme = description.firstRange(of: "://") {
            return "leave out '\(description[..<scheme.upperBound])', and give REGISTRY/REPOSITORY:TAG"
        }
        if description.contains(where: \.isWhitespace) { return "it has white space" }
        if let registry, registry.wholeMatch(of: /[A-Za-z0-9.\-]+(:[0-9]+)?/) == nil {
            return "'\(registry)' is no name of a registry, which is HOST or HOST:PORT"
        }
        if repository.isEmpty { return "it names no repository" }
        if repository.contains(where: \.isUppercase) {
            return "the repository '\(repository)' has capital letters, which no registry allows"
        }
        if repository.wholeMatch(
            of: /[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*/
        ) == nil {
            return """
                the repository '\(repository)' is not made of small letters and digits, with '.', '_', '-' and '/' \
                between them
                """
        }
        if let tag, tag.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}/) == nil {
            return "the tag '\(tag)' is not made of at most 128 letters, digits, '_', '.' and '-'"
        }
        if let digest, digest.wholeMatch(of: /[a-z0-9]+([+._\-][a-z0-9]+)*:[0-9a-fA-F]{32,}/) == nil {
            return "'\(digest)' is no digest such as sha256:…"
        }
        return nil
    }
}
