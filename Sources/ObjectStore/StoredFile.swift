import GRDB

/// The file of a stored object, as somebody finds it who copies the whole store.
package struct StoredFile: Hashable, Sendable {
    private let id: FileID
    /// Bytes.
    package let size: Int

    /// Where it lies in a store with this folder.
    package func path(inStore root: String) -> String { StoreFiles(root: root, run: 0, reserve: 0).path(id) }

    /// Name of the index in a store's folder.
    package static let indexName = "index.sqlite"

    /// Every file that the index of a store names at this moment; blocks.
    ///
    /// A server may be using the store. Files of multipart uploads that are not complete are none of them.
    package static func all(inStore root: String) throws -> [StoredFile] {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        let index = try DatabaseQueue(path: "\(root)/\(indexName)", configuration: configuration)
        defer { try? index.close() }  // Nothing was written.
        return try index.read { database in
            // A store that no server of this version has opened yet has no versions.
            let source = try database.viewExists("named") ? "named" : "object"
            return try Row.fetchAll(database, sql: "SELECT file, size FROM \(source) ORDER BY file").map {
                StoredFile(id: FileID(number: $0["file"]), size: $0["size"])
            }
        }
    }

    /// Makes the index of a copied store stand for itself: up to date, and without the open multipart uploads, whose
    /// files are not copied; blocks.
    ///
    /// - Throws: `NewerSchema`, or what SQLite says.
    package static func settleIndex(inStore root: String) throws {
        let index = try Index.open("\(root)/\(indexName)")
        try index.write { database in
            for table in ["part", "upload", "garbage"] { try database.execute(sql: "DELETE FROM \(table)") }
        }
        try index.close()
    }
}
