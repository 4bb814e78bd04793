/// What the URI of a framework's image asks for.
package struct FrameworkImage: Hashable, Sendable {
    package let framework: Framework
    /// Version of the framework's package, or of Python for `Framework.python`.
    ///
    /// What it leaves open, the newest patch fills.
    package let wanted: ReleaseVersion
    /// Version of Transformers (`Framework.huggingFace`).
    package let transformers: ReleaseVersion?
    /// The Python that the tag names (`py310`).
    package private(set) var python: ReleaseVersion?
    /// The SageMaker SDK that runs a function of its client's (`@remote`), which no framework's image has.
    package private(set) var sdk: ReleaseVersion?
    /// The container's own version where images are numbered beside the framework (`1.7-1`); XGBoost's behaviour follows it.
    package let containerVersion: String?

    /// Takes a tag apart (images, section 1): the version leads, Python and processor follow in any order; `nil` for a tag without a version.
    ///
    /// - Parameters:
    ///   - framework: What the repository holds.
    ///   - tag: Of the image.
    package init?(_ framework: Framework, tag: String) {
        self.framework = framework
        let parts = tag.split(separator: "-").map(String.init)
        guard let first = parts.first, let version = ReleaseVersion(first) else { return nil }
        let build = parts.count > 1 ? Int(parts[1]) : nil
        containerVersion = build.map { "\(first)-\($0)" }
        wanted =
            containerVersion.flatMap { Self.numbered[framework]?[$0] }.flatMap { ReleaseVersion($0) }
            ?? version
        transformers =
            parts.lazy.filter { $0.hasPrefix("transformers") }
            .compactMap { ReleaseVersion($0.dropFirst("transformers".count)) }.first
        python = parts.lazy.compactMap { Self.python($0) }.first
        if framework == .huggingFace, transformers == nil { return nil }
    }

    /// Python alone, of one version.
    package init(python version: ReleaseVersion) {
        framework = .python
        wanted = version
        transformers = nil
        python = version
        containerVersion = nil
    }

    /// The image for a function that a client sends as it is in memory: with the client's SDK, and on the client's Python,
    /// the only one that can read it.
    package func running(sdk: ReleaseVersion, python: ReleaseVersion?) -> FrameworkImage {
        var image = self
        image.sdk = sdk
        image.python = python ?? image.python
        return image
    }

    /// The image as it is.
    package var withoutSDK: FrameworkImage {
        var image = self
        image.sdk = nil
        return image
    }

    /// `py310` → 3.10; `py3` and `py2` name no version.
    private static func python(_ part: String) -> ReleaseVersion? {
        guard part.hasPrefix("py3"), part.count > 3 else { return nil }
        return ReleaseVersion("3.\(part.dropFirst(3))")
    }

    /// The containers' own versions that are known of images that count on their own, such as `1.7-1`, the oldest first.
    package static func containerVersions(of framework: Framework) -> [String] {
        (numbered[framework] ?? [:]).keys.sorted { order($0).lexicographicallyPrecedes(order($1)) }
    }

    /// By what the versions of containers are ordered: `1.7-1` → 1, 7, 1; a release without a build is before its builds.
    package static func order(_ version: String) -> [Int] {
        let parts = version.split(separator: "-")
        return (parts.first ?? "").split(separator: ".").compactMap { Int($0) }.prefix(2)
            + [parts.count > 1 ? Int(parts[1]) ?? 0 : 0]
    }

    /// The package's version inside images that count on their own.
    private static let numbered: [Framework: [String: String]] = [
        .scikitLearn: [
            "0.23-1": "0.23.2", "1.0-1": "1.0.2", "1.2-1": "1.2.1", "1.4-2": "1.4.2", "1.9-0": "1.9.0",
        ],
        .xgboost: [
            "0.90-1": "0.90", "0.90-2": "0.90", "1.0-1": "1.0.0", "1.2-1": "1.2.0", "1.2-2": "1.2.0",
            "1.3-1": "1.3.3", "1.5-1": "1.5.2", "1.7-1": "1.7.4", "3.0-5": "3.0.5", "3.2-0": "3.2.0",
        ],
    ]
}
