import AWSWire
package import Gateway
import Resources
import SageMakerAPI
package import Store

/// The operations on endpoints.
package struct EndpointHandlers: Sendable {
    private let database: StateDatabase
    private let supervisor: EndpointSupervisor
    private let now: @Sendable () -> Double

    package init(
        database: StateDatabase,
        supervisor: EndpointSupervisor,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.database = database
        self.supervisor = supervisor
        self.now = now
    }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(
            SageMaker.CreateEndpoint.self,
            .onAll {
                [
                    $1.scope.sageMakerARN("endpoint", $0.endpointName ?? ""),
                    $1.scope.sageMakerARN("endpoint-config", $0.endpointConfigName ?? ""),
                ]
            },
            create
        )
        service.on(SageMaker.DescribeEndpoint.self, .named("endpoint", { $0.endpointName }), describe)
        service.on(SageMaker.ListEndpoints.self, .anywhere, list)
        service.on(
            SageMaker.UpdateEndpoint.self,
            .onAll {
                [
                    $1.scope.sageMakerARN("endpoint", $0.endpointName ?? ""),
                    $1.scope.sageMakerARN("endpoint-config", $0.endpointConfigName ?? ""),
                ]
            },
            update
        )
        service.on(
            SageMaker.UpdateEndpointWeightsAndCapacities.self,
            .named("endpoint", { $0.endpointName }),
            updateWeights
        )
        service.on(SageMaker.DeleteEndpoint.self, .named("endpoint", { $0.endpointName }), delete)
    }

    private func create(
        _ request: SageMaker.CreateEndpointInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.CreateEndpointOutput {
        let name = request.endpointName ?? ""
        try checkDeployment(request.deploymentConfig)
        let config = try config(request.endpointConfigName, caller)
        let fleets = try FleetPlan(database: database, scope: caller.scope, now: now()).fleets(of: config)
        let record = EndpointRecord(
            scope: caller.scope,
            name: name,
            created: now(),
            configName: config.name,
            incoming: fleets
        )
        let tags = try TagList.checked(request.tags)
        do {
            try await supervisor.accept(record, tags: tags)
        } catch let error as ResourceExists {
            throw .alreadyExists("endpoint", error.arn)
        } catch {
            throw .stateUnavailable(error)
        }
        return .init(endpointArn: record.arn)
    }

    private func describe(
        _ request: SageMaker.DescribeEndpointInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.DescribeEndpointOutput {
        let record = try existing(request.endpointName, caller)
        let ready = await supervisor.readiness(of: key(record))
        let places = await supervisor.places(of: key(record))
        return record.description(places: places) { fleet in fleet.instances.count { ready[$0] == true } }
    }

    private func list(
        _ request: SageMaker.ListEndpointsInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.ListEndpointsOutput {
        var query = try ListRequest(
            maxResults: request.maxResults,
            nextToken: request.nextToken,
            sortBy: request.sortBy,
            sortOrder: request.sortOrder
        ).query(EndpointRecord.self, in: caller.scope)
        query.nameContains = request.nameContains
        query.status = request.statusEquals
        query.createdAfter = request.creationTimeAfter?.seconds
        query.createdBefore = request.creationTimeBefore?.seconds
        query.modifiedAfter = request.lastModifiedTimeAfter?.seconds
        query.modifiedBefore = request.lastModifiedTimeBefore?.seconds
        let page = try database.page(EndpointRecord.self, query)
        return .init(endpoints: page.resources.map(\.summary), nextToken: page.next?.token)
    }

    private func update(
        _ request: SageMaker.UpdateEndpointInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.UpdateEndpointOutput {
        let record = try existing(request.endpointName, caller)
        try checkDeployment(request.deploymentConfig)
        let config = try config(request.endpointConfigName, caller)
        var fleets = try FleetPlan(database: database, scope: caller.scope, now: now()).fleets(of: config)
        if request.retainAllVariantProperties == true {
            let excluded = Set(
                (request.excludeRetainedVariantProperties ?? []).compactMap(\.variantPropertyType)
            )
            if excluded.contains("DataCaptureConfig") {
                throw .validation("ExcludeRetainedVariantProperties: data capture is not offered yet.")
            }
            fleets = fleets.map { fleet in
                guard let current = record.fleet.first(where: { $0.variant == fleet.variant }) else {
                    return fleet
                }
                return fleet.resized(
                    count: excluded.contains("DesiredInstanceCount")
                        ? fleet.desiredCount : current.desiredCount,
                    weight: excluded.contains("DesiredWeight") ? fleet.weight : current.weight
                )
            }
        }
        try await change(record) { supervisor throws in
            try await supervisor.update(key(record), configName: config.name, to: fleets)
        }
        return .init(endpointArn: record.arn)
    }

    private func updateWeights(
        _ request: SageMaker.UpdateEndpointWeightsAndCapacitiesInput,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.UpdateEndpointWeightsAndCapacitiesOutput {
        let record = try existing(request.endpointName, caller)
        var (fleets, weights, isResized) = (record.fleet, [String: Double](), false)
        for desired in request.desiredWeightsAndCapacities ?? [] {
            let name = desired.variantName ?? ""
            guard let index = fleets.firstIndex(where: { $0.variant == name }) else {
                throw .validation("The endpoint has no variant '\(name)'.")
            }
            if desired.serverlessUpdateConfig != nil {
                throw .validation(
                    "ServerlessUpdateConfig is not offered yet: variant '\(name)' is not serverless."
                )
            }
            let count = desired.desiredInstanceCount ?? fleets[index].desiredCount
            try InstanceQuota.check(
                count,
                at: "desiredWeightsAndCapacities.member.desiredInstanceCount",
                type: fleets[index].instanceType,
                usage: "endpoint usage"
            )
            isResized = isResized || count != fleets[index].desiredCount
            weights[name] = desired.desiredWeight ?? fleets[index].weight
            fleets[index] = fleets[index].resized(count: count, weight: weights[name] ?? 1)
        }
        let (incoming, shares) = (
            fleets.map { $0.resized(count: $0.desiredCount, weight: $0.weight) }, weights
        )
        try await change(record) { supervisor throws in
            if isResized {
                try await supervisor.update(key(record), configName: record.configName, to: incoming)
            } else {
                try await supervisor.setWeights(shares, of: key(record))
            }
        }
        return .init(endpointArn: record.arn)
    }

    private func delete(
        _ request: SageMaker.DeleteEndpointInput,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let record = try existing(request.endpointName, caller)
        try await change(record) { supervisor throws in try await supervisor.delete(key(record)) }
        return .init()
    }

    /// Runs a change and puts a refusal into the service's words.
    private func change(
        _ record: EndpointRecord,
        _ body: (EndpointSupervisor) async throws -> Void
    ) async throws(ServiceError) {
        do {
            try await body(supervisor)
        } catch let error as EndpointBusy {
            if error.state == .failed {
                throw .validation("The endpoint \"\(record.arn)\" has failed and can only be deleted.")
            }
            throw .validation("Cannot update in-progress endpoint \"\(record.arn)\".")
        } catch is UnknownInstance {
            throw .validation("Could not find endpoint \"\(record.arn)\".")
        } catch {
            throw .stateUnavailable(error)
        }
    }

    /// All at once, when the new fleet is healthy, is the one way of switching there is.
    private func checkDeployment(_ config: SageMaker.DeploymentConfig?) throws(ServiceError) {
        guard let config else { return }
        let routing = config.blueGreenUpdatePolicy?.trafficRoutingConfiguration?.type
        if config.rollingUpdatePolicy != nil || routing != nil && routing != "ALL_AT_ONCE" {
            throw .validation("DeploymentConfig: only BlueGreenUpdatePolicy with ALL_AT_ONCE is offered yet.")
        }
        if config.autoRollbackConfiguration?.alarms?.isEmpty == false {
            throw .validation(
                "DeploymentConfig.AutoRollbackConfiguration is not offered yet: there are no alarms."
            )
        }
    }

    private func config(_ name: String?, _ caller: Caller) throws(ServiceError) -> EndpointConfigRecord {
        try database.existing(
            EndpointConfigRecord.self,
            name,
            in: caller.scope,
            noun: EndpointConfigHandlers.noun
        )
    }

    private func existing(_ name: String?, _ caller: Caller) throws(ServiceError) -> EndpointRecord {
        try database.existing(EndpointRecord.self, name, in: caller.scope, noun: "endpoint")
    }

    private func key(_ record: EndpointRecord) -> EndpointSupervisor.Key {
        .init(scope: record.scope, name: record.name)
    }
}
