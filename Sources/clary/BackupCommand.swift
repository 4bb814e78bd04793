import ArgumentParser
import ControlPlane
import Databases
import Foundation
import Glibc
import Reports
import Store

/// `clary backup`: one consistent point of the data directory.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the data directory as it is at one moment, while the server runs or not.",
        discussion: """
            The backup holds resources, history, logs, the owner's key and every object; not the uploads in parts that \
            are still open. On the same file system, object files are hard links, which take no room but are no help \
            against a broken disk: give a directory on another one, or --copy. Keep it as private as the data itself.
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Flag(help: "Copy every object, also where hard links are possible.")
    var copy = false

    @Argument(
        help: "Where the backup goes: a directory that is not there yet, or empty.",
        completion: .directory
    )
    var directory: String

    func run() throws {
        let folder = absolutePath(directory)
        try sayingWhatIsWrong(dataDirectory: dataDirectory.path) {
            let manifest = try Backup(of: dataDirectory.path, in: folder, links: !copy)
                .take(version: ClaryVersion.current)
            print(
                "Backed up \(Units.count(manifest.objects, "object")) (\(Units.bytes(manifest.bytes))) to \(folder)."
            )
            guard let damaged = manifest.damaged, !damaged.isEmpty else { return }
            Screen.note(
                """
                WARNING: \(Units.count(damaged.count, "object")) of them \(damaged.count == 1 ? "is" : "are") damaged, \
                also in this backup: \(damaged.prefix(5).joined(separator: ", "))\(damaged.count > 5 ? ", …" : ""). \
                Keep the backups from before.
                """
            )
        }
    }
}

/// `clary restore`: a data directory from a backup.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a new data directory of a backup.",
        discussion: """
            --data-dir names the directory to make: nothing is there yet. `clary serve` on it has every resource and \
            object of the backup; training jobs that were running then have failed, endpoints start anew.
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Flag(help: "Copy every object, also where hard links are possible.")
    var copy = false

    @Argument(help: "A directory that `clary backup` has made.", completion: .directory)
    var directory: String

    func run() throws {
        try sayingWhatIsWrong(dataDirectory: dataDirectory.path) {
            let manifest = try Restore(of: absolutePath(directory), to: dataDirectory.path, links: !copy)
                .run()
            print(
                """
                Restored \(Units.count(manifest.objects, "object")) (\(Units.bytes(manifest.bytes))) of \
                \(manifest.created.formatted(.iso8601)) to \(dataDirectory.path).
                """
            )
        }
    }
}

/// A path as the shell means it.
private func absolutePath(_ path: String) -> String {
    URL(
        filePath: (path as NSString).expandingTildeInPath,
        relativeTo: URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
    ).standardizedFileURL.path
}

private func sayingWhatIsWrong(dataDirectory: String, _ body: () throws -> Void) throws {
    // There are keys in it: what is written is its owner's alone, also where somebody moves it to.
    umask(0o077)
    do {
        try body()
    } catch let error as BackupError {
        throw CleanFailure(message: error.description)
    } catch let error as NewerSchema {
        throw CleanFailure(message: error.description)
    } catch {
        guard let problem = DiskProblem(error) else { throw error }
        throw CleanFailure(message: problem.message(dataDirectory: dataDirectory))
    }
}
