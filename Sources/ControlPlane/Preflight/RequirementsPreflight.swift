import Archive
import Foundation

/// Whether an installer could read a script's `requirements.txt` and find the files that it names; nothing is downloaded.
struct RequirementsPreflight {
    let index: ArchiveIndex

    private static let standardName = "requirements.txt"
    /// Where the archive is unpacked.
    private static let code = "/opt/ml/code/"
    /// More than these say no more.
    private static let mostProblems = 20

    /// - Parameters:
    ///   - named: What the hyperparameter sagemaker_requirements says; empty without one.
    ///   - report: Gets one finding for each line that is wrong.
    func examine(named: String, into report: inout PreflightReport) {
        let path = named.isEmpty ? Self.standardName : named
        guard index.files.contains(path) else {
            if named.isEmpty { return }
            return report.add(
                path,
                .problem,
                "The hyperparameter sagemaker_requirements names '\(path)', which is not in the archive."
            )
        }
        guard index.contents[path] != nil else {
            return report.add(path, .remark, "It is large or a link, and was not read.")
        }
        var seen: Set<String> = []
        let problems = problems(of: path, &seen)
        for problem in problems.prefix(Self.mostProblems) { report.add(path, .problem, problem) }
        if problems.count > Self.mostProblems {
            let rest = problems.count - Self.mostProblems
            report.add(path, .problem, rest == 1 ? "1 more line is wrong." : "\(rest) more lines are wrong.")
        }
        if problems.isEmpty {
            report.add(path, .ok, "Its lines can be read, and the files that it names are there.")
        }
    }

    private func problems(of path: String, _ seen: inout Set<String>) -> [String] {
        // A file that could not be kept is not looked at; one that includes itself is looked at once.
        guard let bytes = index.contents[path], seen.insert(path).inserted else { return [] }
        guard let text = String(validating: bytes, as: UTF8.self) else { return ["\(path) is not UTF-8."] }
        var problems: [String] = []
        for line in RequirementLine.lines(of: text) {
            let place = path == Self.standardName ? "Line \(line.number)" : "\(path), line \(line.number)"
            func complain(_ words: String) {
                problems.append("\(place): '\(line.text.prefix(100))': \(words).")
            }
            switch line.meaning {
            case .nothing: break
            case .wrong(let words): complain(words)
            case .include(let target):
                switch resolve(target, from: path, onlyBeside: true) {
                case .unknown: break
                case .missing(let words): complain(words)
                case .there(let file): problems += self.problems(of: file, &seen)
                }
            case .path(let target):
                switch resolve(target, from: path, onlyBeside: false) {
                case .unknown: break
                case .missing(let words): complain(words)
                case .there(let found):
                    guard index.directories.contains(found) || found.isEmpty else { break }
                    let prefix = found.isEmpty ? "" : found + "/"
                    let isProject = ["pyproject.toml", "setup.py"].contains {
                        index.files.contains(prefix + $0)
                    }
                    if !isProject { complain("the directory has no pyproject.toml and no setup.py") }
                }
            case .folder(let target):
                if case .missing(let words) = resolve(target, from: path, onlyBeside: false) {
                    complain(words)
                }
            }
        }
        return problems
    }

    private enum Resolution {
        /// Outside of the archive, where it may be or not.
        case unknown
        /// Why there is none.
        case missing(String)
        /// Its path in the archive.
        case there(String)
    }

    /// - Parameters:
    ///   - target: A path, relative or absolute.
    ///   - file: Path of the file that names it.
    ///   - onlyBeside: Whether it is sought beside that file, and not where the installer runs.
    /// - Returns: Where it is in the archive, if it is.
    private func resolve(_ target: String, from file: String, onlyBeside: Bool) -> Resolution {
        if target.hasPrefix("/") {
            guard target.hasPrefix(Self.code) else { return .unknown }
            return resolve(String(target.dropFirst(Self.code.count)), from: "", onlyBeside: true)
        }
        let folder = file.split(separator: "/").dropLast()
        let starts = onlyBeside || folder.isEmpty ? [Array(folder)] : [[], Array(folder)]
        for start in starts {
            var parts = start
            for part in target.split(separator: "/") where part != "." {
                guard part == ".." else {
                    parts.append(part)
                    continue
                }
                guard parts.popLast() != nil else { return .missing("the path leads out of the archive") }
            }
            let path = parts.joined(separator: "/")
            if path.isEmpty || index.files.contains(path) || index.directories.contains(path) {
                return .there(path)
            }
        }
        return .missing("the archive has no '\(target)'")
    }
}
