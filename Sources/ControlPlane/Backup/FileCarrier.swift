import Foundation
import Glibc

/// Brings immutable files into another folder: as hard links where that is possible, else as copies.
struct FileCarrier {
    let links: Bool

    /// A file that is held open, so that it can still be read when its name is gone.
    final class Held {
        fileprivate let descriptor: Int32
        let target: String

        fileprivate init(descriptor: Int32, target: String) {
            self.descriptor = descriptor
            self.target = target
        }

        deinit { close(descriptor) }
    }

    /// Brings a file.
    ///
    /// - Returns: `false` if there is no such file.
    func carry(_ source: String, to target: String) throws -> Bool {
        try makeFolder(of: target)
        if links, link(source, target) == 0 || errno == EEXIST { return true }
        if links, errno == ENOENT { return false }
        guard let held = try hold(source, for: target) else { return false }
        try write(held)
        return true
    }

    /// Begins to bring a file, in no time: it is a link already (`nil`), or has to be written.
    func begin(_ source: String, to target: String) throws -> Held? {
        try makeFolder(of: target)
        if links, link(source, target) == 0 || errno == EEXIST { return nil }
        guard let held = try hold(source, for: target) else { throw Self.failure(source) }
        return held
    }

    private func makeFolder(of path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    private func hold(_ source: String, for target: String) throws -> Held? {
        let descriptor = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Self.failure(source)
        }
        return Held(descriptor: descriptor, target: target)
    }

    /// Writes a file that is held open.
    func write(_ held: Held) throws {
        let output = open(held.target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw Self.failure(held.target) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(held.descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw Self.failure(held.target) }
            if count == 0 { break }
            var written = 0
            while written < count {
                let step = buffer[written..<count].withUnsafeBytes {
                    Glibc.write(output, $0.baseAddress, $0.count)
                }
                guard step > 0 else { throw Self.failure(held.target) }
                written += step
            }
        }
        guard fsync(output) == 0 else { throw Self.failure(held.target) }
    }

    private static func failure(_ path: String) -> BackupError {
        .file(path, reason: String(cString: strerror(errno)))
    }
}
