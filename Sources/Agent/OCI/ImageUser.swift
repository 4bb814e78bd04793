import CLinux
import Foundation

/// Whom an image's `USER` means, by the files of the image itself.
package struct ImageUser: Equatable {
    package var user: UInt32
    package var group: UInt32
    package var groups: [UInt32]
    package var home: String

    /// The text names nobody that the image knows.
    package struct Unknown: Error, Equatable, CustomStringConvertible {
        package let name: String
        package var description: String {
            "The image's user '\(name)' is not in its /etc/passwd or /etc/group."
        }
    }

    /// Reads the files of the image that this process runs in.
    ///
    /// - Throws: `Unknown`.
    init(_ text: String) throws(Unknown) {
        try self.init(
            text,
            passwd: Self.read("/etc/passwd"),
            group: Self.read("/etc/group")
        )
    }

    /// - Parameters:
    ///   - text: `user`, `user:group`, names or numbers; empty for root.
    ///   - passwd: Lines of passwd(5).
    ///   - group: Lines of group(5).
    /// - Throws: `Unknown`.
    package init(_ text: String, passwd: String, group: String) throws(Unknown) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        let wanted = parts[0].isEmpty ? "0" : parts[0]
        let users = Self.rows(passwd, columns: 6)
        let known = users.first { $0[0] == wanted } ?? users.first { $0[2] == wanted }
        guard let user = known.flatMap({ UInt32($0[2]) }) ?? UInt32(wanted) else {
            throw Unknown(name: wanted)
        }
        self.user = user
        home = known.map { $0[5] }.flatMap { $0.isEmpty ? nil : $0 } ?? "/"
        let rows = Self.rows(group, columns: 3)
        if parts.count > 1, !parts[1].isEmpty {
            let name = parts[1]
            guard let number = rows.first(where: { $0[0] == name }).flatMap({ UInt32($0[2]) }) ?? UInt32(name)
            else { throw Unknown(name: name) }
            // Who names a group gets that one alone, as with an engine.
            (self.group, groups) = (number, [number])
            return
        }
        let own = known.flatMap { UInt32($0[3]) } ?? 0
        let name = known?[0]
        let others = rows.filter { row in
            row.count > 3 && row[3].split(separator: ",").contains { name?.elementsEqual($0) ?? false }
        }
        self.group = own
        groups = [own] + others.compactMap { UInt32($0[2]) }.filter { $0 != own }
    }

    /// For the system call.
    var identity: clx_identity {
        var identity = clx_identity()
        identity.user = user
        identity.group = group
        let most = Array(groups.prefix(Int(clx_most_groups)))
        identity.count = Int32(most.count)
        withUnsafeMutableBytes(of: &identity.groups) { bytes in
            most.withUnsafeBytes { bytes.copyMemory(from: $0) }
        }
        return identity
    }

    private static func rows(_ text: String, columns: Int) -> [[String]] {
        text.split(separator: "\n").map {
            $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }.filter { $0.count >= columns }
    }

    private static func read(_ path: String) -> String {
        // An image from scratch has neither file.
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
