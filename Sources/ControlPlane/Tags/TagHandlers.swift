import AWSWire
package import Gateway
import Resources
import SageMakerAPI
package import Store

/// AddTags, ListTags, DeleteTags.
package struct TagHandlers: Sendable {
    private let database: StateDatabase

    package init(database: StateDatabase) { self.database = database }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(
            SageMaker.AddTags.self,
            .on(
                { input, _ in input.resourceArn ?? "" },
                context: { RequestTags.context(($0.tags ?? []).map { ($0.key, $0.value) }) }
            ),
            add
        )
        service.on(SageMaker.ListTags.self, .on({ input, _ in input.resourceArn ?? "" }), list)
        service.on(SageMaker.DeleteTags.self, .on({ input, _ in input.resourceArn ?? "" }), delete)
    }

    private func add(
        _ request: SageMaker.AddTagsInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.AddTagsOutput {
        let arn = try checkedARN(request.resourceArn, caller)
        let tags = try TagList.checked(request.tags)
        let present = try read { try $0.tags(of: arn) }
        let keys = Set(present.map(\.key)).union(tags.map(\.key))
        guard keys.count <= Self.limit else {
            throw .resourceLimitExceeded(
                "A resource has at most \(Self.limit) tags; it would have \(keys.count)."
            )
        }
        let all = try await write { transaction in
            try transaction.setTags(tags, on: arn)
            return try transaction.tags(of: arn)
        }
        return .init(tags: all.map { .init(key: $0.key, value: $0.value) })
    }

    private func list(
        _ request: SageMaker.ListTagsInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.ListTagsOutput {
        let arn = try checkedARN(request.resourceArn, caller)
        // A resource has 50 tags at most and a page 50 at least: there is never a second one.
        let tags = try read { try $0.tags(of: arn) }
        return .init(tags: tags.map { .init(key: $0.key, value: $0.value) })
    }

    private func delete(
        _ request: SageMaker.DeleteTagsInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.DeleteTagsOutput {
        let arn = try checkedARN(request.resourceArn, caller)
        let keys = request.tagKeys ?? []
        try await write { try $0.removeTags(keys, from: arn) }
        return .init()
    }

    /// The ARN of a resource of the caller's account; the name part in lower case, as the service keeps it.
    private func checkedARN(_ arn: String?, _ caller: Caller) throws(ServiceError) -> String {
        let text = arn ?? ""
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sagemaker" else {
            throw .validation("'\(text)' is not the ARN of a SageMaker resource.")
        }
        let normal = (parts[..<5].joined(separator: ":") + ":" + parts[5].lowercased())
        let exists = try read { try $0.resourceExists(arn: normal) }
        guard parts[4] == caller.scope.account.description, exists else {
            throw .validation("Could not find the resource '\(text)'.")
        }
        return normal
    }

    private func read<Value>(_ body: (StateTransaction) throws -> Value) throws(ServiceError) -> Value {
        do { return try database.read(body) } catch { throw .stateUnavailable(error) }
    }

    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (StateTransaction) throws -> Value
    ) async throws(ServiceError) -> Value {
        do { return try await database.write(body) } catch { throw .stateUnavailable(error) }
    }

    private static let limit = 50
}
