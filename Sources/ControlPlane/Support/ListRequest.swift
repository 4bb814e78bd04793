import AWSWire
import Resources
import Store

/// What every `List*` request of SageMaker has in common.
struct ListRequest {
    let maxResults: Int?
    let nextToken: String?
    let sortBy: String?
    let sortOrder: String?

    /// The query without its filters; newest first unless the request says otherwise.
    func query<Resource: StoredResource>(
        _ type: Resource.Type,
        in scope: Scope
    ) throws(ServiceError) -> ResourceQuery {
        var query = ResourceQuery(scope: scope, limit: maxResults ?? 10)
        switch sortBy {
        case "Name": query.sort = .name
        case "Status": query.sort = .status
        default: query.sort = .created
        }
        switch sortOrder {
        case "Ascending": query.order = .ascending
        case "Descending": query.order = .descending
        default: query.order = query.sort == .created ? .descending : .ascending
        }
        if let nextToken {
            guard let cursor = ResourceQuery.Cursor(token: nextToken), cursor.kind == Resource.kind else {
                throw .validation("Invalid pagination token: it is not one that this list gave out.")
            }
            query.after = cursor
        }
        return query
    }
}

extension StateDatabase {
    /// A resource by its name; a failing disk becomes a ServiceError.
    func find<Resource: StoredResource>(
        _ type: Resource.Type,
        named name: String,
        in scope: Scope
    ) throws(ServiceError) -> Resource? {
        do {
            return try read { try $0.resource(type, named: name, in: scope) }
        } catch {
            throw .stateUnavailable(error)
        }
    }

    /// A page of a list; a failing disk becomes a ServiceError.
    func page<Resource: StoredResource>(
        _ type: Resource.Type,
        _ query: ResourceQuery
    ) throws(ServiceError) -> ResourcePage<Resource> {
        do {
            return try read { try $0.page(type, query) }
        } catch {
            throw .stateUnavailable(error)
        }
    }
}

extension ServiceError {
    /// The state could not be read or written, such as on a full disk; nothing was changed.
    static func stateUnavailable(_ error: any Error) -> ServiceError {
        .internalFailure(
            "The state of the platform could not be read or written; nothing was changed: \(error)"
        )
    }
}
