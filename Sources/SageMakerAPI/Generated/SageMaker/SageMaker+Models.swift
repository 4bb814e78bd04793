// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension SageMaker {
    package enum CreateModel: AWSWire.Operation {
        package typealias Input = CreateModelInput
        package typealias Output = CreateModelOutput
        package static let name = "CreateModel"
    }

    package enum DescribeModel: AWSWire.Operation {
        package typealias Input = DescribeModelInput
        package typealias Output = DescribeModelOutput
        package static let name = "DescribeModel"
    }

    package enum ListModels: AWSWire.Operation {
        package typealias Input = ListModelsInput
        package typealias Output = ListModelsOutput
        package static let name = "ListModels"
    }

    package enum DeleteModel: AWSWire.Operation {
        package typealias Input = DeleteModelInput
        package typealias Output = EmptyShape
        package static let name = "DeleteModel"
    }

    package struct CreateModelInput: WireShape, Equatable {
        package var modelName: String?
        package var primaryContainer: ContainerDefinition?
        package var containers: [ContainerDefinition]?
        package var inferenceExecutionConfig: InferenceExecutionConfig?
        package var executionRoleArn: String?
        package var tags: [Tag]?
        package var vpcConfig: VpcConfig?
        package var enableNetworkIsolation: Bool?

        package init(
            modelName: String? = nil,
            primaryContainer: ContainerDefinition? = nil,
            containers: [ContainerDefinition]? = nil,
            inferenceExecutionConfig: InferenceExecutionConfig? = nil,
            executionRoleArn: String? = nil,
            tags: [Tag]? = nil,
            vpcConfig: VpcConfig? = nil,
            enableNetworkIsolation: Bool? = nil
        ) {
            self.modelName = modelName
            self.primaryContainer = primaryContainer
            self.containers = containers
            self.inferenceExecutionConfig = inferenceExecutionConfig
            self.executionRoleArn = executionRoleArn
            self.tags = tags
            self.vpcConfig = vpcConfig
            self.enableNetworkIsolation = enableNetworkIsolation
        }

        package enum CodingKeys: String, CodingKey {
            case modelName = "ModelName"
            case primaryContainer = "PrimaryContainer"
            case containers = "Containers"
            case inferenceExecutionConfig = "InferenceExecutionConfig"
            case executionRoleArn = "ExecutionRoleArn"
            case tags = "Tags"
            case vpcConfig = "VpcConfig"
            case enableNetworkIsolation = "EnableNetworkIsolation"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.modelName, "modelName", .required, Rules.modelName)
            checker.structure(self.primaryContainer, "primaryContainer", .optional)
            checker.list(self.containers, "containers", .optional, Rules.containerDefinitionList) { $1.validate(&$0) }
            checker.structure(self.inferenceExecutionConfig, "inferenceExecutionConfig", .optional)
            checker.string(self.executionRoleArn, "executionRoleArn", .optional, Rules.roleArn)
            checker.list(self.tags, "tags", .optional, Rules.tagList) { $1.validate(&$0) }
            checker.structure(self.vpcConfig, "vpcConfig", .optional)
        }
    }

    package struct ContainerDefinition: WireShape, Equatable {
        package var containerHostname: String?
        package var image: String?
        package var imageConfig: ImageConfig?
        package var mode: String?
        package var modelDataUrl: String?
        package var modelDataSource: ModelDataSource?
        package var additionalModelDataSources: [AdditionalModelDataSource]?
        package var environment: [String: String]?
        package var modelPackageName: String?
        package var inferenceSpecificationName: String?
        package var multiModelConfig: MultiModelConfig?

        package init(
            containerHostname: String? = nil,
            image: String? = nil,
            imageConfig: ImageConfig? = nil,
            mode: String? = nil,
            modelDataUrl: String? = nil,
            modelDataSource: ModelDataSource? = nil,
            additionalModelDataSources: [AdditionalModelDataSource]? = nil,
            environment: [String: String]? = nil,
            modelPackageName: String? = nil,
            inferenceSpecificationName: String? = nil,
            multiModelConfig: MultiModelConfig? = nil
        ) {
            self.containerHostname = containerHostname
            self.image = image
            self.imageConfig = imageConfig
            self.mode = mode
            self.modelDataUrl = modelDataUrl
            self.modelDataSource = modelDataSource
            self.additionalModelDataSources = additionalModelDataSources
            self.environment = environment
            self.modelPackageName = modelPackageName
            self.inferenceSpecificationName = inferenceSpecificationName
            self.multiModelConfig = multiModelConfig
        }

        package enum CodingKeys: String, CodingKey {
            case containerHostname = "ContainerHostname"
            case image = "Image"
            case imageConfig = "ImageConfig"
            case mode = "Mode"
            case modelDataUrl = "ModelDataUrl"
            case modelDataSource = "ModelDataSource"
            case additionalModelDataSources = "AdditionalModelDataSources"
            case environment = "Environment"
            case modelPackageName = "ModelPackageName"
            case inferenceSpecificationName = "InferenceSpecificationName"
            case multiModelConfig = "MultiModelConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.containerHostname, "containerHostname", .optional, Rules.containerHostname)
            checker.string(self.image, "image", .optional, Rules.containerImage)
            checker.structure(self.imageConfig, "imageConfig", .optional)
            checker.string(self.mode, "mode", .optional, Rules.containerMode)
            checker.string(self.modelDataUrl, "modelDataUrl", .optional, Rules.url)
            checker.structure(self.modelDataSource, "modelDataSource", .optional)
            checker.list(self.additionalModelDataSources, "additionalModelDataSources", .optional, Rules.additionalModelDataSources) { $1.validate(&$0) }
            checker.strings(self.environment, "environment", .optional, Rules.environmentMap, keys: Rules.environmentKey, values: Rules.environmentValue)
            checker.string(self.modelPackageName, "modelPackageName", .optional, Rules.versionedArnOrName)
            checker.string(self.inferenceSpecificationName, "inferenceSpecificationName", .optional, Rules.inferenceSpecificationName)
            checker.structure(self.multiModelConfig, "multiModelConfig", .optional)
        }
    }

    package struct ImageConfig: WireShape, Equatable {
        package var repositoryAccessMode: String?
        package var repositoryAuthConfig: RepositoryAuthConfig?

        package init(
            repositoryAccessMode: String? = nil,
            repositoryAuthConfig: RepositoryAuthConfig? = nil
        ) {
            self.repositoryAccessMode = repositoryAccessMode
            self.repositoryAuthConfig = repositoryAuthConfig
        }

        package enum CodingKeys: String, CodingKey {
            case repositoryAccessMode = "RepositoryAccessMode"
            case repositoryAuthConfig = "RepositoryAuthConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.repositoryAccessMode, "repositoryAccessMode", .required, Rules.repositoryAccessMode)
            checker.structure(self.repositoryAuthConfig, "repositoryAuthConfig", .optional)
        }
    }

    package struct RepositoryAuthConfig: WireShape, Equatable {
        package var repositoryCredentialsProviderArn: String?

        package init(
            repositoryCredentialsProviderArn: String? = nil
        ) {
            self.repositoryCredentialsProviderArn = repositoryCredentialsProviderArn
        }

        package enum CodingKeys: String, CodingKey {
            case repositoryCredentialsProviderArn = "RepositoryCredentialsProviderArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.repositoryCredentialsProviderArn, "repositoryCredentialsProviderArn", .required, Rules.repositoryCredentialsProviderArn)
        }
    }

    package struct ModelDataSource: WireShape, Equatable {
        package var s3DataSource: S3ModelDataSource?

        package init(
            s3DataSource: S3ModelDataSource? = nil
        ) {
            self.s3DataSource = s3DataSource
        }

        package enum CodingKeys: String, CodingKey {
            case s3DataSource = "S3DataSource"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.structure(self.s3DataSource, "s3DataSource", .optional)
        }
    }

    package struct S3ModelDataSource: WireShape, Equatable {
        package var s3Uri: String?
        package var s3DataType: String?
        package var compressionType: String?
        package var modelAccessConfig: ModelAccessConfig?
        package var hubAccessConfig: InferenceHubAccessConfig?
        package var manifestS3Uri: String?
        package var eTag: String?
        package var manifestEtag: String?

        package init(
            s3Uri: String? = nil,
            s3DataType: String? = nil,
            compressionType: String? = nil,
            modelAccessConfig: ModelAccessConfig? = nil,
            hubAccessConfig: InferenceHubAccessConfig? = nil,
            manifestS3Uri: String? = nil,
            eTag: String? = nil,
            manifestEtag: String? = nil
        ) {
            self.s3Uri = s3Uri
            self.s3DataType = s3DataType
            self.compressionType = compressionType
            self.modelAccessConfig = modelAccessConfig
            self.hubAccessConfig = hubAccessConfig
            self.manifestS3Uri = manifestS3Uri
            self.eTag = eTag
            self.manifestEtag = manifestEtag
        }

        package enum CodingKeys: String, CodingKey {
            case s3Uri = "S3Uri"
            case s3DataType = "S3DataType"
            case compressionType = "CompressionType"
            case modelAccessConfig = "ModelAccessConfig"
            case hubAccessConfig = "HubAccessConfig"
            case manifestS3Uri = "ManifestS3Uri"
            case eTag = "ETag"
            case manifestEtag = "ManifestEtag"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.s3Uri, "s3Uri", .required, Rules.s3ModelUri)
            checker.string(self.s3DataType, "s3DataType", .required, Rules.s3ModelDataType)
            checker.string(self.compressionType, "compressionType", .required, Rules.modelCompressionType)
            checker.structure(self.modelAccessConfig, "modelAccessConfig", .optional)
            checker.structure(self.hubAccessConfig, "hubAccessConfig", .optional)
            checker.string(self.manifestS3Uri, "manifestS3Uri", .optional, Rules.s3ModelUri)
        }
    }

    package struct InferenceHubAccessConfig: WireShape, Equatable {
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

    package struct AdditionalModelDataSource: WireShape, Equatable {
        package var channelName: String?
        package var s3DataSource: S3ModelDataSource?

        package init(
            channelName: String? = nil,
            s3DataSource: S3ModelDataSource? = nil
        ) {
            self.channelName = channelName
            self.s3DataSource = s3DataSource
        }

        package enum CodingKeys: String, CodingKey {
            case channelName = "ChannelName"
            case s3DataSource = "S3DataSource"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.channelName, "channelName", .required, Rules.additionalModelChannelName)
            checker.structure(self.s3DataSource, "s3DataSource", .required)
        }
    }

    package struct MultiModelConfig: WireShape, Equatable {
        package var modelCacheSetting: String?

        package init(
            modelCacheSetting: String? = nil
        ) {
            self.modelCacheSetting = modelCacheSetting
        }

        package enum CodingKeys: String, CodingKey {
            case modelCacheSetting = "ModelCacheSetting"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.modelCacheSetting, "modelCacheSetting", .optional, Rules.modelCacheSetting)
        }
    }

    package struct InferenceExecutionConfig: WireShape, Equatable {
        package var mode: String?

        package init(
            mode: String? = nil
        ) {
            self.mode = mode
        }

        package enum CodingKeys: String, CodingKey {
            case mode = "Mode"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.mode, "mode", .required, Rules.inferenceExecutionMode)
        }
    }

    package struct CreateModelOutput: WireShape, Equatable {
        package var modelArn: String?

        package init(
            modelArn: String? = nil
        ) {
            self.modelArn = modelArn
        }

        package enum CodingKeys: String, CodingKey {
            case modelArn = "ModelArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DescribeModelInput: WireShape, Equatable {
        package var modelName: String?

        package init(
            modelName: String? = nil
        ) {
            self.modelName = modelName
        }

        package enum CodingKeys: String, CodingKey {
            case modelName = "ModelName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.modelName, "modelName", .required, Rules.modelName)
        }
    }

    package struct DescribeModelOutput: WireShape, Equatable {
        package var modelName: String?
        package var primaryContainer: ContainerDefinition?
        package var containers: [ContainerDefinition]?
        package var inferenceExecutionConfig: InferenceExecutionConfig?
        package var executionRoleArn: String?
        package var vpcConfig: VpcConfig?
        package var creationTime: Timestamp?
        package var modelArn: String?
        package var enableNetworkIsolation: Bool?
        package var deploymentRecommendation: DeploymentRecommendation?

        package init(
            modelName: String? = nil,
            primaryContainer: ContainerDefinition? = nil,
            containers: [ContainerDefinition]? = nil,
            inferenceExecutionConfig: InferenceExecutionConfig? = nil,
            executionRoleArn: String? = nil,
            vpcConfig: VpcConfig? = nil,
            creationTime: Timestamp? = nil,
            modelArn: String? = nil,
            enableNetworkIsolation: Bool? = nil,
            deploymentRecommendation: DeploymentRecommendation? = nil
        ) {
            self.modelName = modelName
            self.primaryContainer = primaryContainer
            self.containers = containers
            self.inferenceExecutionConfig = inferenceExecutionConfig
            self.executionRoleArn = executionRoleArn
            self.vpcConfig = vpcConfig
            self.creationTime = creationTime
            self.modelArn = modelArn
            self.enableNetworkIsolation = enableNetworkIsolation
            self.deploymentRecommendation = deploymentRecommendation
        }

        package enum CodingKeys: String, CodingKey {
            case modelName = "ModelName"
            case primaryContainer = "PrimaryContainer"
            case containers = "Containers"
            case inferenceExecutionConfig = "InferenceExecutionConfig"
            case executionRoleArn = "ExecutionRoleArn"
            case vpcConfig = "VpcConfig"
            case creationTime = "CreationTime"
            case modelArn = "ModelArn"
            case enableNetworkIsolation = "EnableNetworkIsolation"
            case deploymentRecommendation = "DeploymentRecommendation"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeploymentRecommendation: WireShape, Equatable {
        package var recommendationStatus: String?
        package var realTimeInferenceRecommendations: [RealTimeInferenceRecommendation]?

        package init(
            recommendationStatus: String? = nil,
            realTimeInferenceRecommendations: [RealTimeInferenceRecommendation]? = nil
        ) {
            self.recommendationStatus = recommendationStatus
            self.realTimeInferenceRecommendations = realTimeInferenceRecommendations
        }

        package enum CodingKeys: String, CodingKey {
            case recommendationStatus = "RecommendationStatus"
            case realTimeInferenceRecommendations = "RealTimeInferenceRecommendations"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct RealTimeInferenceRecommendation: WireShape, Equatable {
        package var recommendationId: String?
        package var instanceType: String?
        package var environment: [String: String]?

        package init(
            recommendationId: String? = nil,
            instanceType: String? = nil,
            environment: [String: String]? = nil
        ) {
            self.recommendationId = recommendationId
            self.instanceType = instanceType
            self.environment = environment
        }

        package enum CodingKeys: String, CodingKey {
            case recommendationId = "RecommendationId"
            case instanceType = "InstanceType"
            case environment = "Environment"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListModelsInput: WireShape, Equatable {
        package var sortBy: String?
        package var sortOrder: String?
        package var nextToken: String?
        package var maxResults: Int?
        package var nameContains: String?
        package var creationTimeBefore: Timestamp?
        package var creationTimeAfter: Timestamp?

        package init(
            sortBy: String? = nil,
            sortOrder: String? = nil,
            nextToken: String? = nil,
            maxResults: Int? = nil,
            nameContains: String? = nil,
            creationTimeBefore: Timestamp? = nil,
            creationTimeAfter: Timestamp? = nil
        ) {
            self.sortBy = sortBy
            self.sortOrder = sortOrder
            self.nextToken = nextToken
            self.maxResults = maxResults
            self.nameContains = nameContains
            self.creationTimeBefore = creationTimeBefore
            self.creationTimeAfter = creationTimeAfter
        }

        package enum CodingKeys: String, CodingKey {
            case sortBy = "SortBy"
            case sortOrder = "SortOrder"
            case nextToken = "NextToken"
            case maxResults = "MaxResults"
            case nameContains = "NameContains"
            case creationTimeBefore = "CreationTimeBefore"
            case creationTimeAfter = "CreationTimeAfter"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.sortBy, "sortBy", .optional, Rules.modelSortKey)
            checker.string(self.sortOrder, "sortOrder", .optional, Rules.orderKey)
            checker.string(self.nextToken, "nextToken", .optional, Rules.paginationToken)
            checker.number(self.maxResults, "maxResults", .optional, Rules.maxResults)
            checker.string(self.nameContains, "nameContains", .optional, Rules.modelNameContains)
        }
    }

    package struct ListModelsOutput: WireShape, Equatable {
        package var models: [ModelSummary]?
        package var nextToken: String?

        package init(
            models: [ModelSummary]? = nil,
            nextToken: String? = nil
        ) {
            self.models = models
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case models = "Models"
            case nextToken = "NextToken"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ModelSummary: WireShape, Equatable {
        package var modelName: String?
        package var modelArn: String?
        package var creationTime: Timestamp?

        package init(
            modelName: String? = nil,
            modelArn: String? = nil,
            creationTime: Timestamp? = nil
        ) {
            self.modelName = modelName
            self.modelArn = modelArn
            self.creationTime = creationTime
        }

        package enum CodingKeys: String, CodingKey {
            case modelName = "ModelName"
            case modelArn = "ModelArn"
            case creationTime = "CreationTime"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeleteModelInput: WireShape, Equatable {
        package var modelName: String?

        package init(
            modelName: String? = nil
        ) {
            self.modelName = modelName
        }

        package enum CodingKeys: String, CodingKey {
            case modelName = "ModelName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.modelName, "modelName", .required, Rules.modelName)
        }
    }
}
