/// What PyPI has of the frameworks: releases with wheels for Linux (`Catalogue/framework-releases.csv`).
package enum ReleaseTable {
    /// One release of one package.
    package struct Release: Sendable, Equatable {
        package let version: ReleaseVersion
        /// Versions of Python that it has wheels for, without gaps.
        package let pythons: ClosedRange<ReleaseVersion>
        /// As `uname -m` names them.
        package let processors: [String]

        func runs(on python: ReleaseVersion, _ processor: String) -> Bool {
            pythons.contains(python) && processors.contains(processor)
        }
    }

    /// The releases of a package, oldest first; empty for a package that is not in the table.
    package static func releases(of package: String) -> [Release] { all[package] ?? [] }

    private static let all: [String: [Release]] = {
        var all: [String: [Release]] = [:]
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: ",")
            guard fields.count == 4, let version = ReleaseVersion(fields[1]),
                case let ends = fields[2].split(separator: "-").compactMap({ ReleaseVersion($0) }),
                ends.count == 2, ends[0] <= ends[1]
            else { preconditionFailure("the table of releases has the line '\(line)'") }
            all[String(fields[0]), default: []].append(
                Release(
                    version: version,
                    pythons: ends[0]...ends[1],
                    processors: fields[3].split(separator: " ").map(String.init)
                )
            )
        }
        return all
    }()
}
