import Crypto
package import Foundation
import Glibc

/// What the proxy keeps in the data directory, so that a shell's exports stay good across restarts.
package struct ProxySettings: Codable, Equatable, Sendable {
    /// Loopback port.
    package var port: Int
    /// Password that clients send; it stands in the exported URL.
    package let token: String

    package init(port: Int, token: String) {
        self.port = port
        self.token = token
    }

    /// `<data>/proxy`.
    package static func folder(dataDirectory: String) -> String { dataDirectory + "/proxy" }

    private static func file(dataDirectory: String) -> String {
        folder(dataDirectory: dataDirectory) + "/settings.json"
    }

    /// Settings of a first start: any free port, a fresh token of 128 random bits.
    package static func fresh() -> ProxySettings {
        let bytes = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
        return ProxySettings(
            port: 0,
            token: bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        )
    }

    /// Reads the settings of a data directory; `nil` if there are none.
    ///
    /// - Throws: An error that names the file if it cannot be read.
    package static func load(dataDirectory: String) throws -> ProxySettings? {
        let path = file(dataDirectory: dataDirectory)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode(
                ProxySettings.self,
                from: Data(contentsOf: URL(filePath: path))
            )
        } catch {
            throw UnusableFile(path: path, problem: "\(error)")
        }
    }

    /// Writes the settings, readable by their owner only.
    package func save(dataDirectory: String) throws {
        try PrivateFile.write(
            JSONEncoder().encode(self),
            to: ProxySettings.file(dataDirectory: dataDirectory)
        )
    }

    /// Whether the value of a `Proxy-Authorization` header carries the token, in constant time.
    package func accepts(_ authorization: String?) -> Bool {
        guard let authorization, authorization.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: authorization.dropFirst(6).trimmingCharacters(in: .whitespaces)),
            let colon = data.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        let given = SHA256.hash(data: data[data.index(after: colon)...])
        return given == SHA256.hash(data: Data(token.utf8))  // Digests compare in constant time.
    }
}

/// A file of the data directory that cannot be used as it is.
package struct UnusableFile: Error, CustomStringConvertible {
    package let path: String
    package let problem: String

    package init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    package var description: String { "\(path) cannot be used: \(problem). Mend or remove it." }
}

/// Files that only their owner may read.
package enum PrivateFile {
    /// Replaces a file at once: readers see the old content or the new one; the folder is made if missing.
    ///
    /// - Parameters:
    ///   - data: The whole new content.
    ///   - path: The file.
    ///   - mode: Permissions of the file from its first byte on.
    /// - Throws: The file system's error; the old content is still there then.
    package static func write(_ data: Data, to path: String, mode: mode_t = 0o600) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: data)
        try handle.synchronize()
        try handle.close()
        guard rename(temporary, path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
}
