import Foundation
import Glibc

/// The directory of a server's data while the server has it: made, private, locked.
struct DataDirectory: ~Copyable {
    let path: String
    private let lock: Int32

    /// A socket's path may have some 100 bytes, and `/gateway/gateway.sock` is one.
    private static let longestPath = 80

    /// Takes the directory.
    ///
    /// - Throws: `UnusableDataDirectory` if it cannot be written or another server has it.
    static func take(_ path: String) throws(UnusableDataDirectory) -> DataDirectory {
        guard path.utf8.count <= longestPath else {
            throw UnusableDataDirectory(
                message:
                    "The path of the data directory has \(path.utf8.count) bytes, and sockets in it allow \(longestPath): \(path)"
            )
        }
        for folder in ["", "/gateway", "/instances", "/objects"] {
            do {
                try FileManager.default.createDirectory(
                    atPath: path + folder,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } catch {
                throw UnusableDataDirectory(
                    message:
                        "The data directory \(path) cannot be made: \((error as NSError).localizedDescription)"
                )
            }
        }
        let lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw UnusableDataDirectory(
                message: """
                    The data directory \(path) cannot be written: \(String(cString: strerror(errno))). Give another \
                    one with --data-dir.
                    """
            )
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw UnusableDataDirectory(
                message: """
                    The data directory \(path) is in use by another server. Stop it (clary status --data-dir \(path) \
                    tells its process) or give another directory with --data-dir.
                    """
            )
        }
        return DataDirectory(path: path, lock: lock)
    }

    deinit { close(lock) }
}

/// A data directory that a server cannot have.
struct UnusableDataDirectory: Error, CustomStringConvertible {
    let message: String

    var description: String { message }
}
