import AWSWire
import Resources
import Store

extension StateDatabase {
    /// The resource of that name, or the service's words for its absence.
    func existing<Resource: StoredResource>(
        _ type: Resource.Type,
        _ name: String?,
        in scope: Scope,
        noun: String
    ) throws(ServiceError) -> Resource {
        let name = name ?? ""
        guard let found = try find(type, named: name, in: scope) else {
            throw .validation("Could not find \(noun) \"\(scope.sageMakerARN(Resource.kind, name))\".")
        }
        return found
    }

    /// Says in the service's words if the name is taken.
    func checkAbsence<Resource: StoredResource>(
        of type: Resource.Type,
        _ name: String?,
        in scope: Scope,
        noun: String
    ) throws(ServiceError) {
        if let taken = try find(type, named: name ?? "", in: scope) { throw .alreadyExists(noun, taken.arn) }
    }

    /// Adds a resource with its tags, or says in the service's words that the name is taken.
    func create(_ resource: some StoredResource, tags: [ResourceTag], noun: String) async throws(ServiceError)
    {
        do {
            try await write { transaction in
                try transaction.insert(resource)
                try transaction.setTags(tags, on: resource.arn)
                try transaction.record(
                    StatusEvent(
                        arn: resource.arn,
                        time: resource.created,
                        status: resource.status,
                        message: "Created"
                    )
                )
            }
        } catch let error as ResourceExists {
            throw .alreadyExists(noun, error.arn)
        } catch {
            throw .stateUnavailable(error)
        }
    }

    /// Removes a resource with its tags.
    func remove(_ resource: some StoredResource) async throws(ServiceError) {
        do {
            try await write { try $0.delete(resource) }
        } catch {
            throw .stateUnavailable(error)
        }
    }
}

extension ServiceError {
    /// The service's words for a name that is taken.
    static func alreadyExists(_ noun: String, _ arn: String) -> ServiceError {
        .validation("Cannot create already existing \(noun) \"\(arn)\".")
    }
}
