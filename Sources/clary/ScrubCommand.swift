import ArgumentParser
import Foundation
import ObjectStore
import Reports

/// `clary scrub`: reads everything that is stored and compares it with what was written.
struct ScrubCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scrub",
        abstract: "Read every stored object and say which the disk gives back wrong.",
        discussion: """
            The server does the same by itself, slowly: every file is read once in 30 days. Reads of clients are compared \
            too, so that a damaged object is never served: it answers InternalError, or the connection breaks off. Put a \
            damaged object again, or bring its file back from a backup, and scrub once more.

            Exits with 1 if something is damaged.

            Examples:
              clary scrub
              clary scrub --json | jq '.damaged[].object'
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Flag(help: "Print a JSON object.")
    var json = false

    func run() async throws {
        let report = try await ServerClient(dataDirectory).scrub()
        if json {
            try Screen.showJSON(report)
        } else {
            for directory in report.absentDirectories {
                Screen.say("\(directory) is not there, and nothing in it was read. Is its disk mounted?")
            }
            for damage in report.damaged { Screen.say("\(damage.object): \(damage.reason) (\(damage.path))") }
            Screen.say("\(Units.count(report.files, "file")) (\(Units.bytes(report.bytes))) read.")
        }
        guard report.damaged.isEmpty else {
            throw CleanFailure(message: "\(Units.count(report.damaged.count, "object")) damaged.")
        }
    }
}
