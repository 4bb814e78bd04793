import GRDB

/// A key and a value that a user put on a resource.
package struct ResourceTag: Sendable, Equatable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

extension StateTransaction {
    /// Sets tags; a key that is there already gets the new value.
    package func setTags(_ tags: [ResourceTag], on arn: String) throws {
        for tag in tags {
            try database.execute(
                sql: "INSERT OR REPLACE INTO tag VALUES (?, ?, ?)",
                arguments: [arn, tag.key, tag.value]
            )
        }
    }

    /// Removes tags; a key that is not there is no error.
    package func removeTags(_ keys: [String], from arn: String) throws {
        for key in keys {
            try database.execute(sql: "DELETE FROM tag WHERE arn = ? AND key = ?", arguments: [arn, key])
        }
    }

    /// The tags of a resource in the order of their keys.
    package func tags(of arn: String) throws -> [ResourceTag] {
        try Row.fetchAll(
            database,
            sql: "SELECT key, value FROM tag WHERE arn = ? ORDER BY key",
            arguments: [arn]
        )
        .map { ResourceTag(key: $0["key"], value: $0["value"]) }
    }

    /// Whether any resource has this ARN.
    package func resourceExists(arn: String) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: "SELECT EXISTS (SELECT 1 FROM resource WHERE arn = ?)",
            arguments: [arn]
        )
            ?? false
    }
}
