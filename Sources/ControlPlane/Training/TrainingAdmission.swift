package import AWSWire
import Foundation
package import Gateway
import Images
import Resources
package import SageMakerAPI
package import Store

/// Turns a `CreateTrainingJob` request into a record, or says why it cannot be accepted; changes nothing.
///
/// The service model's own constraints were checked before; here is what they cannot say.
package struct TrainingAdmission: Sendable {
    private let database: StateDatabase
    private let data: DataCatalogue
    private let openDirectories: OpenDirectories
    private let images: ImagePreparation

    package init(
        database: StateDatabase,
        data: DataCatalogue,
        images: ImagePreparation,
        openDirectories: OpenDirectories = OpenDirectories()
    ) {
        self.database = database
        self.data = data
        self.images = images
        self.openDirectories = openDirectories
    }

    /// Accepts a request.
    ///
    /// - Parameters:
    ///   - request: Checked against the service model.
    ///   - caller: Whose account and region the job lives in.
    ///   - now: Creation time, seconds since the epoch.
    /// - Returns: The job with the service's defaults filled in.
    /// - Throws: A validation error that names the field and what to do about it.
    package func admit(
        _ request: SageMaker.CreateTrainingJobRequest,
        caller: Caller,
        now: Double
    ) async throws(ServiceError) -> TrainingJobRecord {
        guard let name = request.trainingJobName else { throw .validation("TrainingJobName is required.") }
        for check in checks(of: request, by: caller) { try await check.run() }
        var request = request
        fillDefaults(&request)
        var record = TrainingJobRecord(scope: caller.scope, name: name, created: now, request: request)
        record.creator = caller.owner
        return record
    }

    /// Every rule that a request must fulfil, in the order in which it is refused.
    func checks(of request: SageMaker.CreateTrainingJobRequest, by caller: Caller) -> [AdmissionCheck] {
        [
            AdmissionCheck("TrainingJobName") { () throws(ServiceError) in
                try checkName(request.trainingJobName ?? "", caller)
            },
            AdmissionCheck("Image") { () throws(ServiceError) in
                try await checkImage(request)
            },
            AdmissionCheck("Script") { () throws(ServiceError) in
                try await checkScript(request)
            },
            AdmissionCheck("MetricDefinitions") { () throws(ServiceError) in try checkMetrics(request) },
            AdmissionCheck("ResourceConfig") { () throws(ServiceError) in try checkResources(request) },
            AdmissionCheck("StoppingCondition") { () throws(ServiceError) in try checkStopping(request) },
        ] + unsupported(request)
            + ChannelAdmission(data: data, openDirectories: openDirectories).checks(of: request, by: caller)
            + outputs(of: request, by: caller)
    }

    private func checkName(_ name: String, _ caller: Caller) throws(ServiceError) {
        if let taken = try database.find(TrainingJobRecord.self, named: name, in: caller.scope) {
            throw Self.exists(taken.arn)
        }
    }

    /// The service's words for a name that is taken.
    static func exists(_ arn: String) -> ServiceError {
        .resourceInUse(
            """
            Training job names must be unique within an AWS account and region, and a training job with this name \
            already exists (\(arn))
            """
        )
    }

    private func checkImage(_ request: SageMaker.CreateTrainingJobRequest) async throws(ServiceError) {
        guard let algorithm = request.algorithmSpecification else {
            throw .validation("AlgorithmSpecification is required: it names the TrainingImage.")
        }
        if algorithm.algorithmName != nil {
            throw .validation(
                "AlgorithmSpecification.AlgorithmName is not offered yet. Give a TrainingImage."
            )
        }
        guard algorithm.trainingImage != nil else {
            throw .validation("AlgorithmSpecification.TrainingImage is required.")
        }
        do {
            try images.check(try await images.image(of: request))
        } catch let error as UnknownImage {
            throw .validation(error.message)
        } catch {
            throw .internalFailure("The image was not looked for to the end: \(error)")
        }
    }

    private func checkMetrics(_ request: SageMaker.CreateTrainingJobRequest) throws(ServiceError) {
        for definition in request.algorithmSpecification?.metricDefinitions ?? [] {
            guard let pattern = definition.regex, (try? NSRegularExpression(pattern: pattern)) != nil else {
                throw .validation(
                    "The regex of metric definition '\(definition.name ?? "")' is no regular expression."
                )
            }
        }
    }

    /// Images that run a script need one, and images that run none cannot take one.
    private func checkScript(_ request: SageMaker.CreateTrainingJobRequest) async throws(ServiceError) {
        // An image that cannot be run is refused for itself.
        guard let image = try? await images.image(of: request),
            let uri = request.algorithmSpecification?.trainingImage
        else { return }
        switch (image, request.namesProgram) {
        case (.xgboost, true):
            throw .validation(
                """
                The image '\(uri)' runs its built-in algorithm and no script, which the hyperparameter sagemaker_program \
                asks for. Use the repository sagemaker-xgboost.
                """
            )
        case (.framework(let framework), false)
        where request.algorithmSpecification?.containerEntrypoint == nil:
            throw .validation(
                """
                The image '\(uri)' has no algorithm of its own: it runs your script. Name it in the hyperparameter \
                sagemaker_program, with its archive in sagemaker_submit_directory (the \(framework.framework.title) \
                estimator of the SDK does so), or give a ContainerEntrypoint.
                """
            )
        case (.xgboost, false), (.framework, _), (.oci, _): break
        }
    }

    private func checkResources(_ request: SageMaker.CreateTrainingJobRequest) throws(ServiceError) {
        guard let resources = request.resourceConfig else { throw .validation("ResourceConfig is required.") }
        try InstanceGroupAdmission().check(resources)
    }

    private func checkStopping(_ request: SageMaker.CreateTrainingJobRequest) throws(ServiceError) {
        let condition = request.stoppingCondition
        if request.enableManagedSpotTraining == true {
            guard let wait = condition?.maxWaitTimeInSeconds,
                wait >= condition?.maxRuntimeInSeconds ?? Self.defaultMaxRuntime
            else {
                throw .validation(
                    """
                    Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to \
                    MaxRuntimeInSeconds.
                    """
                )
            }
        } else if condition?.maxWaitTimeInSeconds != nil {
            throw .validation(
                "MaxWaitTimeInSeconds above 0 is not supported for on-demand training: set EnableManagedSpotTraining."
            )
        }
    }

    /// What would change the result and cannot be honoured yet is refused by name.
    private func unsupported(_ request: SageMaker.CreateTrainingJobRequest) -> [AdmissionCheck] {
        let refused: [(name: String, isUsed: Bool)] = [
            ("ServerlessJobConfig", request.serverlessJobConfig != nil),
            ("MlflowConfig", request.mlflowConfig != nil),
            ("ModelPackageConfig", request.modelPackageConfig != nil),
            ("ResourceConfig.TrainingPlanArn", request.resourceConfig?.trainingPlanArn != nil),
            (
                "ResourceConfig.InstancePlacementConfig",
                request.resourceConfig?.instancePlacementConfig != nil
            ),
            (
                "StoppingCondition.MaxPendingTimeInSeconds",
                request.stoppingCondition?.maxPendingTimeInSeconds != nil
            ),
        ]
        let login = "AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAuthConfig"
        let hasLogin =
            request.algorithmSpecification?.trainingImageConfig?.trainingRepositoryAuthConfig != nil
        return refused.filter(\.isUsed).map { name, _ in
            AdmissionCheck(name) { () throws(ServiceError) in
                throw .validation("\(name) is not offered by this Clary. Leave it out.")
            }
        }
            + (hasLogin ? [login] : []).map { name in
                AdmissionCheck(name) { () throws(ServiceError) in
                    throw .validation(RegistryAccess.refusal(of: name))
                }
            }
    }

    private func outputs(
        of request: SageMaker.CreateTrainingJobRequest,
        by caller: Caller
    ) -> [AdmissionCheck] {
        let name = request.trainingJobName ?? ""
        let record = TrainingJobRecord(scope: caller.scope, name: name, created: 0, request: request)
        return record.destinations.map { destination in
            AdmissionCheck(destination.field) { () throws(ServiceError) in
                try await check(destination, caller)
            }
        }
    }

    private func check(_ destination: TrainingDestination, _ caller: Caller) async throws(ServiceError) {
        let field = destination.field
        guard let location = S3Location(uri: destination.uri) else {
            throw .validation("\(field): '\(destination.uri)' is no S3 address. Write s3://bucket/prefix.")
        }
        let hasBucket: Bool
        do {
            hasBucket = try await data.hasBucket(location.bucket, of: caller.scope.account)
        } catch {
            throw .internalFailure("The object store could not be read: \(error)")
        }
        guard hasBucket else {
            throw .validation("\(field): the bucket '\(location.bucket)' does not exist. Create it first.")
        }
    }

    private func fillDefaults(_ request: inout SageMaker.CreateTrainingJobRequest) {
        if request.stoppingCondition?.maxRuntimeInSeconds == nil {
            var condition = request.stoppingCondition ?? .init()
            condition.maxRuntimeInSeconds = Self.defaultMaxRuntime
            request.stoppingCondition = condition
        }
        if var output = request.outputDataConfig {
            output.kmsKeyId = output.kmsKeyId ?? ""
            output.compressionType = output.compressionType ?? "GZIP"
            request.outputDataConfig = output
        }
        request.enableNetworkIsolation = request.enableNetworkIsolation ?? false
        request.enableInterContainerTrafficEncryption = request.enableInterContainerTrafficEncryption ?? false
        request.enableManagedSpotTraining = request.enableManagedSpotTraining ?? false
        if request.algorithmSpecification?.enableSageMakerMetricsTimeSeries == nil {
            request.algorithmSpecification?.enableSageMakerMetricsTimeSeries = false
        }
        request.inputDataConfig = request.inputDataConfig?.map { channel in
            var channel = channel
            channel.compressionType = channel.compressionType ?? "None"
            channel.recordWrapperType = channel.recordWrapperType ?? "None"
            if channel.dataSource?.s3DataSource?.s3DataDistributionType == nil {
                channel.dataSource?.s3DataSource?.s3DataDistributionType = "FullyReplicated"
            }
            return channel
        }
    }

    /// `StoppingCondition.MaxRuntimeInSeconds` of a request without one: a day.
    private static let defaultMaxRuntime = 86_400
}
