import Foundation
import Gateway
import Resources

/// The access key of the first start, as it is kept in the database and in `credentials.json`.
struct OwnerKey: Codable, Sendable, Equatable {
    let accessKeyId: String
    let secretAccessKey: String

    /// The key acts as the standard role, so that `get_execution_role()` finds a role behind it.
    func credential(account: AccountID) -> Credential {
        Credential(
            accessKeyID: accessKeyId,
            secretAccessKey: secretAccessKey,
            sessionToken: nil,
            expiration: nil,
            account: account,
            principalARN: "arn:aws:sts::\(account):assumed-role/\(Role.standardName)/owner",
            authority: .owner
        )
    }

    /// Writes the key for programs of the same user: never readable by others, not even for a moment.
    ///
    /// - Throws: What the file system says.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(self) + Data("\n".utf8)
        let temporary = path + ".new"
        // What a crash left behind is removed: a file that exists would keep its own permissions.
        if FileManager.default.fileExists(atPath: temporary) {
            try FileManager.default.removeItem(atPath: temporary)
        }
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: temporary])
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: data)
        try file.synchronize()
        try file.close()
        // Readers see the old file or the new one, never half of one.
        guard rename(temporary, path) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
    }
}
