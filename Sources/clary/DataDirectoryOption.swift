import ArgumentParser
import Foundation

/// `--data-dir`, as every subcommand spells it.
struct DataDirectoryOption: ParsableArguments {
    @Option(
        name: .customLong("data-dir"),
        help: "Directory of the server's data (default: $CLARY_DATA_DIR or ~/.local/share/clary)."
    )
    private var given: String?

    /// The directory as an absolute path without a final slash.
    var path: String {
        let environment = ProcessInfo.processInfo.environment
        let base =
            environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
            + "/.local/share"
        let chosen =
            given ?? environment["CLARY_DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? base + "/clary"
        let absolute = URL(
            filePath: (chosen as NSString).expandingTildeInPath,
            relativeTo: URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        )
        let path = absolute.standardizedFileURL.path
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
