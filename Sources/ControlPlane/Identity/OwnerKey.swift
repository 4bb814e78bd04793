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
            principalARN: "arn:aws:sts::\(account):assumed-role/\(Role.standardName)/owner"
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
        guard
            FileManager.default.createFile(
                atPath: temporary,
                contents: data,
                attributes: [.posixPermissions: 0o600]
            )
        else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: temporary]) }
        let source = URL(filePath: temporary)
        if FileManager.default.fileExists(atPath: path) {
            _ = try FileManager.default.replaceItemAt(URL(filePath: path), withItemAt: source)
        } else {
            try FileManager.default.moveItem(at: source, to: URL(filePath: path))
        }
    }
}
