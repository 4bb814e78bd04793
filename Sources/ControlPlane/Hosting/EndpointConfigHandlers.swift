import AWSWire
package import Gateway
import SageMakerAPI
package import Store

/// The operations on endpoint configurations.
package struct EndpointConfigHandlers: Sendable {
    private let database: StateDatabase
    private let now: @Sendable () -> Double

    package init(
        database: StateDatabase,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.database = database
        self.now = now
    }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(SageMaker.CreateEndpointConfig.self, Self.creation, create)
        service.on(
            SageMaker.DescribeEndpointConfig.self,
            .named("endpoint-config", { $0.endpointConfigName }),
            describe
        )
        service.on(SageMaker.ListEndpointConfigs.self, .anywhere, list)
        service.on(
            SageMaker.DeleteEndpointConfig.self,
            .named("endpoint-config", { $0.endpointConfigName }),
            delete
        )
    }

    /// What it takes to call `CreateEndpointConfig`.
    static var creation: OperationAccess<SageMaker.CreateEndpointConfigInput> {
        .named(
            "endpoint-config",
            { $0.endpointConfigName },
            tags: { ($0.tags ?? []).map { ($0.key, $0.value) } },
            passing: { [$0.executionRoleArn] }
        )
    }

    private func create(
        _ request: SageMaker.CreateEndpointConfigInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.CreateEndpointConfigOutput {
        let record = try await EndpointConfigAdmission(database: database).admit(
            request,
            caller: caller,
            now: now()
        )
        try await database.create(record, tags: TagList.checked(request.tags), noun: Self.noun)
        return .init(endpointConfigArn: record.arn)
    }

    private func describe(
        _ request: SageMaker.DescribeEndpointConfigInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.DescribeEndpointConfigOutput {
        try existing(request.endpointConfigName, caller).description
    }

    private func list(
        _ request: SageMaker.ListEndpointConfigsInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.ListEndpointConfigsOutput {
        var query = try ListRequest(
            maxResults: request.maxResults,
            nextToken: request.nextToken,
            sortBy: request.sortBy,
            sortOrder: request.sortOrder
        ).query(EndpointConfigRecord.self, in: caller.scope)
        query.nameContains = request.nameContains
        query.createdAfter = request.creationTimeAfter?.seconds
        query.createdBefore = request.creationTimeBefore?.seconds
        let page = try database.page(EndpointConfigRecord.self, query)
        return .init(
            endpointConfigs: page.resources.map {
                .init(
                    endpointConfigName: $0.name,
                    endpointConfigArn: $0.arn,
                    creationTime: Timestamp(seconds: $0.created)
                )
            },
            nextToken: page.next?.token
        )
    }

    private func delete(
        _ request: SageMaker.DeleteEndpointConfigInput,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        try await database.remove(existing(request.endpointConfigName, caller))
        return .init()
    }

    private func existing(_ name: String?, _ caller: Caller) throws(ServiceError) -> EndpointConfigRecord {
        try database.existing(EndpointConfigRecord.self, name, in: caller.scope, noun: Self.noun)
    }

    static let noun = "endpoint configuration"
}
