import AWSWire
package import Gateway
import Resources
import SageMakerAPI
package import Store

/// The operations on training jobs.
package struct TrainingHandlers: Sendable {
    private let database: StateDatabase
    private let admission: TrainingAdmission
    private let supervisor: TrainingSupervisor
    private let now: @Sendable () -> Double

    package init(
        database: StateDatabase,
        admission: TrainingAdmission,
        supervisor: TrainingSupervisor,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.database = database
        self.admission = admission
        self.supervisor = supervisor
        self.now = now
    }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(SageMaker.CreateTrainingJob.self, Self.creation, create)
        service.on(
            SageMaker.DescribeTrainingJob.self,
            .named("training-job", { $0.trainingJobName }),
            describe
        )
        service.on(SageMaker.ListTrainingJobs.self, .anywhere, list)
        service.on(SageMaker.StopTrainingJob.self, .named("training-job", { $0.trainingJobName }), stop)
        service.on(SageMaker.DeleteTrainingJob.self, .named("training-job", { $0.trainingJobName }), delete)
    }

    /// What it takes to call `CreateTrainingJob`.
    static var creation: OperationAccess<SageMaker.CreateTrainingJobRequest> {
        .named(
            "training-job",
            { $0.trainingJobName },
            tags: { ($0.tags ?? []).map { ($0.key, $0.value) } },
            passing: { [$0.roleArn] }
        )
    }

    private func create(
        _ request: SageMaker.CreateTrainingJobRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.CreateTrainingJobResponse {
        let record = try await admission.admit(request, caller: caller, now: now())
        let tags = try TagList.checked(request.tags)
        do {
            try await supervisor.accept(record, tags: tags)
        } catch let error as ResourceExists {
            throw TrainingAdmission.exists(error.arn)
        } catch {
            throw .stateUnavailable(error)
        }
        return .init(trainingJobArn: record.arn)
    }

    private func describe(
        _ request: SageMaker.DescribeTrainingJobRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.DescribeTrainingJobResponse {
        var record = try existing(request.trainingJobName, caller)
        // `fit()` looks once at once and then not for 10 to 30 seconds: a job that ends within a moment is worth
        // waiting for.
        if !record.state.isFinished, now() - record.created < Self.youthSeconds {
            await supervisor.waitForEnd(of: key(record), atMost: Self.patience)
            record = try existing(request.trainingJobName, caller)
        }
        return record.description
    }

    private func list(
        _ request: SageMaker.ListTrainingJobsRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> SageMaker.ListTrainingJobsResponse {
        var query = try ListRequest(
            maxResults: request.maxResults,
            nextToken: request.nextToken,
            sortBy: request.sortBy,
            sortOrder: request.sortOrder
        ).query(TrainingJobRecord.self, in: caller.scope)
        query.nameContains = request.nameContains
        query.status = request.statusEquals
        query.createdAfter = request.creationTimeAfter?.seconds
        query.createdBefore = request.creationTimeBefore?.seconds
        query.modifiedAfter = request.lastModifiedTimeAfter?.seconds
        query.modifiedBefore = request.lastModifiedTimeBefore?.seconds
        // There are no warm pools and no training plans: no job has one.
        if request.warmPoolStatusEquals != nil || request.trainingPlanArnEquals != nil {
            return .init(trainingJobSummaries: [])
        }
        let page = try database.page(TrainingJobRecord.self, query)
        return .init(trainingJobSummaries: page.resources.map(\.summary), nextToken: page.next?.token)
    }

    private func stop(
        _ request: SageMaker.StopTrainingJobRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let record = try existing(request.trainingJobName, caller)
        if record.state.isFinished {
            throw .validation(
                "The request was rejected because the training job is in status \(record.status)."
            )
        }
        do {
            try await supervisor.stop(key(record))
        } catch {
            throw .stateUnavailable(error)
        }
        return .init()
    }

    private func delete(
        _ request: SageMaker.DeleteTrainingJobRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let record = try existing(request.trainingJobName, caller)
        guard record.state.isFinished else {
            throw .resourceInUse(
                "The training job is in status \(record.status). Stop it and wait for its end before you delete it."
            )
        }
        do {
            try await database.write { try $0.delete(record) }
        } catch {
            throw .stateUnavailable(error)
        }
        return .init()
    }

    private func find(_ name: String, _ caller: Caller) throws(ServiceError) -> TrainingJobRecord? {
        try database.find(TrainingJobRecord.self, named: name, in: caller.scope)
    }

    private func existing(_ name: String?, _ caller: Caller) throws(ServiceError) -> TrainingJobRecord {
        guard let name, let record = try find(name, caller) else {
            throw .validation("Requested resource not found.")
        }
        return record
    }

    private func key(_ record: TrainingJobRecord) -> TrainingSupervisor.Key {
        .init(scope: record.scope, name: record.name)
    }

    /// Seconds during which a job's Describe may wait for its end, and how long it then waits.
    private static let youthSeconds = 3.0
    private static let patience = Duration.seconds(2)
}
