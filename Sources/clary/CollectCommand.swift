import ArgumentParser
import ControlPlane
import Foundation
import Reports

/// `clary gc`: removes what is of no use any more.
struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove what takes room and is of no use any more; --dry-run only lists it.",
        discussion: """
            Multipart uploads that nobody has completed or aborted, files in the object store that no object names, and \
            the copies of databases that updates have kept. Only what has been left alone for --older-than days. The \
            server may be at work. Resources, objects and logs are never touched: those you delete yourself (logs after \
            their retention).

            Examples:
              clary gc --dry-run
              clary gc --older-than 1
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Flag(name: .customLong("dry-run"), help: "Only say what would go.")
    var isDryRun = false

    @Option(name: .customLong("older-than"), help: "Days that something must have been left alone.")
    var days = 7.0

    @Flag(help: "Print a JSON object.")
    var json = false

    func validate() throws {
        guard days.isFinite, days >= 0 else {
            throw ValidationError("--older-than is a number of days from 0.")
        }
    }

    func run() async throws {
        let report = try await ServerClient(dataDirectory)
            .collectGarbage(.init(isDryRun: isDryRun, age: days * 86_400))
        if json { return try Screen.showJSON(report) }
        var table = Table([
            .init("WHAT"), .init("SIZE", .right), .init("SINCE", hiding: 1), .init("NAME", least: 20),
        ])
        for item in report.items {
            table.add([Self.noun(item.kind), Units.bytes(item.bytes), Screen.time(item.modified), item.name])
        }
        if !report.items.isEmpty { Screen.show(table) }
        let gone = report.items.filter { $0.problem == nil }
        let bytes = Units.bytes(gone.reduce(0) { $0 + $1.bytes })
        Screen.say("\(Units.count(gone.count, "thing")) (\(bytes)) \(isDryRun ? "would go." : "removed.")")
        let problems = report.items.compactMap { item in item.problem.map { "\(item.name) stays: \($0)" } }
        guard problems.isEmpty else { throw CleanFailure(message: problems.joined(separator: "\n")) }
    }

    private static func noun(_ kind: GarbageCollector.Kind) -> String {
        switch kind {
        case .upload: "unfinished upload"
        case .strayFile: "stray file"
        case .schemaCopy: "older database"
        }
    }
}
