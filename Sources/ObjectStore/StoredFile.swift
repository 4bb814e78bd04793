import GRDB

/// The file of a stored object, as somebody finds it who copies the whole store.
package struct StoredFile: Hashable, Sendable {
    private let id: FileID
    /// The directory of the store in which it is: the store's own, or one for some buckets.
    private let volume: String
    /// Bytes.
    package let size: Int

    /// Where it is.
    package var path: String { path(inStore: volume) }

    /// Where it is in a copy of the store that is all in this directory.
    package func path(inStore root: String) -> String { Volume(root: root, run: 0, reserve: 0).path(id) }

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
            let volumes = try volumes(database)
            return try Row.fetchAll(database, sql: "SELECT file, size FROM \(source) ORDER BY file").map {
                let id = FileID(number: $0["file"])
                return StoredFile(id: id, volume: volumes[id.run] ?? root, size: $0["size"])
            }
        }
    }

    /// The objects of a store of which it is known that they are damaged; blocks.
    ///
    /// - Throws: What SQLite says.
    package static func knownDamage(inStore root: String) throws -> [String] {
        let index = try DatabaseQueue(path: "\(root)/\(indexName)")
        defer { try? index.close() }  // Nothing was written.
        let files = StoreFiles(
            volumes: [Volume(root: root, run: 0, reserve: 0)],
            runs: [:],
            assignments: []
        )
        return try index.read { try Damage.all($0, in: files).values.map(\.object).sorted() }
    }

    /// The directories of those runs that were not of the store's own.
    private static func volumes(_ database: Database) throws -> [Int: String] {
        guard try database.tableExists("volume") else { return [:] }
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT run.number, volume.path FROM run JOIN volume ON volume.id = run.volume"
        )
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
    }

    /// Makes the index of a copied store stand for itself: up to date, all in one directory, and without the open
    /// multipart uploads, whose files are not copied; blocks.
    ///
    /// - Throws: `NewerSchema`, or what SQLite says.
    package static func settleIndex(inStore root: String) throws {
        let index = try Index.open("\(root)/\(indexName)")
        try index.write { database in
            for table in ["part", "upload", "garbage", "volume"] {
                try database.execute(sql: "DELETE FROM \(table)")
            }
            try database.execute(sql: "UPDATE run SET volume = 0")
        }
        try index.close()
    }
}
