/// One line of `clary doctor`: what was looked at, how it is, and what to do about it.
package struct Finding: Sendable, Equatable, Codable {
    /// How something is.
    package enum Verdict: String, Sendable, Codable {
        case ok
        /// It works, but with less than there could be.
        case limited
        case missing
    }

    /// What was looked at, such as `overlay`.
    package let subject: String
    package let verdict: Verdict
    /// What was found, in a sentence.
    package let text: String
    /// What to do about it, line by line; empty where nothing is to be done.
    package let fix: [String]
    /// Whether Clary cannot do without it.
    package let isRequired: Bool

    package init(
        _ subject: String,
        _ verdict: Verdict,
        _ text: String,
        fix: [String] = [],
        isRequired: Bool = false
    ) {
        self.subject = subject
        self.verdict = verdict
        self.text = text
        self.fix = fix
        self.isRequired = isRequired
    }

    /// Whether Clary does not work because of this.
    package var isFatal: Bool { isRequired && verdict == .missing }

    /// The findings as aligned lines, the fixes indented below; none is wider than `width` unless a word is.
    package static func lines(_ findings: [Finding], width: Int?) -> [String] {
        let subjectWidth = findings.map { PlainText.width(of: $0.subject) }.max() ?? 0
        let indent = String(repeating: " ", count: verdictWidth + subjectWidth + 2)
        return findings.flatMap { finding in
            let verdict = pad(finding.verdict.rawValue, to: verdictWidth)
            let head = verdict + pad(finding.subject, to: subjectWidth) + "  "
            let text = wrap(PlainText.line(finding.text), width: width.map { max(20, $0 - indent.count) })
            let fixes = finding.fix.map { indent + "  " + PlainText.line($0) }
            return [head + (text.first ?? "")] + text.dropFirst().map { indent + $0 } + fixes
        }
    }

    private static let verdictWidth = 9

    private static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - PlainText.width(of: text)))
    }

    private static func wrap(_ text: String, width: Int?) -> [String] {
        guard let width else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if PlainText.width(of: line) + 1 + PlainText.width(of: String(word)) <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return lines + [line]
    }
}
