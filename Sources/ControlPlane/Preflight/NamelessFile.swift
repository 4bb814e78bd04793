import Foundation
import Glibc

/// A file without a name, which is gone with its last user.
final class NamelessFile: Sendable {
    private let descriptor: Int32

    /// A path that opens it in this process.
    var path: String { "/proc/self/fd/\(descriptor)" }

    /// - Parameters:
    ///   - content: What is in it.
    ///   - directory: Whose file system keeps it.
    /// - Throws: What the file system says.
    init(_ content: Data, in directory: String) throws {
        let name = "\(directory)/preflight-\(UUID().uuidString)"
        descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        unlink(name)
        try FileHandle(fileDescriptor: descriptor).write(contentsOf: content)
    }

    deinit { close(descriptor) }
}
