// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension SageMaker {
    package enum CreateTrainingJob: AWSWire.Operation {
        package typealias Input = CreateTrainingJobRequest
        package typealias Output = CreateTrainingJobResponse
        package static let name = "CreateTrainingJob"
    }

    package enum DescribeTrainingJob: AWSWire.Operation {
        package typealias Input = DescribeTrainingJobRequest
        package typealias Output = DescribeTrainingJobResponse
        package static let name = "DescribeTrainingJob"
    }

    package enum ListTrainingJobs: AWSWire.Operation {
        package typealias Input = ListTrainingJobsRequest
        package typealias Output = ListTrainingJobsResponse
        package static let name = "ListTrainingJobs"
    }

    package enum StopTrainingJob: AWSWire.Operation {
        package typealias Input = StopTrainingJobRequest
        package typealias Output = EmptyShape
        package static let name = "StopTrainingJob"
    }

    package enum DeleteTrainingJob: AWSWire.Operation {
        package typealias Input = DeleteTrainingJobRequest
        package typealias Output = EmptyShape
        package static let name = "DeleteTrainingJob"
    }

    package struct CreateTrainingJobRequest: WireShape, Equatable {
        package var trainingJobName: String?
        package var hyperParameters: [String: String]?
        package var algorithmSpecification: AlgorithmSpecification?
        package var roleArn: String?
        package var inputDataConfig: [Channel]?
        package var outputDataConfig: OutputDataConfig?
        package var resourceConfig: ResourceConfig?
        package var vpcConfig: VpcConfig?
        package var stoppingCondition: StoppingCondition?
        package var tags: [Tag]?
        package var enableNetworkIsolation: Bool?
        package var enableInterContainerTrafficEncryption: Bool?
        package var enableManagedSpotTraining: Bool?
        package var checkpointConfig: CheckpointConfig?
        package var debugHookConfig: DebugHookConfig?
        package var debugRuleConfigurations: [DebugRuleConfiguration]?
        package var tensorBoardOutputConfig: TensorBoardOutputConfig?
        package var experimentConfig: ExperimentConfig?
        package var profilerConfig: ProfilerConfig?
        package var profilerRuleConfigurations: [ProfilerRuleConfiguration]?
        package var environment: [String: String]?
        package var retryStrategy: RetryStrategy?
        package var remoteDebugConfig: RemoteDebugConfig?
        package var infraCheckConfig: InfraCheckConfig?
        package var sessionChainingConfig: SessionChainingConfig?
        package var serverlessJobConfig: ServerlessJobConfig?
        package var mlflowConfig: MlflowConfig?
        package var modelPackageConfig: ModelPackageConfig?

        package init(
            trainingJobName: String? = nil,
            hyperParameters: [String: String]? = nil,
            algorithmSpecification: AlgorithmSpecification? = nil,
            roleArn: String? = nil,
            inputDataConfig: [Channel]? = nil,
            outputDataConfig: OutputDataConfig? = nil,
            resourceConfig: ResourceConfig? = nil,
            vpcConfig: VpcConfig? = nil,
            stoppingCondition: StoppingCondition? = nil,
            tags: [Tag]? = nil,
            enableNetworkIsolation: Bool? = nil,
            enableInterContainerTrafficEncryption: Bool? = nil,
            enableManagedSpotTraining: Bool? = nil,
            checkpointConfig: CheckpointConfig? = nil,
            debugHookConfig: DebugHookConfig? = nil,
            debugRuleConfigurations: [DebugRuleConfiguration]? = nil,
            tensorBoardOutputConfig: TensorBoardOutputConfig? = nil,
            experimentConfig: ExperimentConfig? = nil,
            profilerConfig: ProfilerConfig? = nil,
            profilerRuleConfigurations: [ProfilerRuleConfiguration]? = nil,
            environment: [String: String]? = nil,
            retryStrategy: RetryStrategy? = nil,
            remoteDebugConfig: RemoteDebugConfig? = nil,
            infraCheckConfig: InfraCheckConfig? = nil,
            sessionChainingConfig: SessionChainingConfig? = nil,
            serverlessJobConfig: ServerlessJobConfig? = nil,
            mlflowConfig: MlflowConfig? = nil,
            modelPackageConfig: ModelPackageConfig? = nil
        ) {
            self.trainingJobName = trainingJobName
            self.hyperParameters = hyperParameters
            self.algorithmSpecification = algorithmSpecification
            self.roleArn = roleArn
            self.inputDataConfig = inputDataConfig
            self.outputDataConfig = outputDataConfig
            self.resourceConfig = resourceConfig
            self.vpcConfig = vpcConfig
            self.stoppingCondition = stoppingCondition
            self.tags = tags
            self.enableNetworkIsolation = enableNetworkIsolation
            self.enableInterContainerTrafficEncryption = enableInterContainerTrafficEncryption
            self.enableManagedSpotTraining = enableManagedSpotTraining
            self.checkpointConfig = checkpointConfig
            self.debugHookConfig = debugHookConfig
            self.debugRuleConfigurations = debugRuleConfigurations
            self.tensorBoardOutputConfig = tensorBoardOutputConfig
            self.experimentConfig = experimentConfig
            self.profilerConfig = profilerConfig
            self.profilerRuleConfigurations = profilerRuleConfigurations
            self.environment = environment
            self.retryStrategy = retryStrategy
            self.remoteDebugConfig = remoteDebugConfig
            self.infraCheckConfig = infraCheckConfig
            self.sessionChainingConfig = sessionChainingConfig
            self.serverlessJobConfig = serverlessJobConfig
            self.mlflowConfig = mlflowConfig
            self.modelPackageConfig = modelPackageConfig
        }

        package enum CodingKeys: String, CodingKey {
            case trainingJobName = "TrainingJobName"
            case hyperParameters = "HyperParameters"
            case algorithmSpecification = "AlgorithmSpecification"
            case roleArn = "RoleArn"
            case inputDataConfig = "InputDataConfig"
            case outputDataConfig = "OutputDataConfig"
            case resourceConfig = "ResourceConfig"
            case vpcConfig = "VpcConfig"
            case stoppingCondition = "StoppingCondition"
            case tags = "Tags"
            case enableNetworkIsolation = "EnableNetworkIsolation"
            case enableInterContainerTrafficEncryption = "EnableInterContainerTrafficEncryption"
            case enableManagedSpotTraining = "EnableManagedSpotTraining"
            case checkpointConfig = "CheckpointConfig"
            case debugHookConfig = "DebugHookConfig"
            case debugRuleConfigurations = "DebugRuleConfigurations"
            case tensorBoardOutputConfig = "TensorBoardOutputConfig"
            case experimentConfig = "ExperimentConfig"
            case profilerConfig = "ProfilerConfig"
            case profilerRuleConfigurations = "ProfilerRuleConfigurations"
            case environment = "Environment"
            case retryStrategy = "RetryStrategy"
            case remoteDebugConfig = "RemoteDebugConfig"
            case infraCheckConfig = "InfraCheckConfig"
            case sessionChainingConfig = "SessionChainingConfig"
            case serverlessJobConfig = "ServerlessJobConfig"
            case mlflowConfig = "MlflowConfig"
            case modelPackageConfig = "ModelPackageConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.trainingJobName, "trainingJobName", .required, Rules.trainingJobName)
            checker.strings(self.hyperParameters, "hyperParameters", .optional, Rules.hyperParameters, keys: Rules.hyperParameterKey, values: Rules.hyperParameterValue)
            checker.structure(self.algorithmSpecification, "algorithmSpecification", .optional)
            checker.string(self.roleArn, "roleArn", .required, Rules.roleArn)
            checker.list(self.inputDataConfig, "inputDataConfig", .optional, Rules.inputDataConfig) { $1.validate(&$0) }
            checker.structure(self.outputDataConfig, "outputDataConfig", .required)
            checker.structure(self.resourceConfig, "resourceConfig", .optional)
            checker.structure(self.vpcConfig, "vpcConfig", .optional)
            checker.structure(self.stoppingCondition, "stoppingCondition", .optional)
            checker.list(self.tags, "tags", .optional, Rules.tagList) { $1.validate(&$0) }
            checker.structure(self.checkpointConfig, "checkpointConfig", .optional)
            checker.structure(self.debugHookConfig, "debugHookConfig", .optional)
            checker.list(self.debugRuleConfigurations, "debugRuleConfigurations", .optional, Rules.debugRuleConfigurations) { $1.validate(&$0) }
            checker.structure(self.tensorBoardOutputConfig, "tensorBoardOutputConfig", .optional)
            checker.structure(self.experimentConfig, "experimentConfig", .optional)
            checker.structure(self.profilerConfig, "profilerConfig", .optional)
            checker.list(self.profilerRuleConfigurations, "profilerRuleConfigurations", .optional, Rules.profilerRuleConfigurations) { $1.validate(&$0) }
            checker.strings(self.environment, "environment", .optional, Rules.trainingEnvironmentMap, keys: Rules.trainingEnvironmentKey, values: Rules.trainingEnvironmentValue)
            checker.structure(self.retryStrategy, "retryStrategy", .optional)
            checker.structure(self.remoteDebugConfig, "remoteDebugConfig", .optional)
            checker.structure(self.infraCheckConfig, "infraCheckConfig", .optional)
            checker.structure(self.sessionChainingConfig, "sessionChainingConfig", .optional)
            checker.structure(self.serverlessJobConfig, "serverlessJobConfig", .optional)
            checker.structure(self.mlflowConfig, "mlflowConfig", .optional)
            checker.structure(self.modelPackageConfig, "modelPackageConfig", .optional)
        }
    }

    package struct AlgorithmSpecification: WireShape, Equatable {
        package var trainingImage: String?
        package var algorithmName: String?
        package var trainingInputMode: String?
        package var metricDefinitions: [MetricDefinition]?
        package var enableSageMakerMetricsTimeSeries: Bool?
        package var containerEntrypoint: [String]?
        package var containerArguments: [String]?
        package var trainingImageConfig: TrainingImageConfig?

        package init(
            trainingImage: String? = nil,
            algorithmName: String? = nil,
            trainingInputMode: String? = nil,
            metricDefinitions: [MetricDefinition]? = nil,
            enableSageMakerMetricsTimeSeries: Bool? = nil,
            containerEntrypoint: [String]? = nil,
            containerArguments: [String]? = nil,
            trainingImageConfig: TrainingImageConfig? = nil
        ) {
            self.trainingImage = trainingImage
            self.algorithmName = algorithmName
            self.trainingInputMode = trainingInputMode
            self.metricDefinitions = metricDefinitions
            self.enableSageMakerMetricsTimeSeries = enableSageMakerMetricsTimeSeries
            self.containerEntrypoint = containerEntrypoint
            self.containerArguments = containerArguments
            self.trainingImageConfig = trainingImageConfig
        }

        package enum CodingKeys: String, CodingKey {
            case trainingImage = "TrainingImage"
            case algorithmName = "AlgorithmName"
            case trainingInputMode = "TrainingInputMode"
            case metricDefinitions = "MetricDefinitions"
            case enableSageMakerMetricsTimeSeries = "EnableSageMakerMetricsTimeSeries"
            case containerEntrypoint = "ContainerEntrypoint"
            case containerArguments = "ContainerArguments"
            case trainingImageConfig = "TrainingImageConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.trainingImage, "trainingImage", .optional, Rules.algorithmImage)
            checker.string(self.algorithmName, "algorithmName", .optional, Rules.arnOrName)
            checker.string(self.trainingInputMode, "trainingInputMode", .required, Rules.trainingInputMode)
            checker.list(self.metricDefinitions, "metricDefinitions", .optional, Rules.metricDefinitionList) { $1.validate(&$0) }
            checker.strings(self.containerEntrypoint, "containerEntrypoint", .optional, Rules.trainingContainerEntrypoint, each: Rules.trainingContainerEntrypointString)
            checker.strings(self.containerArguments, "containerArguments", .optional, Rules.trainingContainerArguments, each: Rules.trainingContainerArgument)
            checker.structure(self.trainingImageConfig, "trainingImageConfig", .optional)
        }
    }

    package struct MetricDefinition: WireShape, Equatable {
        package var name: String?
        package var regex: String?

        package init(
            name: String? = nil,
            regex: String? = nil
        ) {
            self.name = name
            self.regex = regex
        }

        package enum CodingKeys: String, CodingKey {
            case name = "Name"
            case regex = "Regex"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.name, "name", .required, Rules.metricName)
            checker.string(self.regex, "regex", .required, Rules.metricRegex)
        }
    }

    package struct TrainingImageConfig: WireShape, Equatable {
        package var trainingRepositoryAccessMode: String?
        package var trainingRepositoryAuthConfig: TrainingRepositoryAuthConfig?

        package init(
            trainingRepositoryAccessMode: String? = nil,
            trainingRepositoryAuthConfig: TrainingRepositoryAuthConfig? = nil
        ) {
            self.trainingRepositoryAccessMode = trainingRepositoryAccessMode
            self.trainingRepositoryAuthConfig = trainingRepositoryAuthConfig
        }

        package enum CodingKeys: String, CodingKey {
            case trainingRepositoryAccessMode = "TrainingRepositoryAccessMode"
            case trainingRepositoryAuthConfig = "TrainingRepositoryAuthConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.trainingRepositoryAccessMode, "trainingRepositoryAccessMode", .required, Rules.trainingRepositoryAccessMode)
            checker.structure(self.trainingRepositoryAuthConfig, "trainingRepositoryAuthConfig", .optional)
        }
    }

    package struct TrainingRepositoryAuthConfig: WireShape, Equatable {
        package var trainingRepositoryCredentialsProviderArn: String?

        package init(
            trainingRepositoryCredentialsProviderArn: String? = nil
        ) {
            self.trainingRepositoryCredentialsProviderArn = trainingRepositoryCredentialsProviderArn
        }

        package enum CodingKeys: String, CodingKey {
            case trainingRepositoryCredentialsProviderArn = "TrainingRepositoryCredentialsProviderArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.trainingRepositoryCredentialsProviderArn, "trainingRepositoryCredentialsProviderArn", .required, Rules.trainingRepositoryCredentialsProviderArn)
        }
    }

    package struct Channel: WireShape, Equatable {
        package var channelName: String?
        package var dataSource: DataSource?
        package var contentType: String?
        package var compressionType: String?
        package var recordWrapperType: String?
        package var inputMode: String?
        package var shuffleConfig: ShuffleConfig?

        package init(
            channelName: String? = nil,
            dataSource: DataSource? = nil,
            contentType: String? = nil,
            compressionType: String? = nil,
            recordWrapperType: String? = nil,
            inputMode: String? = nil,
            shuffleConfig: ShuffleConfig? = nil
        ) {
            self.channelName = channelName
            self.dataSource = dataSource
            self.contentType = contentType
            self.compressionType = compressionType
            self.recordWrapperType = recordWrapperType
            self.inputMode = inputMode
            self.shuffleConfig = shuffleConfig
        }

        package enum CodingKeys: String, CodingKey {
            case channelName = "ChannelName"
            case dataSource = "DataSource"
            case contentType = "ContentType"
            case compressionType = "CompressionType"
            case recordWrapperType = "RecordWrapperType"
            case inputMode = "InputMode"
            case shuffleConfig = "ShuffleConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.channelName, "channelName", .required, Rules.channelName)
            checker.structure(self.dataSource, "dataSource", .required)
            checker.string(self.contentType, "contentType", .optional, Rules.contentType)
            checker.string(self.compressionType, "compressionType", .optional, Rules.compressionType)
            checker.string(self.recordWrapperType, "recordWrapperType", .optional, Rules.recordWrapper)
            checker.string(self.inputMode, "inputMode", .optional, Rules.trainingInputMode)
            checker.structure(self.shuffleConfig, "shuffleConfig", .optional)
        }
    }

    package struct DataSource: WireShape, Equatable {
        package var s3DataSource: S3DataSource?
        package var fileSystemDataSource: FileSystemDataSource?
        package var datasetSource: DatasetSource?

        package init(
            s3DataSource: S3DataSource? = nil,
            fileSystemDataSource: FileSystemDataSource? = nil,
            datasetSource: DatasetSource? = nil
        ) {
            self.s3DataSource = s3DataSource
            self.fileSystemDataSource = fileSystemDataSource
            self.datasetSource = datasetSource
        }

        package enum CodingKeys: String, CodingKey {
            case s3DataSource = "S3DataSource"
            case fileSystemDataSource = "FileSystemDataSource"
            case datasetSource = "DatasetSource"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.structure(self.s3DataSource, "s3DataSource", .optional)
            checker.structure(self.fileSystemDataSource, "fileSystemDataSource", .optional)
            checker.structure(self.datasetSource, "datasetSource", .optional)
        }
    }

    package struct S3DataSource: WireShape, Equatable {
        package var s3DataType: String?
        package var s3Uri: String?
        package var s3DataDistributionType: String?
        package var attributeNames: [String]?
        package var instanceGroupNames: [String]?
        package var modelAccessConfig: ModelAccessConfig?
        package var hubAccessConfig: HubAccessConfig?

        package init(
            s3DataType: String? = nil,
            s3Uri: String? = nil,
            s3DataDistributionType: String? = nil,
            attributeNames: [String]? = nil,
            instanceGroupNames: [String]? = nil,
            modelAccessConfig: ModelAccessConfig? = nil,
            hubAccessConfig: HubAccessConfig? = nil
        ) {
            self.s3DataType = s3DataType
            self.s3Uri = s3Uri
            self.s3DataDistributionType = s3DataDistributionType
            self.attributeNames = attributeNames
            self.instanceGroupNames = instanceGroupNames
            self.modelAccessConfig = modelAccessConfig
            self.hubAccessConfig = hubAccessConfig
        }

        package enum CodingKeys: String, CodingKey {
            case s3DataType = "S3DataType"
            case s3Uri = "S3Uri"
            case s3DataDistributionType = "S3DataDistributionType"
            case attributeNames = "AttributeNames"
            case instanceGroupNames = "InstanceGroupNames"
            case modelAccessConfig = "ModelAccessConfig"
            case hubAccessConfig = "HubAccessConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.s3DataType, "s3DataType", .required, Rules.s3DataType)
            checker.string(self.s3Uri, "s3Uri", .required, Rules.s3Uri)
            checker.string(self.s3DataDistributionType, "s3DataDistributionType", .optional, Rules.s3DataDistribution)
            checker.strings(self.attributeNames, "attributeNames", .optional, Rules.attributeNames, each: Rules.attributeName)
            checker.strings(self.instanceGroupNames, "instanceGroupNames", .optional, Rules.instanceGroupNames, each: Rules.instanceGroupName)
            checker.structure(self.modelAccessConfig, "modelAccessConfig", .optional)
            checker.structure(self.hubAccessConfig, "hubAccessConfig", .optional)
        }
    }

    package struct HubAccessConfig: WireShape, Equatable {
        package var hubContentArn: String?

        package init(
            hubContentArn: String? = nil
        ) {
            self.hubContentArn = hubContentArn
        }

        package enum CodingKeys: String, CodingKey {
            case hubContentArn = "HubContentArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.hubContentArn, "hubContentArn", .required, Rules.hubContentArn)
        }
    }

    package struct FileSystemDataSource: WireShape, Equatable {
        package var fileSystemId: String?
        package var fileSystemAccessMode: String?
        package var fileSystemType: String?
        package var directoryPath: String?

        package init(
            fileSystemId: String? = nil,
            fileSystemAccessMode: String? = nil,
            fileSystemType: String? = nil,
            directoryPath: String? = nil
        ) {
            self.fileSystemId = fileSystemId
            self.fileSystemAccessMode = fileSystemAccessMode
            self.fileSystemType = fileSystemType
            self.directoryPath = directoryPath
        }

        package enum CodingKeys: String, CodingKey {
            case fileSystemId = "FileSystemId"
            case fileSystemAccessMode = "FileSystemAccessMode"
            case fileSystemType = "FileSystemType"
            case directoryPath = "DirectoryPath"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.fileSystemId, "fileSystemId", .required, Rules.fileSystemId)
            checker.string(self.fileSystemAccessMode, "fileSystemAccessMode", .required, Rules.fileSystemAccessMode)
            checker.string(self.fileSystemType, "fileSystemType", .required, Rules.fileSystemType)
            checker.string(self.directoryPath, "directoryPath", .required, Rules.directoryPath)
        }
    }

    package struct DatasetSource: WireShape, Equatable {
        package var datasetArn: String?

        package init(
            datasetArn: String? = nil
        ) {
            self.datasetArn = datasetArn
        }

        package enum CodingKeys: String, CodingKey {
            case datasetArn = "DatasetArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.datasetArn, "datasetArn", .required, Rules.hubDataSetArn)
        }
    }

    package struct ShuffleConfig: WireShape, Equatable {
        package var seed: Int?

        package init(
            seed: Int? = nil
        ) {
            self.seed = seed
        }

        package enum CodingKeys: String, CodingKey {
            case seed = "Seed"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.required(self.seed, "seed")
        }
    }

    package struct OutputDataConfig: WireShape, Equatable {
        package var kmsKeyId: String?
        package var s3OutputPath: String?
        package var compressionType: String?

        package init(
            kmsKeyId: String? = nil,
            s3OutputPath: String? = nil,
            compressionType: String? = nil
        ) {
            self.kmsKeyId = kmsKeyId
            self.s3OutputPath = s3OutputPath
            self.compressionType = compressionType
        }

        package enum CodingKeys: String, CodingKey {
            case kmsKeyId = "KmsKeyId"
            case s3OutputPath = "S3OutputPath"
            case compressionType = "CompressionType"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.kmsKeyId, "kmsKeyId", .optional, Rules.kmsKeyId)
            checker.string(self.s3OutputPath, "s3OutputPath", .required, Rules.s3Uri)
            checker.string(self.compressionType, "compressionType", .optional, Rules.outputCompressionType)
        }
    }

    package struct ResourceConfig: WireShape, Equatable {
        package var instanceType: String?
        package var instanceCount: Int?
        package var volumeSizeInGB: Int?
        package var volumeKmsKeyId: String?
        package var keepAlivePeriodInSeconds: Int?
        package var instanceGroups: [InstanceGroup]?
        package var trainingPlanArn: String?
        package var instancePlacementConfig: InstancePlacementConfig?

        package init(
            instanceType: String? = nil,
            instanceCount: Int? = nil,
            volumeSizeInGB: Int? = nil,
            volumeKmsKeyId: String? = nil,
            keepAlivePeriodInSeconds: Int? = nil,
            instanceGroups: [InstanceGroup]? = nil,
            trainingPlanArn: String? = nil,
            instancePlacementConfig: InstancePlacementConfig? = nil
        ) {
            self.instanceType = instanceType
            self.instanceCount = instanceCount
            self.volumeSizeInGB = volumeSizeInGB
            self.volumeKmsKeyId = volumeKmsKeyId
            self.keepAlivePeriodInSeconds = keepAlivePeriodInSeconds
            self.instanceGroups = instanceGroups
            self.trainingPlanArn = trainingPlanArn
            self.instancePlacementConfig = instancePlacementConfig
        }

        package enum CodingKeys: String, CodingKey {
            case instanceType = "InstanceType"
            case instanceCount = "InstanceCount"
            case volumeSizeInGB = "VolumeSizeInGB"
            case volumeKmsKeyId = "VolumeKmsKeyId"
            case keepAlivePeriodInSeconds = "KeepAlivePeriodInSeconds"
            case instanceGroups = "InstanceGroups"
            case trainingPlanArn = "TrainingPlanArn"
            case instancePlacementConfig = "InstancePlacementConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.instanceType, "instanceType", .optional, Rules.trainingInstanceType)
            checker.number(self.instanceCount, "instanceCount", .optional, Rules.trainingInstanceCount)
            checker.number(self.volumeSizeInGB, "volumeSizeInGB", .optional, Rules.optionalVolumeSizeInGB)
            checker.string(self.volumeKmsKeyId, "volumeKmsKeyId", .optional, Rules.kmsKeyId)
            checker.number(self.keepAlivePeriodInSeconds, "keepAlivePeriodInSeconds", .optional, Rules.keepAlivePeriodInSeconds)
            checker.list(self.instanceGroups, "instanceGroups", .optional, Rules.instanceGroups) { $1.validate(&$0) }
            checker.string(self.trainingPlanArn, "trainingPlanArn", .optional, Rules.trainingPlanArn)
            checker.structure(self.instancePlacementConfig, "instancePlacementConfig", .optional)
        }
    }

    package struct InstanceGroup: WireShape, Equatable {
        package var instanceType: String?
        package var instanceCount: Int?
        package var instanceGroupName: String?

        package init(
            instanceType: String? = nil,
            instanceCount: Int? = nil,
            instanceGroupName: String? = nil
        ) {
            self.instanceType = instanceType
            self.instanceCount = instanceCount
            self.instanceGroupName = instanceGroupName
        }

        package enum CodingKeys: String, CodingKey {
            case instanceType = "InstanceType"
            case instanceCount = "InstanceCount"
            case instanceGroupName = "InstanceGroupName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.instanceType, "instanceType", .required, Rules.trainingInstanceType)
            checker.number(self.instanceCount, "instanceCount", .required, Rules.trainingInstanceCount)
            checker.string(self.instanceGroupName, "instanceGroupName", .required, Rules.instanceGroupName)
        }
    }

    package struct InstancePlacementConfig: WireShape, Equatable {
        package var enableMultipleJobs: Bool?
        package var placementSpecifications: [PlacementSpecification]?

        package init(
            enableMultipleJobs: Bool? = nil,
            placementSpecifications: [PlacementSpecification]? = nil
        ) {
            self.enableMultipleJobs = enableMultipleJobs
            self.placementSpecifications = placementSpecifications
        }

        package enum CodingKeys: String, CodingKey {
            case enableMultipleJobs = "EnableMultipleJobs"
            case placementSpecifications = "PlacementSpecifications"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.list(self.placementSpecifications, "placementSpecifications", .optional, Rules.placementSpecifications) { $1.validate(&$0) }
        }
    }

    package struct PlacementSpecification: WireShape, Equatable {
        package var ultraServerId: String?
        package var instanceCount: Int?

        package init(
            ultraServerId: String? = nil,
            instanceCount: Int? = nil
        ) {
            self.ultraServerId = ultraServerId
            self.instanceCount = instanceCount
        }

        package enum CodingKeys: String, CodingKey {
            case ultraServerId = "UltraServerId"
            case instanceCount = "InstanceCount"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.ultraServerId, "ultraServerId", .optional, Rules.string256)
            checker.number(self.instanceCount, "instanceCount", .required, Rules.trainingInstanceCount)
        }
    }

    package struct StoppingCondition: WireShape, Equatable {
        package var maxRuntimeInSeconds: Int?
        package var maxWaitTimeInSeconds: Int?
        package var maxPendingTimeInSeconds: Int?

        package init(
            maxRuntimeInSeconds: Int? = nil,
            maxWaitTimeInSeconds: Int? = nil,
            maxPendingTimeInSeconds: Int? = nil
        ) {
            self.maxRuntimeInSeconds = maxRuntimeInSeconds
            self.maxWaitTimeInSeconds = maxWaitTimeInSeconds
            self.maxPendingTimeInSeconds = maxPendingTimeInSeconds
        }

        package enum CodingKeys: String, CodingKey {
            case maxRuntimeInSeconds = "MaxRuntimeInSeconds"
            case maxWaitTimeInSeconds = "MaxWaitTimeInSeconds"
            case maxPendingTimeInSeconds = "MaxPendingTimeInSeconds"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.number(self.maxRuntimeInSeconds, "maxRuntimeInSeconds", .optional, Rules.maxRuntimeInSeconds)
            checker.number(self.maxWaitTimeInSeconds, "maxWaitTimeInSeconds", .optional, Rules.maxWaitTimeInSeconds)
            checker.number(self.maxPendingTimeInSeconds, "maxPendingTimeInSeconds", .optional, Rules.maxPendingTimeInSeconds)
        }
    }

    package struct CheckpointConfig: WireShape, Equatable {
        package var s3Uri: String?
        package var localPath: String?

        package init(
            s3Uri: String? = nil,
            localPath: String? = nil
        ) {
            self.s3Uri = s3Uri
            self.localPath = localPath
        }

        package enum CodingKeys: String, CodingKey {
            case s3Uri = "S3Uri"
            case localPath = "LocalPath"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.s3Uri, "s3Uri", .required, Rules.s3Uri)
            checker.string(self.localPath, "localPath", .optional, Rules.directoryPath)
        }
    }

    package struct DebugHookConfig: WireShape, Equatable {
        package var localPath: String?
        package var s3OutputPath: String?
        package var hookParameters: [String: String]?
        package var collectionConfigurations: [CollectionConfiguration]?

        package init(
            localPath: String? = nil,
            s3OutputPath: String? = nil,
            hookParameters: [String: String]? = nil,
            collectionConfigurations: [CollectionConfiguration]? = nil
        ) {
            self.localPath = localPath
            self.s3OutputPath = s3OutputPath
            self.hookParameters = hookParameters
            self.collectionConfigurations = collectionConfigurations
        }

        package enum CodingKeys: String, CodingKey {
            case localPath = "LocalPath"
            case s3OutputPath = "S3OutputPath"
            case hookParameters = "HookParameters"
            case collectionConfigurations = "CollectionConfigurations"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.localPath, "localPath", .optional, Rules.directoryPath)
            checker.string(self.s3OutputPath, "s3OutputPath", .required, Rules.s3Uri)
            checker.strings(self.hookParameters, "hookParameters", .optional, Rules.hookParameters, keys: Rules.configKey, values: Rules.configValue)
            checker.list(self.collectionConfigurations, "collectionConfigurations", .optional, Rules.collectionConfigurations) { $1.validate(&$0) }
        }
    }

    package struct CollectionConfiguration: WireShape, Equatable {
        package var collectionName: String?
        package var collectionParameters: [String: String]?

        package init(
            collectionName: String? = nil,
            collectionParameters: [String: String]? = nil
        ) {
            self.collectionName = collectionName
            self.collectionParameters = collectionParameters
        }

        package enum CodingKeys: String, CodingKey {
            case collectionName = "CollectionName"
            case collectionParameters = "CollectionParameters"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.collectionName, "collectionName", .optional, Rules.collectionName)
            checker.strings(self.collectionParameters, "collectionParameters", .optional, Rules.collectionParameters, keys: Rules.configKey, values: Rules.configValue)
        }
    }

    package struct DebugRuleConfiguration: WireShape, Equatable {
        package var ruleConfigurationName: String?
        package var localPath: String?
        package var s3OutputPath: String?
        package var ruleEvaluatorImage: String?
        package var instanceType: String?
        package var volumeSizeInGB: Int?
        package var ruleParameters: [String: String]?

        package init(
            ruleConfigurationName: String? = nil,
            localPath: String? = nil,
            s3OutputPath: String? = nil,
            ruleEvaluatorImage: String? = nil,
            instanceType: String? = nil,
            volumeSizeInGB: Int? = nil,
            ruleParameters: [String: String]? = nil
        ) {
            self.ruleConfigurationName = ruleConfigurationName
            self.localPath = localPath
            self.s3OutputPath = s3OutputPath
            self.ruleEvaluatorImage = ruleEvaluatorImage
            self.instanceType = instanceType
            self.volumeSizeInGB = volumeSizeInGB
            self.ruleParameters = ruleParameters
        }

        package enum CodingKeys: String, CodingKey {
            case ruleConfigurationName = "RuleConfigurationName"
            case localPath = "LocalPath"
            case s3OutputPath = "S3OutputPath"
            case ruleEvaluatorImage = "RuleEvaluatorImage"
            case instanceType = "InstanceType"
            case volumeSizeInGB = "VolumeSizeInGB"
            case ruleParameters = "RuleParameters"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.ruleConfigurationName, "ruleConfigurationName", .required, Rules.ruleConfigurationName)
            checker.string(self.localPath, "localPath", .optional, Rules.directoryPath)
            checker.string(self.s3OutputPath, "s3OutputPath", .optional, Rules.s3Uri)
            checker.string(self.ruleEvaluatorImage, "ruleEvaluatorImage", .required, Rules.algorithmImage)
            checker.string(self.instanceType, "instanceType", .optional, Rules.processingInstanceType)
            checker.number(self.volumeSizeInGB, "volumeSizeInGB", .optional, Rules.optionalVolumeSizeInGB)
            checker.strings(self.ruleParameters, "ruleParameters", .optional, Rules.ruleParameters, keys: Rules.configKey, values: Rules.configValue)
        }
    }

    package struct TensorBoardOutputConfig: WireShape, Equatable {
        package var localPath: String?
        package var s3OutputPath: String?

        package init(
            localPath: String? = nil,
            s3OutputPath: String? = nil
        ) {
            self.localPath = localPath
            self.s3OutputPath = s3OutputPath
        }

        package enum CodingKeys: String, CodingKey {
            case localPath = "LocalPath"
            case s3OutputPath = "S3OutputPath"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.localPath, "localPath", .optional, Rules.directoryPath)
            checker.string(self.s3OutputPath, "s3OutputPath", .required, Rules.s3Uri)
        }
    }

    package struct ExperimentConfig: WireShape, Equatable {
        package var experimentName: String?
        package var trialName: String?
        package var trialComponentDisplayName: String?
        package var runName: String?

        package init(
            experimentName: String? = nil,
            trialName: String? = nil,
            trialComponentDisplayName: String? = nil,
            runName: String? = nil
        ) {
            self.experimentName = experimentName
            self.trialName = trialName
            self.trialComponentDisplayName = trialComponentDisplayName
            self.runName = runName
        }

        package enum CodingKeys: String, CodingKey {
            case experimentName = "ExperimentName"
            case trialName = "TrialName"
            case trialComponentDisplayName = "TrialComponentDisplayName"
            case runName = "RunName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.experimentName, "experimentName", .optional, Rules.experimentEntityName)
            checker.string(self.trialName, "trialName", .optional, Rules.experimentEntityName)
            checker.string(self.trialComponentDisplayName, "trialComponentDisplayName", .optional, Rules.experimentEntityName)
            checker.string(self.runName, "runName", .optional, Rules.experimentEntityName)
        }
    }

    package struct ProfilerConfig: WireShape, Equatable {
        package var s3OutputPath: String?
        package var profilingIntervalInMilliseconds: Int?
        package var profilingParameters: [String: String]?
        package var disableProfiler: Bool?

        package init(
            s3OutputPath: String? = nil,
            profilingIntervalInMilliseconds: Int? = nil,
            profilingParameters: [String: String]? = nil,
            disableProfiler: Bool? = nil
        ) {
            self.s3OutputPath = s3OutputPath
            self.profilingIntervalInMilliseconds = profilingIntervalInMilliseconds
            self.profilingParameters = profilingParameters
            self.disableProfiler = disableProfiler
        }

        package enum CodingKeys: String, CodingKey {
            case s3OutputPath = "S3OutputPath"
            case profilingIntervalInMilliseconds = "ProfilingIntervalInMilliseconds"
            case profilingParameters = "ProfilingParameters"
            case disableProfiler = "DisableProfiler"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.s3OutputPath, "s3OutputPath", .optional, Rules.s3Uri)
            checker.strings(self.profilingParameters, "profilingParameters", .optional, Rules.profilingParameters, keys: Rules.configKey, values: Rules.configValue)
        }
    }

    package struct ProfilerRuleConfiguration: WireShape, Equatable {
        package var ruleConfigurationName: String?
        package var localPath: String?
        package var s3OutputPath: String?
        package var ruleEvaluatorImage: String?
        package var instanceType: String?
        package var volumeSizeInGB: Int?
        package var ruleParameters: [String: String]?

        package init(
            ruleConfigurationName: String? = nil,
            localPath: String? = nil,
            s3OutputPath: String? = nil,
            ruleEvaluatorImage: String? = nil,
            instanceType: String? = nil,
            volumeSizeInGB: Int? = nil,
            ruleParameters: [String: String]? = nil
        ) {
            self.ruleConfigurationName = ruleConfigurationName
            self.localPath = localPath
            self.s3OutputPath = s3OutputPath
            self.ruleEvaluatorImage = ruleEvaluatorImage
            self.instanceType = instanceType
            self.volumeSizeInGB = volumeSizeInGB
            self.ruleParameters = ruleParameters
        }

        package enum CodingKeys: String, CodingKey {
            case ruleConfigurationName = "RuleConfigurationName"
            case localPath = "LocalPath"
            case s3OutputPath = "S3OutputPath"
            case ruleEvaluatorImage = "RuleEvaluatorImage"
            case instanceType = "InstanceType"
            case volumeSizeInGB = "VolumeSizeInGB"
            case ruleParameters = "RuleParameters"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.ruleConfigurationName, "ruleConfigurationName", .required, Rules.ruleConfigurationName)
            checker.string(self.localPath, "localPath", .optional, Rules.directoryPath)
            checker.string(self.s3OutputPath, "s3OutputPath", .optional, Rules.s3Uri)
            checker.string(self.ruleEvaluatorImage, "ruleEvaluatorImage", .required, Rules.algorithmImage)
            checker.string(self.instanceType, "instanceType", .optional, Rules.processingInstanceType)
            checker.number(self.volumeSizeInGB, "volumeSizeInGB", .optional, Rules.optionalVolumeSizeInGB)
            checker.strings(self.ruleParameters, "ruleParameters", .optional, Rules.ruleParameters, keys: Rules.configKey, values: Rules.configValue)
        }
    }

    package struct RetryStrategy: WireShape, Equatable {
        package var maximumRetryAttempts: Int?

        package init(
            maximumRetryAttempts: Int? = nil
        ) {
            self.maximumRetryAttempts = maximumRetryAttempts
        }

        package enum CodingKeys: String, CodingKey {
            case maximumRetryAttempts = "MaximumRetryAttempts"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.number(self.maximumRetryAttempts, "maximumRetryAttempts", .required, Rules.maximumRetryAttempts)
        }
    }

    package struct RemoteDebugConfig: WireShape, Equatable {
        package var enableRemoteDebug: Bool?

        package init(
            enableRemoteDebug: Bool? = nil
        ) {
            self.enableRemoteDebug = enableRemoteDebug
        }

        package enum CodingKeys: String, CodingKey {
            case enableRemoteDebug = "EnableRemoteDebug"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct InfraCheckConfig: WireShape, Equatable {
        package var enableInfraCheck: Bool?

        package init(
            enableInfraCheck: Bool? = nil
        ) {
            self.enableInfraCheck = enableInfraCheck
        }

        package enum CodingKeys: String, CodingKey {
            case enableInfraCheck = "EnableInfraCheck"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct SessionChainingConfig: WireShape, Equatable {
        package var enableSessionTagChaining: Bool?

        package init(
            enableSessionTagChaining: Bool? = nil
        ) {
            self.enableSessionTagChaining = enableSessionTagChaining
        }

        package enum CodingKeys: String, CodingKey {
            case enableSessionTagChaining = "EnableSessionTagChaining"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ServerlessJobConfig: WireShape, Equatable {
        package var baseModelArn: String?
        package var acceptEula: Bool?
        package var jobType: String?
        package var customizationTechnique: String?
        package var peft: String?
        package var evaluationType: String?
        package var evaluatorArn: String?

        package init(
            baseModelArn: String? = nil,
            acceptEula: Bool? = nil,
            jobType: String? = nil,
            customizationTechnique: String? = nil,
            peft: String? = nil,
            evaluationType: String? = nil,
            evaluatorArn: String? = nil
        ) {
            self.baseModelArn = baseModelArn
            self.acceptEula = acceptEula
            self.jobType = jobType
            self.customizationTechnique = customizationTechnique
            self.peft = peft
            self.evaluationType = evaluationType
            self.evaluatorArn = evaluatorArn
        }

        package enum CodingKeys: String, CodingKey {
            case baseModelArn = "BaseModelArn"
            case acceptEula = "AcceptEula"
            case jobType = "JobType"
            case customizationTechnique = "CustomizationTechnique"
            case peft = "Peft"
            case evaluationType = "EvaluationType"
            case evaluatorArn = "EvaluatorArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.baseModelArn, "baseModelArn", .required, Rules.serverlessJobBaseModelArn)
            checker.string(self.jobType, "jobType", .required, Rules.serverlessJobType)
            checker.string(self.customizationTechnique, "customizationTechnique", .optional, Rules.customizationTechnique)
            checker.string(self.peft, "peft", .optional, Rules.peft)
            checker.string(self.evaluationType, "evaluationType", .optional, Rules.evaluationType)
            checker.string(self.evaluatorArn, "evaluatorArn", .optional, Rules.evaluatorArn)
        }
    }

    package struct MlflowConfig: WireShape, Equatable {
        package var mlflowResourceArn: String?
        package var mlflowExperimentName: String?
        package var mlflowRunName: String?

        package init(
            mlflowResourceArn: String? = nil,
            mlflowExperimentName: String? = nil,
            mlflowRunName: String? = nil
        ) {
            self.mlflowResourceArn = mlflowResourceArn
            self.mlflowExperimentName = mlflowExperimentName
            self.mlflowRunName = mlflowRunName
        }

        package enum CodingKeys: String, CodingKey {
            case mlflowResourceArn = "MlflowResourceArn"
            case mlflowExperimentName = "MlflowExperimentName"
            case mlflowRunName = "MlflowRunName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.mlflowResourceArn, "mlflowResourceArn", .required, Rules.mlFlowResourceArn)
            checker.string(self.mlflowExperimentName, "mlflowExperimentName", .optional, Rules.mlflowExperimentName)
            checker.string(self.mlflowRunName, "mlflowRunName", .optional, Rules.mlflowRunName)
        }
    }

    package struct ModelPackageConfig: WireShape, Equatable {
        package var modelPackageGroupArn: String?
        package var sourceModelPackageArn: String?

        package init(
            modelPackageGroupArn: String? = nil,
            sourceModelPackageArn: String? = nil
        ) {
            self.modelPackageGroupArn = modelPackageGroupArn
            self.sourceModelPackageArn = sourceModelPackageArn
        }

        package enum CodingKeys: String, CodingKey {
            case modelPackageGroupArn = "ModelPackageGroupArn"
            case sourceModelPackageArn = "SourceModelPackageArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.modelPackageGroupArn, "modelPackageGroupArn", .required, Rules.modelPackageGroupArn)
            checker.string(self.sourceModelPackageArn, "sourceModelPackageArn", .optional, Rules.modelPackageArn)
        }
    }

    package struct CreateTrainingJobResponse: WireShape, Equatable {
        package var trainingJobArn: String?

        package init(
            trainingJobArn: String? = nil
        ) {
            self.trainingJobArn = trainingJobArn
        }

        package enum CodingKeys: String, CodingKey {
            case trainingJobArn = "TrainingJobArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DescribeTrainingJobRequest: WireShape, Equatable {
        package var trainingJobName: String?

        package init(
            trainingJobName: String? = nil
        ) {
            self.trainingJobName = trainingJobName
        }

        package enum CodingKeys: String, CodingKey {
            case trainingJobName = "TrainingJobName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.trainingJobName, "trainingJobName", .required, Rules.trainingJobName)
        }
    }

    package struct DescribeTrainingJobResponse: WireShape, Equatable {
        package var trainingJobName: String?
        package var trainingJobArn: String?
        package var tuningJobArn: String?
        package var labelingJobArn: String?
        package var autoMLJobArn: String?
        package var modelArtifacts: ModelArtifacts?
        package var trainingJobStatus: String?
        package var secondaryStatus: String?
        package var failureReason: String?
        package var hyperParameters: [String: String]?
        package var algorithmSpecification: AlgorithmSpecification?
        package var roleArn: String?
        package var inputDataConfig: [Channel]?
        package var outputDataConfig: OutputDataConfig?
        package var resourceConfig: ResourceConfig?
        package var warmPoolStatus: WarmPoolStatus?
        package var vpcConfig: VpcConfig?
        package var stoppingCondition: StoppingCondition?
        package var creationTime: Timestamp?
        package var trainingStartTime: Timestamp?
        package var trainingEndTime: Timestamp?
        package var lastModifiedTime: Timestamp?
        package var secondaryStatusTransitions: [SecondaryStatusTransition]?
        package var finalMetricDataList: [MetricData]?
        package var enableNetworkIsolation: Bool?
        package var enableInterContainerTrafficEncryption: Bool?
        package var enableManagedSpotTraining: Bool?
        package var checkpointConfig: CheckpointConfig?
        package var trainingTimeInSeconds: Int?
        package var billableTimeInSeconds: Int?
        package var billableTokenCount: Int?
        package var debugHookConfig: DebugHookConfig?
        package var experimentConfig: ExperimentConfig?
        package var debugRuleConfigurations: [DebugRuleConfiguration]?
        package var tensorBoardOutputConfig: TensorBoardOutputConfig?
        package var debugRuleEvaluationStatuses: [DebugRuleEvaluationStatus]?
        package var profilerConfig: ProfilerConfig?
        package var profilerRuleConfigurations: [ProfilerRuleConfiguration]?
        package var profilerRuleEvaluationStatuses: [ProfilerRuleEvaluationStatus]?
        package var profilingStatus: String?
        package var environment: [String: String]?
        package var retryStrategy: RetryStrategy?
        package var remoteDebugConfig: RemoteDebugConfig?
        package var infraCheckConfig: InfraCheckConfig?
        package var serverlessJobConfig: ServerlessJobConfig?
        package var mlflowConfig: MlflowConfig?
        package var modelPackageConfig: ModelPackageConfig?
        package var mlflowDetails: MlflowDetails?
        package var progressInfo: TrainingProgressInfo?
        package var outputModelPackageArn: String?

        package init(
            trainingJobName: String? = nil,
            trainingJobArn: String? = nil,
            tuningJobArn: String? = nil,
            labelingJobArn: String? = nil,
            autoMLJobArn: String? = nil,
            modelArtifacts: ModelArtifacts? = nil,
            trainingJobStatus: String? = nil,
            secondaryStatus: String? = nil,
            failureReason: String? = nil,
            hyperParameters: [String: String]? = nil,
            algorithmSpecification: AlgorithmSpecification? = nil,
            roleArn: String? = nil,
            inputDataConfig: [Channel]? = nil,
            outputDataConfig: OutputDataConfig? = nil,
            resourceConfig: ResourceConfig? = nil,
            warmPoolStatus: WarmPoolStatus? = nil,
            vpcConfig: VpcConfig? = nil,
            stoppingCondition: StoppingCondition? = nil,
            creationTime: Timestamp? = nil,
            trainingStartTime: Timestamp? = nil,
            trainingEndTime: Timestamp? = nil,
            lastModifiedTime: Timestamp? = nil,
            secondaryStatusTransitions: [SecondaryStatusTransition]? = nil,
            finalMetricDataList: [MetricData]? = nil,
            enableNetworkIsolation: Bool? = nil,
            enableInterContainerTrafficEncryption: Bool? = nil,
            enableManagedSpotTraining: Bool? = nil,
            checkpointConfig: CheckpointConfig? = nil,
            trainingTimeInSeconds: Int? = nil,
            billableTimeInSeconds: Int? = nil,
            billableTokenCount: Int? = nil,
            debugHookConfig: DebugHookConfig? = nil,
            experimentConfig: ExperimentConfig? = nil,
            debugRuleConfigurations: [DebugRuleConfiguration]? = nil,
            tensorBoardOutputConfig: TensorBoardOutputConfig? = nil,
            debugRuleEvaluationStatuses: [DebugRuleEvaluationStatus]? = nil,
            profilerConfig: ProfilerConfig? = nil,
            profilerRuleConfigurations: [ProfilerRuleConfiguration]? = nil,
            profilerRuleEvaluationStatuses: [ProfilerRuleEvaluationStatus]? = nil,
            profilingStatus: String? = nil,
            environment: [String: String]? = nil,
            retryStrategy: RetryStrategy? = nil,
            remoteDebugConfig: RemoteDebugConfig? = nil,
            infraCheckConfig: InfraCheckConfig? = nil,
            serverlessJobConfig: ServerlessJobConfig? = nil,
            mlflowConfig: MlflowConfig? = nil,
            modelPackageConfig: ModelPackageConfig? = nil,
            mlflowDetails: MlflowDetails? = nil,
            progressInfo: TrainingProgressInfo? = nil,
            outputModelPackageArn: String? = nil
        ) {
            self.trainingJobName = trainingJobName
            self.trainingJobArn = trainingJobArn
            self.tuningJobArn = tuningJobArn
            self.labelingJobArn = labelingJobArn
            self.autoMLJobArn = autoMLJobArn
            self.modelArtifacts = modelArtifacts
            self.trainingJobStatus = trainingJobStatus
            self.secondaryStatus = secondaryStatus
            self.failureReason = failureReason
            self.hyperParameters = hyperParameters
            self.algorithmSpecification = algorithmSpecification
            self.roleArn = roleArn
            self.inputDataConfig = inputDataConfig
            self.outputDataConfig = outputDataConfig
            self.resourceConfig = resourceConfig
            self.warmPoolStatus = warmPoolStatus
            self.vpcConfig = vpcConfig
            self.stoppingCondition = stoppingCondition
            self.creationTime = creationTime
            self.trainingStartTime = trainingStartTime
            self.trainingEndTime = trainingEndTime
            self.lastModifiedTime = lastModifiedTime
            self.secondaryStatusTransitions = secondaryStatusTransitions
            self.finalMetricDataList = finalMetricDataList
            self.enableNetworkIsolation = enableNetworkIsolation
            self.enableInterContainerTrafficEncryption = enableInterContainerTrafficEncryption
            self.enableManagedSpotTraining = enableManagedSpotTraining
            self.checkpointConfig = checkpointConfig
            self.trainingTimeInSeconds = trainingTimeInSeconds
            self.billableTimeInSeconds = billableTimeInSeconds
            self.billableTokenCount = billableTokenCount
            self.debugHookConfig = debugHookConfig
            self.experimentConfig = experimentConfig
            self.debugRuleConfigurations = debugRuleConfigurations
            self.tensorBoardOutputConfig = tensorBoardOutputConfig
            self.debugRuleEvaluationStatuses = debugRuleEvaluationStatuses
            self.profilerConfig = profilerConfig
            self.profilerRuleConfigurations = profilerRuleConfigurations
            self.profilerRuleEvaluationStatuses = profilerRuleEvaluationStatuses
            self.profilingStatus = profilingStatus
            self.environment = environment
            self.retryStrategy = retryStrategy
            self.remoteDebugConfig = remoteDebugConfig
            self.infraCheckConfig = infraCheckConfig
            self.serverlessJobConfig = serverlessJobConfig
            self.mlflowConfig = mlflowConfig
            self.modelPackageConfig = modelPackageConfig
            self.mlflowDetails = mlflowDetails
            self.progressInfo = progressInfo
            self.outputModelPackageArn = outputModelPackageArn
        }

        package enum CodingKeys: String, CodingKey {
            case trainingJobName = "TrainingJobName"
            case trainingJobArn = "TrainingJobArn"
            case tuningJobArn = "TuningJobArn"
            case labelingJobArn = "LabelingJobArn"
            case autoMLJobArn = "AutoMLJobArn"
            case modelArtifacts = "ModelArtifacts"
            case trainingJobStatus = "TrainingJobStatus"
            case secondaryStatus = "SecondaryStatus"
            case failureReason = "FailureReason"
            case hyperParameters = "HyperParameters"
            case algorithmSpecification = "AlgorithmSpecification"
            case roleArn = "RoleArn"
            case inputDataConfig = "InputDataConfig"
            case outputDataConfig = "OutputDataConfig"
            case resourceConfig = "ResourceConfig"
            case warmPoolStatus = "WarmPoolStatus"
            case vpcConfig = "VpcConfig"
            case stoppingCondition = "StoppingCondition"
            case creationTime = "CreationTime"
            case trainingStartTime = "TrainingStartTime"
            case trainingEndTime = "TrainingEndTime"
            case lastModifiedTime = "LastModifiedTime"
            case secondaryStatusTransitions = "SecondaryStatusTransitions"
            case finalMetricDataList = "FinalMetricDataList"
            case enableNetworkIsolation = "EnableNetworkIsolation"
            case enableInterContainerTrafficEncryption = "EnableInterContainerTrafficEncryption"
            case enableManagedSpotTraining = "EnableManagedSpotTraining"
            case checkpointConfig = "CheckpointConfig"
            case trainingTimeInSeconds = "TrainingTimeInSeconds"
            case billableTimeInSeconds = "BillableTimeInSeconds"
            case billableTokenCount = "BillableTokenCount"
            case debugHookConfig = "DebugHookConfig"
            case experimentConfig = "ExperimentConfig"
            case debugRuleConfigurations = "DebugRuleConfigurations"
            case tensorBoardOutputConfig = "TensorBoardOutputConfig"
            case debugRuleEvaluationStatuses = "DebugRuleEvaluationStatuses"
            case profilerConfig = "ProfilerConfig"
            case profilerRuleConfigurations = "ProfilerRuleConfigurations"
            case profilerRuleEvaluationStatuses = "ProfilerRuleEvaluationStatuses"
            case profilingStatus = "ProfilingStatus"
            case environment = "Environment"
            case retryStrategy = "RetryStrategy"
            case remoteDebugConfig = "RemoteDebugConfig"
            case infraCheckConfig = "InfraCheckConfig"
            case serverlessJobConfig = "ServerlessJobConfig"
            case mlflowConfig = "MlflowConfig"
            case modelPackageConfig = "ModelPackageConfig"
            case mlflowDetails = "MlflowDetails"
            case progressInfo = "ProgressInfo"
            case outputModelPackageArn = "OutputModelPackageArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ModelArtifacts: WireShape, Equatable {
        package var s3ModelArtifacts: String?

        package init(
            s3ModelArtifacts: String? = nil
        ) {
            self.s3ModelArtifacts = s3ModelArtifacts
        }

        package enum CodingKeys: String, CodingKey {
            case s3ModelArtifacts = "S3ModelArtifacts"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct WarmPoolStatus: WireShape, Equatable {
        package var status: String?
        package var resourceRetainedBillableTimeInSeconds: Int?
        package var reusedByJob: String?

        package init(
            status: String? = nil,
            resourceRetainedBillableTimeInSeconds: Int? = nil,
            reusedByJob: String? = nil
        ) {
            self.status = status
            self.resourceRetainedBillableTimeInSeconds = resourceRetainedBillableTimeInSeconds
            self.reusedByJob = reusedByJob
        }

        package enum CodingKeys: String, CodingKey {
            case status = "Status"
            case resourceRetainedBillableTimeInSeconds = "ResourceRetainedBillableTimeInSeconds"
            case reusedByJob = "ReusedByJob"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct SecondaryStatusTransition: WireShape, Equatable {
        package var status: String?
        package var startTime: Timestamp?
        package var endTime: Timestamp?
        package var statusMessage: String?

        package init(
            status: String? = nil,
            startTime: Timestamp? = nil,
            endTime: Timestamp? = nil,
            statusMessage: String? = nil
        ) {
            self.status = status
            self.startTime = startTime
            self.endTime = endTime
            self.statusMessage = statusMessage
        }

        package enum CodingKeys: String, CodingKey {
            case status = "Status"
            case startTime = "StartTime"
            case endTime = "EndTime"
            case statusMessage = "StatusMessage"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct MetricData: WireShape, Equatable {
        package var metricName: String?
        package var value: Double?
        package var timestamp: Timestamp?

        package init(
            metricName: String? = nil,
            value: Double? = nil,
            timestamp: Timestamp? = nil
        ) {
            self.metricName = metricName
            self.value = value
            self.timestamp = timestamp
        }

        package enum CodingKeys: String, CodingKey {
            case metricName = "MetricName"
            case value = "Value"
            case timestamp = "Timestamp"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DebugRuleEvaluationStatus: WireShape, Equatable {
        package var ruleConfigurationName: String?
        package var ruleEvaluationJobArn: String?
        package var ruleEvaluationStatus: String?
        package var statusDetails: String?
        package var lastModifiedTime: Timestamp?

        package init(
            ruleConfigurationName: String? = nil,
            ruleEvaluationJobArn: String? = nil,
            ruleEvaluationStatus: String? = nil,
            statusDetails: String? = nil,
            lastModifiedTime: Timestamp? = nil
        ) {
            self.ruleConfigurationName = ruleConfigurationName
            self.ruleEvaluationJobArn = ruleEvaluationJobArn
            self.ruleEvaluationStatus = ruleEvaluationStatus
            self.statusDetails = statusDetails
            self.lastModifiedTime = lastModifiedTime
        }

        package enum CodingKeys: String, CodingKey {
            case ruleConfigurationName = "RuleConfigurationName"
            case ruleEvaluationJobArn = "RuleEvaluationJobArn"
            case ruleEvaluationStatus = "RuleEvaluationStatus"
            case statusDetails = "StatusDetails"
            case lastModifiedTime = "LastModifiedTime"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ProfilerRuleEvaluationStatus: WireShape, Equatable {
        package var ruleConfigurationName: String?
        package var ruleEvaluationJobArn: String?
        package var ruleEvaluationStatus: String?
        package var statusDetails: String?
        package var lastModifiedTime: Timestamp?

        package init(
            ruleConfigurationName: String? = nil,
            ruleEvaluationJobArn: String? = nil,
            ruleEvaluationStatus: String? = nil,
            statusDetails: String? = nil,
            lastModifiedTime: Timestamp? = nil
        ) {
            self.ruleConfigurationName = ruleConfigurationName
            self.ruleEvaluationJobArn = ruleEvaluationJobArn
            self.ruleEvaluationStatus = ruleEvaluationStatus
            self.statusDetails = statusDetails
            self.lastModifiedTime = lastModifiedTime
        }

        package enum CodingKeys: String, CodingKey {
            case ruleConfigurationName = "RuleConfigurationName"
            case ruleEvaluationJobArn = "RuleEvaluationJobArn"
            case ruleEvaluationStatus = "RuleEvaluationStatus"
            case statusDetails = "StatusDetails"
            case lastModifiedTime = "LastModifiedTime"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct MlflowDetails: WireShape, Equatable {
        package var mlflowExperimentId: String?
        package var mlflowRunId: String?

        package init(
            mlflowExperimentId: String? = nil,
            mlflowRunId: String? = nil
        ) {
            self.mlflowExperimentId = mlflowExperimentId
            self.mlflowRunId = mlflowRunId
        }

        package enum CodingKeys: String, CodingKey {
            case mlflowExperimentId = "MlflowExperimentId"
            case mlflowRunId = "MlflowRunId"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct TrainingProgressInfo: WireShape, Equatable {
        package var totalStepCountPerEpoch: Int?
        package var currentStep: Int?
        package var currentEpoch: Int?
        package var maxEpoch: Int?

        package init(
            totalStepCountPerEpoch: Int? = nil,
            currentStep: Int? = nil,
            currentEpoch: Int? = nil,
            maxEpoch: Int? = nil
        ) {
            self.totalStepCountPerEpoch = totalStepCountPerEpoch
            self.currentStep = currentStep
            self.currentEpoch = currentEpoch
            self.maxEpoch = maxEpoch
        }

        package enum CodingKeys: String, CodingKey {
            case totalStepCountPerEpoch = "TotalStepCountPerEpoch"
            case currentStep = "CurrentStep"
            case currentEpoch = "CurrentEpoch"
            case maxEpoch = "MaxEpoch"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListTrainingJobsRequest: WireShape, Equatable {
        package var nextToken: String?
        package var maxResults: Int?
        package var creationTimeAfter: Timestamp?
        package var creationTimeBefore: Timestamp?
        package var lastModifiedTimeAfter: Timestamp?
        package var lastModifiedTimeBefore: Timestamp?
        package var nameContains: String?
        package var statusEquals: String?
        package var sortBy: String?
        package var sortOrder: String?
        package var warmPoolStatusEquals: String?
        package var trainingPlanArnEquals: String?

        package init(
            nextToken: String? = nil,
            maxResults: Int? = nil,
            creationTimeAfter: Timestamp? = nil,
            creationTimeBefore: Timestamp? = nil,
            lastModifiedTimeAfter: Timestamp? = nil,
            lastModifiedTimeBefore: Timestamp? = nil,
            nameContains: String? = nil,
            statusEquals: String? = nil,
            sortBy: String? = nil,
            sortOrder: String? = nil,
            warmPoolStatusEquals: String? = nil,
            trainingPlanArnEquals: String? = nil
        ) {
            self.nextToken = nextToken
            self.maxResults = maxResults
            self.creationTimeAfter = creationTimeAfter
            self.creationTimeBefore = creationTimeBefore
            self.lastModifiedTimeAfter = lastModifiedTimeAfter
            self.lastModifiedTimeBefore = lastModifiedTimeBefore
            self.nameContains = nameContains
            self.statusEquals = statusEquals
            self.sortBy = sortBy
            self.sortOrder = sortOrder
            self.warmPoolStatusEquals = warmPoolStatusEquals
            self.trainingPlanArnEquals = trainingPlanArnEquals
        }

        package enum CodingKeys: String, CodingKey {
            case nextToken = "NextToken"
            case maxResults = "MaxResults"
            case creationTimeAfter = "CreationTimeAfter"
            case creationTimeBefore = "CreationTimeBefore"
            case lastModifiedTimeAfter = "LastModifiedTimeAfter"
            case lastModifiedTimeBefore = "LastModifiedTimeBefore"
            case nameContains = "NameContains"
            case statusEquals = "StatusEquals"
            case sortBy = "SortBy"
            case sortOrder = "SortOrder"
            case warmPoolStatusEquals = "WarmPoolStatusEquals"
            case trainingPlanArnEquals = "TrainingPlanArnEquals"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.nextToken, "nextToken", .optional, Rules.nextToken)
            checker.number(self.maxResults, "maxResults", .optional, Rules.maxResults)
            checker.string(self.nameContains, "nameContains", .optional, Rules.nameContains)
            checker.string(self.statusEquals, "statusEquals", .optional, Rules.trainingJobStatus)
            checker.string(self.sortBy, "sortBy", .optional, Rules.sortBy)
            checker.string(self.sortOrder, "sortOrder", .optional, Rules.sortOrder)
            checker.string(self.warmPoolStatusEquals, "warmPoolStatusEquals", .optional, Rules.warmPoolResourceStatus)
            checker.string(self.trainingPlanArnEquals, "trainingPlanArnEquals", .optional, Rules.trainingPlanArn)
        }
    }

    package struct ListTrainingJobsResponse: WireShape, Equatable {
        package var trainingJobSummaries: [TrainingJobSummary]?
        package var nextToken: String?

        package init(
            trainingJobSummaries: [TrainingJobSummary]? = nil,
            nextToken: String? = nil
        ) {
            self.trainingJobSummaries = trainingJobSummaries
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case trainingJobSummaries = "TrainingJobSummaries"
            case nextToken = "NextToken"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct TrainingJobSummary: WireShape, Equatable {
        package var trainingJobName: String?
        package var trainingJobArn: String?
        package var creationTime: Timestamp?
        package var trainingEndTime: Timestamp?
        package var lastModifiedTime: Timestamp?
        package var trainingJobStatus: String?
        package var secondaryStatus: String?
        package var warmPoolStatus: WarmPoolStatus?
        package var trainingPlanArn: String?

        package init(
            trainingJobName: String? = nil,
            trainingJobArn: String? = nil,
            creationTime: Timestamp? = nil,
            trainingEndTime: Timestamp? = nil,
            lastModifiedTime: Timestamp? = nil,
            trainingJobStatus: String? = nil,
            secondaryStatus: String? = nil,
            warmPoolStatus: WarmPoolStatus? = nil,
            trainingPlanArn: String? = nil
        ) {
            self.trainingJobName = trainingJobName
            self.trainingJobArn = trainingJobArn
            self.creationTime = creationTime
            self.trainingEndTime = trainingEndTime
            self.lastModifiedTime = lastModifiedTime
            self.trainingJobStatus = trainingJobStatus
            self.secondaryStatus = secondaryStatus
            self.warmPoolStatus = warmPoolStatus
            self.trainingPlanArn = trainingPlanArn
        }

        package enum CodingKeys: String, CodingKey {
            case trainingJobName = "TrainingJobName"
            case trainingJobArn = "TrainingJobArn"
            case creationTime = "CreationTime"
            case trainingEndTime = "TrainingEndTime"
            case lastModifiedTime = "LastModifiedTime"
            case trainingJobStatus = "TrainingJobStatus"
            case secondaryStatus = "SecondaryStatus"
            case warmPoolStatus = "WarmPoolStatus"
            case trainingPlanArn = "TrainingPlanArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct StopTrainingJobRequest: WireShape, Equatable {
        package var trainingJobName: String?

        package init(
            trainingJobName: String? = nil
        ) {
            self.trainingJobName = trainingJobName
        }

        package enum CodingKeys: String, CodingKey {
            case trainingJobName = "TrainingJobName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.trainingJobName, "trainingJobName", .required, Rules.trainingJobName)
        }
    }

    package struct DeleteTrainingJobRequest: WireShape, Equatable {
        package var trainingJobName: String?

        package init(
            trainingJobName: String? = nil
        ) {
            self.trainingJobName = trainingJobName
        }

        package enum CodingKeys: String, CodingKey {
            case trainingJobName = "TrainingJobName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.trainingJobName, "trainingJobName", .required, Rules.trainingJobName)
        }
    }
}
