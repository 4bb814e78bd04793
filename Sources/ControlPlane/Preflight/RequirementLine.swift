import Foundation

/// A line of a requirements file, as uv reads it, which installs what scripts ask for.
package struct RequirementLine {
    /// From 1; of a line that goes on over several (`\\`) the first.
    package let number: Int
    /// Without its comment.
    package let text: String

    /// What the line says, as far as its files go.
    package enum Meaning: Equatable {
        /// Nothing that could be missing here: a package, an address, an option.
        case nothing
        /// Another requirements or constraints file.
        case include(String)
        /// A package on this disk.
        case path(String)
        /// A directory of packages.
        case folder(String)
        /// It cannot be read; why not, without a full stop.
        case wrong(String)
    }

    /// The lines that say something.
    package static func lines(of text: String) -> [RequirementLine] {
        var lines: [RequirementLine] = []
        var begun: (number: Int, text: String)?
        let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
        for (index, piece) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            let (number, before) = begun ?? (index + 1, "")
            let isComment = piece.drop(while: \.isWhitespace).hasPrefix("#")
            if piece.hasSuffix("\\"), !isComment {
                begun = (number, before + piece.dropLast())
                continue
            }
            begun = nil
            lines.append(.init(number: number, text: Self.withoutComment(before + piece)))
        }
        if let begun { lines.append(.init(number: begun.number, text: Self.withoutComment(begun.text))) }
        return lines.filter { !$0.text.isEmpty }
    }

    /// With single spaces: what follows is then read in a time that grows with the length of the line alone.
    private static func withoutComment(_ text: String) -> String {
        text.replacing(/(^|\s)#.*/, with: "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    package var meaning: Meaning {
        // What a variable holds is known where the job runs.
        if text.contains("${") { return .nothing }
        return text.hasPrefix("-") ? option : requirement
    }

    // MARK: Options

    private static let files: Set<String> = ["-r", "--requirement", "-c", "--constraint"]
    private static let valued: Set<String> = [
        "-e", "--editable", "-f", "--find-links", "-i", "--index-url", "--extra-index-url", "--no-binary",
        "--only-binary", "--trusted-host", "--use-feature",
    ]
    private static let flags: Set<String> = ["--no-index", "--prefer-binary", "--require-hashes", "--pre"]

    private var option: Meaning {
        let match = text.prefixMatch(of: /--[A-Za-z][A-Za-z-]*|-[A-Za-z]/)
        let name = match.map { String($0.output) } ?? text
        let value = text.dropFirst(name.count).drop { $0 == "=" || $0.isWhitespace }
            .trimmingCharacters(in: .whitespaces)
        if Self.flags.contains(name) { return value.isEmpty ? .nothing : .wrong("\(name) takes no value") }
        guard Self.files.contains(name) || Self.valued.contains(name) else {
            return .wrong("\(name) is no option of a requirements file")
        }
        guard !value.isEmpty else { return .wrong("\(name) needs a value") }
        guard text.dropFirst(name.count).first.map({ $0 == "=" || $0.isWhitespace }) == true else {
            return .wrong("a space is missing behind \(name)")
        }
        switch name {
        case _ where Self.files.contains(name): return value.contains("://") ? .nothing : .include(value)
        case "-e", "--editable": return Self.location(value, Meaning.path)
        case "-f", "--find-links": return Self.location(value, Meaning.folder)
        default: return .nothing
        }
    }

    // MARK: Requirements

    private static let archives = [".whl", ".tar.gz", ".zip", ".tar.bz2"]

    private var requirement: Meaning {
        // Options of one requirement stand behind it, such as hashes.
        let text = self.text.replacing(/\s+--[a-z].*/, with: "")
        let bare =
            text.split(separator: ";", maxSplits: 1).first.map {
                $0.trimmingCharacters(in: .whitespaces)
            } ?? ""
        if bare.hasPrefix("file:") { return Self.location(bare, Meaning.path) }
        if bare.prefixMatch(of: /[A-Za-z][A-Za-z0-9+.-]*:\/\//) != nil { return .nothing }
        if let match = bare.wholeMatch(
            of: /(?<name>[^@\[]+?)\s*(?:\[(?<extras>[^\]]*)\])?\s*@\s*(?<place>.*)/
        ) {
            guard Self.isName(match.name) else { return .wrong("'\(match.name)' is no name of a package") }
            guard !match.place.isEmpty else { return .wrong("nothing stands behind the @") }
            return Self.location(String(match.place), Meaning.path)
        }
        if bare.hasPrefix(".") || bare.contains("/") || Self.archives.contains(where: bare.hasSuffix) {
            return Self.location(bare, Meaning.path)
        }
        return RequirementGrammar.objection(to: text).map(Meaning.wrong) ?? .nothing
    }

    static func isName(_ text: Substring) -> Bool {
        text.wholeMatch(of: /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/) != nil
    }

    /// A path, unless it is an address on the network.
    private static func location(_ text: String, _ meaning: (String) -> Meaning) -> Meaning {
        var path = text
        if path.hasSuffix("]"), let extras = path.lastIndex(of: "[") { path = String(path[..<extras]) }
        if path.hasPrefix("file:") {
            path = String(path.dropFirst("file:".count)).replacing(/^\/\/(localhost)?(?=\/)/, with: "")
            path = path.removingPercentEncoding ?? path
        }
        return path.contains("://") ? .nothing : meaning(path)
    }
}
