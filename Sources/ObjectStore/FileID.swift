import GRDB

/// Number of a file of the store, never used twice: the run of the store that made it and a count within the run.
///
/// Paths derive from it, never from a key.
package struct FileID: Sendable, Hashable {
    /// The run in the upper half, the count in the lower; what the index stores.
    let number: Int64

    init(number: Int64) { self.number = number }

    init(run: Int, count: Int) { number = Int64(run) << 32 | Int64(count) }

    /// The run of the store that made the file.
    var run: Int { Int(number >> 32) }

    /// The file's name: 16 hex digits.
    var name: String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Reads a file's name; `nil` for a name that the store did not give.
    init?(name: String) {
        guard name.utf8.count == 16, let number = Int64(name, radix: 16), number >= 0 else { return nil }
        self.number = number
    }
}

extension FileID {
    /// Notes that the file must go: should the process die before it does, the next start removes it.
    func markRemoved(_ database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR IGNORE INTO garbage (file) VALUES (?)")
            .execute(arguments: [number])
        for table in ["digest", "damage", "journal"] {
            try database.cachedStatement(sql: "DELETE FROM \(table) WHERE file = ?")
                .execute(arguments: [number])
        }
    }
}
