import Foundation
import GRDB
package import Resources

/// A `List*` request: filters, order and the page to begin after.
package struct ResourceQuery: Sendable {
    package var scope: Scope
    /// Case-insensitive part of the name.
    package var nameContains: String?
    package var status: String?
    /// Exclusive bounds, seconds since the epoch.
    package var createdAfter: Double?
    package var createdBefore: Double?
    package var modifiedAfter: Double?
    package var modifiedBefore: Double?
    package var sort: SortKey = .created
    package var order: SortOrder = .descending
    /// Resources on a page, at least 1.
    package var limit: Int
    package var after: Cursor?

    package init(scope: Scope, limit: Int) {
        self.scope = scope
        self.limit = limit
    }

    package enum SortKey: String, Codable, Sendable {
        case name
        case created
        case status
    }

    package enum SortOrder: String, Codable, Sendable {
        case ascending
        case descending
    }

    /// The last resource of the page before: pages stay put while others come and go.
    package struct Cursor: Codable, Sendable, Equatable {
        /// The kind of resource that the list is of.
        package let kind: String
        let sort: SortKey
        let order: SortOrder
        let value: String
        let name: String

        /// The token that a client sends back; opaque to it.
        package var token: String {
            let fields = [kind, sort.rawValue, order.rawValue, value, name].joined(separator: "\n")
            return Data(fields.utf8).base64EncodedString()
        }

        /// Reads a token back; `nil` if it is none of ours.
        package init?(token: String) {
            guard let data = Data(base64Encoded: token) else { return nil }
            let fields = String(decoding: data, as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 5, let sort = SortKey(rawValue: fields[1]),
                let order = SortOrder(rawValue: fields[2])
            else { return nil }
            if sort == .created, Double(fields[3]) == nil { return nil }
            self.init(kind: fields[0], sort: sort, order: order, value: fields[3], name: fields[4])
        }

        init(kind: String, sort: SortKey, order: SortOrder, value: String, name: String) {
            self.kind = kind
            self.sort = sort
            self.order = order
            self.value = value
            self.name = name
        }
    }
}

/// One page of a list.
package struct ResourcePage<Resource: StoredResource>: Sendable {
    package let resources: [Resource]
    /// Present if more follow.
    package let next: ResourceQuery.Cursor?
}

extension StateTransaction {
    /// One page of the resources that `query` selects.
    ///
    /// A cursor made under another order is followed in the order it was made in, so that a page never repeats.
    package func page<Resource: StoredResource>(
        _ type: Resource.Type,
        _ query: ResourceQuery
    ) throws -> ResourcePage<Resource> {
        let sort = query.after?.sort ?? query.sort
        let order = query.after?.order ?? query.order
        var sql = "SELECT body FROM resource WHERE kind = ? AND account = ? AND region = ?"
        var arguments: StatementArguments = [
            Resource.kind, query.scope.account.description, query.scope.region.description,
        ]
        func filter(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            sql += " AND " + condition
            arguments += [value]
        }
        filter("instr(lower(name), ?) > 0", query.nameContains?.lowercased())
        filter("status = ?", query.status)
        filter("created > ?", query.createdAfter)
        filter("created < ?", query.createdBefore)
        filter("modified > ?", query.modifiedAfter)
        filter("modified < ?", query.modifiedBefore)
        let (column, direction, comparison) = (
            sort.rawValue, order == .ascending ? "ASC" : "DESC", order == .ascending ? ">" : "<"
        )
        if let after = query.after {
            sql += " AND (\(column), name) \(comparison) (?, ?)"
            let value: any DatabaseValueConvertible = sort == .created ? Double(after.value) : after.value
            arguments += [value, after.name]
        }
        sql += " ORDER BY \(column) \(direction), name \(direction) LIMIT ?"
        arguments += [query.limit + 1]
        let found = try Data.fetchAll(database, sql: sql, arguments: arguments)
            .map { try Self.decode(type, from: $0) }
        let page = Array(found.prefix(query.limit))
        guard found.count > query.limit, let last = page.last else {
            return ResourcePage(resources: page, next: nil)
        }
        let value =
            switch sort {
            case .name: last.name
            case .created: String(last.created)
            case .status: last.status
            }
        return ResourcePage(
            resources: page,
            next: .init(kind: Resource.kind, sort: sort, order: order, value: value, name: last.name)
        )
    }
}
