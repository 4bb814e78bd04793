import ArgumentParser
import Foundation
import Reports

/// `clary doctor`: what this machine offers and lacks.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell what this machine offers and lacks, and how to mend it.",
        discussion: """
            Really tries what instances need: namespaces, a network between them, an overlay, a sandbox. Each line is ok, \
            limited (it works, with less than there could be) or missing, with what to do about it. Needs no running \
            server. Exits with 1 only if something is missing that Clary cannot do without.

            Examples:
              clary doctor
              clary doctor --json | jq '.findings[] | select(.verdict != "ok")'
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Flag(help: "Print a JSON document.")
    var json = false

    /// The document of `--json`.
    private struct Report: Encodable {
        /// Whether nothing is missing that Clary cannot do without.
        let isUsable: Bool
        let findings: [Finding]
    }

    func run() throws {
        let findings = MachineSurvey(dataDirectory: dataDirectory.path).facts().findings
        let fatal = findings.filter(\.isFatal)
        if json {
            try Screen.showJSON(Report(isUsable: fatal.isEmpty, findings: findings))
        } else {
            for line in Finding.lines(findings, width: Screen.width) { print(line) }
            print()
            print(
                fatal.isEmpty
                    ? "Clary runs on this machine."
                    : "Clary cannot run jobs and endpoints here: \(fatal.map(\.subject).joined(separator: ", "))."
            )
        }
        if !fatal.isEmpty { throw ExitCode.failure }
    }
}
