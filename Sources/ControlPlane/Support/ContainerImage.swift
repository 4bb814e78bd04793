/// What an image URI stands for here.
///
/// Registry, account and region do not matter: only repository and tag do.
package enum ContainerImage: Equatable, Sendable {
    /// The built-in XGBoost, behaving as the container of that version (`0.72`, `1.7-1`, …).
    case xgboost(version: String)
    /// Somebody's own: a container engine runs it.
    case oci(reference: String)

    /// Finds the implementation of an image.
    ///
    /// - Throws: `UnknownImage` with a sentence for the user.
    package static func resolve(_ uri: String) throws(UnknownImage) -> ContainerImage {
        let (repository, tag) = split(uri)
        switch repository {
        case "xgboost":
            return .xgboost(version: "0.72")
        case "sagemaker-xgboost":
            guard let tag, let wanted = leadingVersion(of: tag) else {
                throw UnknownImage(
                    "The image '\(uri)' names no version. Use a tag such as \(xgboostVersions.last ?? "")."
                )
            }
            return .xgboost(version: nearest(to: wanted, among: xgboostVersions))
        default:
            return .oci(reference: uri)
        }
    }

    /// The same, if a sandbox can run it.
    ///
    /// - Throws: `UnknownImage` with a sentence for the user.
    func inSandbox(_ uri: String) throws(UnknownImage) -> ContainerImage {
        guard case .oci = self else { return self }
        throw UnknownImage(
            """
            The image '\(uri)' is not one that Clary runs in a sandbox. It offers the built-in algorithm XGBoost: \
            the repositories xgboost (tags 1, latest) and sagemaker-xgboost \
            (\(Self.xgboostVersions.joined(separator: ", "))). Other images need a container engine: \
            leave out CLARY_RUNTIME and --runtime sandbox.
            """
        )
    }

    /// The versions that SageMaker has published, oldest first.
    package static let xgboostVersions = [
        "0.90-1", "0.90-2", "1.0-1", "1.2-1", "1.2-2", "1.3-1", "1.5-1", "1.7-1", "3.0-5",
    ]

    /// Splits `registry/repository[:tag][@digest]`.
    private static func split(_ uri: String) -> (repository: String, tag: String?) {
        var rest = Substring(uri)
        if let at = rest.firstIndex(of: "@") { rest = rest[..<at] }
        if let slash = rest.firstIndex(of: "/"), rest[..<slash].contains(where: { $0 == "." || $0 == ":" }) {
            rest = rest[rest.index(after: slash)...]
        }
        guard let colon = rest.lastIndex(of: ":") else { return (String(rest), nil) }
        return (String(rest[..<colon]), String(rest[rest.index(after: colon)...]))
    }

    /// The digits, dots and one hyphenated number that a tag begins with: `1.7-1` of `1.7-1-cpu-py3`.
    private static func leadingVersion(of tag: String) -> [Int]? {
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard !numbers.contains(nil), numbers.count <= 3 else { return nil }
        let build = parts.count > 1 ? Int(parts[1]) : nil
        return numbers.compactMap(\.self).prefix(2) + [build ?? 0]
    }

    /// An unknown tag of a known repository means the nearest version: the newest that is not newer.
    private static func nearest(to wanted: [Int], among versions: [String]) -> String {
        let sorted = versions.compactMap { version in leadingVersion(of: version).map { (version, $0) } }
        let older = sorted.last { !wanted.lexicographicallyPrecedes($0.1) }
        return (older ?? sorted.first)?.0 ?? versions[0]
    }
}

/// An image that nothing here can run.
package struct UnknownImage: Error, Equatable {
    /// A sentence for the user.
    package let message: String

    init(_ message: String) { self.message = message }
}
