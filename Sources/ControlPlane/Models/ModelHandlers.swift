import AWSWire
package import Gateway
import SageMakerAPI
package import Store

/// The operations on models.
package struct ModelHandlers: Sendable {
    private let database: StateDatabase
    private let admission: ModelAdmission
    private let now: @Sendable () -> Double

    package init(
        database: StateDatabase,
        admission: ModelAdmission,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.database = database
        self.admission = admission
        self.now = now
    }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(SageMaker.CreateModel.self, Self.creation, create)
        service.on(SageMaker.DescribeModel.self, .named("model", { $0.modelName }), describe)
        service.on(SageMaker.ListModels.self, .anywhere, list)
        service.on(SageMaker.DeleteModel.self, .named("model", { $0.modelName }), delete)
    }

    /// What it takes to call `CreateModel`.
    static var creation: OperationAccess<SageMaker.CreateModelInput> {
        .named(
            "model",
            { $0.modelName },
            tags: { ($0.tags ?? []).map { ($0.key, $0.value) } },
            passing: { [$0.executionRoleArn] }
        )
    }

    /// What a model is called in messages.
    static let noun = "model"

    private func create(
        _ request: SageMaker.CreateModelInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.CreateModelOutput {
        let record = try await admission.admit(request, caller: caller, now: now())
        try await database.create(record, tags: TagList.checked(request.tags), noun: Self.noun)
        return .init(modelArn: record.arn)
    }

    private func describe(
        _ request: SageMaker.DescribeModelInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.DescribeModelOutput {
        try database.existing(ModelRecord.self, request.modelName, in: caller.scope, noun: Self.noun)
            .description
    }

    private func list(
        _ request: SageMaker.ListModelsInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.ListModelsOutput {
        var query = try ListRequest(
            maxResults: request.maxResults,
            nextToken: request.nextToken,
            sortBy: request.sortBy,
            sortOrder: request.sortOrder
        ).query(ModelRecord.self, in: caller.scope)
        query.nameContains = request.nameContains
        query.createdAfter = request.creationTimeAfter?.seconds
        query.createdBefore = request.creationTimeBefore?.seconds
        let page = try database.page(ModelRecord.self, query)
        return .init(
            models: page.resources.map {
                .init(modelName: $0.name, modelArn: $0.arn, creationTime: Timestamp(seconds: $0.created))
            },
            nextToken: page.next?.token
        )
    }

    private func delete(
        _ request: SageMaker.DeleteModelInput,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let record = try database.existing(
            ModelRecord.self,
            request.modelName,
            in: caller.scope,
            noun: Self.noun
        )
        try await database.remove(record)
        return .init()
    }
}
