import ArgumentParser
import Foundation
import Gateway
import Reports

/// `clary audit`: who did what.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show who changed what: every mutating call, those that were refused too.",
        discussion: """
            Examples:
              clary audit --user ada
              clary audit --action iam: --since 2h
              clary audit --json | jq '.[] | select(.outcome != "Success")'
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Option(
        help: "Only calls of the last while (30m, 2h, 7d) or since a time (2026-01-31T12:00:00Z).",
        transform: Self.parseSince
    )
    var since: Double?

    @Option(help: "Only calls of this user, or of whoever's ARN ends so.")
    var user: String?

    @Option(help: "Only this action, or those that begin so: sagemaker:, s3:PutObject.")
    var action: String?

    @Option(
        name: .shortAndLong,
        parsing: .unconditional,
        help: "How many entries to show at most: the newest."
    )
    var limit = 100

    @Flag(help: "Print a JSON array.")
    var json = false

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit is a number of entries, 1 or more.") }
    }

    func run() async throws {
        let entries = try await ServerClient(dataDirectory)
            .audit(since: since, user: user, action: action, limit: limit)
        if json { return try Screen.showJSON(entries) }
        guard !entries.isEmpty else { return Screen.note("There are no such entries.") }
        var table = Table([
            .init("TIME"), .init("WHO", hiding: 1), .init("FROM", hiding: 4), .init("ACTION"),
            .init("RESOURCE", least: 16, hiding: 2), .init("OUTCOME"), .init("REQUEST", hiding: 5),
        ])
        for entry in entries {
            table.add([
                Screen.time(Date(timeIntervalSince1970: entry.time)),
                entry.principal.split(separator: ":").last.map(String.init) ?? entry.principal,
                entry.source.isEmpty ? "local" : entry.source, entry.action, entry.resource, entry.outcome,
                entry.requestID,
            ])
        }
        Screen.show(table)
    }

    /// Seconds since the epoch.
    private static func parseSince(_ text: String) throws -> Double {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        if let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()) {
            return Date.now.timeIntervalSince1970 - count * unit
        }
        guard let time = try? Date.ISO8601FormatStyle().parse(text) else {
            throw ValidationError("--since \(text): write 30m, 2h, 7d or 2026-01-31T12:00:00Z.")
        }
        return time.timeIntervalSince1970
    }
}
