package import AWSWire
import Foundation
package import Gateway
import Images
import Resources
package import SageMakerAPI

/// Turns a `CreateTrainingJob` request into a record, or says why it cannot be accepted; changes nothing.
///
/// The service model's own constraints were checked before; here is what they cannot say.
package struct TrainingAdmission: Sendable {
    private let data: DataCatalogue
    private let openDirectories: OpenDirectories
    private let images: ImagePreparation

    package init(
        data: DataCatalogue,
        images: ImagePreparation,
        openDirectories: OpenDirectories = OpenDirectories()
    ) {
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
        var request = request
        guard let name = request.trainingJobName else { throw .validation("TrainingJobName is required.") }
        try checkAlgorithm(request)
        try checkResources(request)
        try checkStopping(request)
        try checkUnsupported(request)
        try await ChannelAdmission(data: data, openDirectories: openDirectories).check(
            request,
            caller: caller
        )
        try await checkOutput(request, caller: caller)
        fillDefaults(&request)
        return TrainingJobRecord(scope: caller.scope, name: name, created: now, request: request)
    }

    private func checkAlgorithm(_ request: SageMaker.CreateTrainingJobRequest) throws(ServiceError) {
        guard let algorithm = request.algorithmSpecification else {
            throw .validation("AlgorithmSpecification is required: it names the TrainingImage.")
        }
        if algorithm.algorithmName != nil {
            throw .validation(
                "AlgorithmSpecification.AlgorithmName is not offered yet. Give a TrainingImage."
            )
        }
        guard let uri = algorithm.trainingImage else {
            throw .validation("AlgorithmSpecification.TrainingImage is required.")
        }
        do {
            let image = try request.image
            try images.check(image)
            try checkScript(request, image: image, uri: uri)
        } catch let error as UnknownImage {
            throw .validation(error.message)
        } catch let error as ServiceError {
            throw error
        } catch {
            throw .internalFailure("\(error)")
        }
        for definition in algorithm.metricDefinitions ?? [] {
            guard let pattern = definition.regex, (try? NSRegularExpression(pattern: pattern)) != nil else {
                throw .validation(
                    "The regex of metric definition '\(definition.name ?? "")' is no regular expression."
                )
            }
        }
    }

    /// Images that run a script need one, and images that run none cannot take one.
    private func checkScript(
        _ request: SageMaker.CreateTrainingJobRequest,
        image: ContainerImage,
        uri: String
    ) throws(ServiceError) {
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
        case (.xgboost, false), (.framework, _): break
        }
    }

    private func checkResources(_ request: SageMaker.CreateTrainingJobRequest) throws(ServiceError) {
        guard let resources = request.resourceConfig else { throw .validation("ResourceConfig is required.") }
        if resources.instanceGroups?.isEmpty == false {
            throw .validation(
                "ResourceConfig.InstanceGroups is not offered yet. Give InstanceType and InstanceCount."
            )
        }
        guard let type = resources.instanceType, let count = resources.instanceCount else {
            throw .validation("ResourceConfig needs InstanceType and InstanceCount.")
        }
        try InstanceQuota.check(
            count,
            at: "resourceConfig.instanceCount",
            type: type,
            usage: "training job usage"
        )
        guard InstanceCatalogue.type(named: type) != nil else {
            throw .validation("ResourceConfig.InstanceType '\(type)' is unknown.")
        }
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
    private func checkUnsupported(_ request: SageMaker.CreateTrainingJobRequest) throws(ServiceError) {
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
            (
                "AlgorithmSpecification.TrainingImageConfig with a private registry",
                request.algorithmSpecification?.trainingImageConfig?.trainingRepositoryAuthConfig != nil
            ),
        ]
        for field in refused where field.isUsed {
            throw .validation("\(field.name) is not offered by this Clary. Leave it out.")
        }
    }

    private func checkOutput(
        _ request: SageMaker.CreateTrainingJobRequest,
        caller: Caller
    ) async throws(ServiceError) {
        for (field, uri) in [
            ("OutputDataConfig.S3OutputPath", request.outputDataConfig?.s3OutputPath),
            ("CheckpointConfig.S3Uri", request.checkpointConfig?.s3Uri),
            ("TensorBoardOutputConfig.S3OutputPath", request.tensorBoardOutputConfig?.s3OutputPath),
        ] {
            guard let uri else { continue }
            guard let location = S3Location(uri: uri) else {
                throw .validation("\(field): '\(uri)' is no S3 address. Write s3://bucket/prefix.")
            }
            let hasBucket: Bool
            do {
                hasBucket = try await data.hasBucket(location.bucket, of: caller.scope.account)
            } catch {
                throw .internalFailure("The object store could not be read: \(error)")
            }
            guard hasBucket else {
                throw .validation(
                    "\(field): the bucket '\(location.bucket)' does not exist. Create it first."
                )
            }
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
