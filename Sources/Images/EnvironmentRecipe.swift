import Resources

/// A Python environment that stands for a framework's image: which Python, which packages.
package struct EnvironmentRecipe: Sendable, Equatable, Codable {
    package let framework: Framework
    /// Version of the framework's package.
    package let version: String
    /// Absolute path of the Python.
    package let interpreter: String
    /// `3.11`.
    package let python: String
    /// What uv resolves; the framework's own packages are pinned.
    package let requirements: [String]
    /// Whether PyTorch comes from its own index of builds without CUDA, which PyPI does not have.
    package let usesProcessorIndex: Bool
    /// What differs from the image that was asked for, in sentences for the job's log.
    package let notes: [String]

    /// A directory's name: the same recipe has the same, another recipe another.
    package var id: String {
        let words = requirements + [interpreter, usesProcessorIndex ? "cpu" : ""]
        return "\(framework.rawValue)-\(version)-py\(python.filter { $0 != "." })-\(Self.hash(words))"
    }

    /// Tells recipes of one framework and version apart.
    private static func hash(_ words: [String]) -> String {
        let text = String(FNV1a.hash(words.joined(separator: "\n")), radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}

/// Why no environment can stand for an image here.
package struct ImageRefusal: Error, Equatable {
    /// A sentence for the user.
    package let message: String

    package init(_ message: String) { self.message = message }
}
