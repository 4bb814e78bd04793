import Resources

/// Why an environment is not there.
package enum EnvironmentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no uv to make it with.
    case noInstaller
    /// uv could not have the packages, or not install them; its own words.
    case packages(id: String, words: String)
    /// The server ends, and the build with it: the next start begins it again.
    case closed
    /// This machine's file system refused.
    case files(String)

    package var description: String {
        switch self {
        case .noInstaller:
            """
            uv, which makes Python environments, is not on PATH: install it (https://docs.astral.sh/uv, or pip install \
            uv) and start Clary again
            """
        case .packages(let id, let words):
            """
            the packages of the environment \(id) could not be had: \(words.asClause). uv asks the indexes and \
            folders that pip is configured for (pip.conf, PIP_INDEX_URL, PIP_FIND_LINKS)
            """
        case .closed: "the server ends, and what it was building with it"
        case .files(let text): text
        }
    }
}
