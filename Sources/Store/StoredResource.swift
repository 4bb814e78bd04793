import Foundation
import GRDB
package import Resources

/// A resource as it is kept: the columns that lists filter and sort by, and the whole value as a document.
package protocol StoredResource: Codable, Sendable {
    /// Kind of resource, such as `training-job`: the ARN's type segment.
    static var kind: String { get }
    var scope: Scope { get }
    var name: String { get }
    /// Status as the API spells it; empty for resources without one.
    var status: String { get }
    /// Seconds since the epoch.
    var created: Double { get }
    /// Seconds since the epoch.
    var modified: Double { get }
}

extension StoredResource {
    package var arn: String { scope.sageMakerARN(Self.kind, name) }
}

/// An insertion that met a resource of the same name.
package struct ResourceExists: Error, Equatable {
    package let arn: String
}

extension StateTransaction {
    /// The resource of that name, or `nil`.
    package func resource<Resource: StoredResource>(
        _ type: Resource.Type,
        named name: String,
        in scope: Scope
    ) throws -> Resource? {
        let body = try Data.fetchOne(
            database.cachedStatement(
                sql: "SELECT body FROM resource WHERE kind = ? AND account = ? AND region = ? AND name = ?"
            ),
            arguments: [Resource.kind, scope.account.description, scope.region.description, name]
        )
        guard let body else { return nil }
        let key = DecodedDocuments.Key(kind: Resource.kind, scope: scope, name: name)
        if let known = decoded.value(type, of: body, at: key) { return known }
        let resource = try Self.decode(type, from: body)
        decoded.keep(resource, of: body, at: key)
        return resource
    }

    /// Adds a resource.
    ///
    /// - Throws: `ResourceExists` if the name is taken.
    package func insert(_ resource: some StoredResource) throws {
        do {
            try database.execute(
                sql: "INSERT INTO resource VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: columns(of: resource)
            )
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw ResourceExists(arn: resource.arn)
        }
    }

    /// Replaces a resource that exists.
    package func update(_ resource: some StoredResource) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO resource VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: columns(of: resource)
        )
    }

    /// Removes a resource with its tags; its events and usage stay.
    package func delete(_ resource: some StoredResource) throws {
        let kind = type(of: resource).kind
        try database.execute(
            sql: "DELETE FROM resource WHERE kind = ? AND account = ? AND region = ? AND name = ?",
            arguments: [
                kind, resource.scope.account.description, resource.scope.region.description, resource.name,
            ]
        )
        try database.execute(sql: "DELETE FROM tag WHERE arn = ?", arguments: [resource.arn])
    }

    /// Every resource of a kind whose status is one of `statuses`, in every account and region.
    package func resources<Resource: StoredResource>(
        _ type: Resource.Type,
        withStatus statuses: [String]
    ) throws -> [Resource] {
        let marks = databaseQuestionMarks(count: statuses.count)
        let bodies = try Data.fetchAll(
            database,
            sql: "SELECT body FROM resource WHERE kind = ? AND status IN (\(marks)) ORDER BY created, name",
            arguments: [Resource.kind] + StatementArguments(statuses)
        )
        return try bodies.map { try Self.decode(type, from: $0) }
    }

    private func columns<Resource: StoredResource>(of resource: Resource) throws -> StatementArguments {
        [
            Resource.kind, resource.scope.account.description, resource.scope.region.description,
            resource.name, resource.arn, resource.status, resource.created, resource.modified,
            try Self.encode(resource),
        ]
    }
}
