import ArgumentParser
import ControlPlane
import Foundation

/// `--file-system` and `--data-root`: directories of this machine that jobs may use as channels.
struct DirectoryOptions: ParsableArguments {
    @Option(
        name: .customLong("file-system"),
        help: ArgumentHelp(
            "Directory that is the EFS or FSx file system of this id for jobs; may be repeated.",
            valueName: "id=path"
        )
    )
    var fileSystems: [String] = []

    @Option(
        name: .customLong("data-root"),
        help: "Directory below which channels may be file:// addresses, read-only; may be repeated."
    )
    var roots: [String] = []

    func validate() throws { _ = try directories }

    /// What was asked for.
    var directories: OpenDirectories {
        get throws {
            var systems: [String: String] = [:]
            for text in fileSystems {
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2, parts[0].wholeMatch(of: /fs-[0-9a-zA-Z-]{1,60}/) != nil else {
                    throw ValidationError("--file-system \(text): write fs-0123456789abcdef0=/absolute/path.")
                }
                systems[parts[0]] = try Self.directory(parts[1], option: "--file-system")
            }
            return OpenDirectories(
                fileSystems: systems,
                roots: try roots.map { try Self.directory($0, option: "--data-root") }
            )
        }
    }

    private static func directory(_ path: String, option: String) throws -> String {
        var isDirectory: ObjCBool = false
        guard path.hasPrefix("/"), FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
            isDirectory.boolValue
        else { throw ValidationError("\(option): '\(path)' is no directory. Give an absolute path.") }
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
