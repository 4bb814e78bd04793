// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension SageMaker {
    package enum CreateEndpointConfig: AWSWire.Operation {
        package typealias Input = CreateEndpointConfigInput
        package typealias Output = CreateEndpointConfigOutput
        package static let name = "CreateEndpointConfig"
    }

    package enum DescribeEndpointConfig: AWSWire.Operation {
        package typealias Input = DescribeEndpointConfigInput
        package typealias Output = DescribeEndpointConfigOutput
        package static let name = "DescribeEndpointConfig"
    }

    package enum ListEndpointConfigs: AWSWire.Operation {
        package typealias Input = ListEndpointConfigsInput
        package typealias Output = ListEndpointConfigsOutput
        package static let name = "ListEndpointConfigs"
    }

    package enum DeleteEndpointConfig: AWSWire.Operation {
        package typealias Input = DeleteEndpointConfigInput
        package typealias Output = EmptyShape
        package static let name = "DeleteEndpointConfig"
    }

    package struct CreateEndpointConfigInput: WireShape, Equatable {
        package var endpointConfigName: String?
        package var productionVariants: [ProductionVariant]?
        package var dataCaptureConfig: DataCaptureConfig?
        package var tags: [Tag]?
        package var kmsKeyId: String?
        package var asyncInferenceConfig: AsyncInferenceConfig?
        package var explainerConfig: ExplainerConfig?
        package var shadowProductionVariants: [ProductionVariant]?
        package var executionRoleArn: String?
        package var vpcConfig: VpcConfig?
        package var enableNetworkIsolation: Bool?
        package var metricsConfig: MetricsConfig?

        package init(
            endpointConfigName: String? = nil,
            productionVariants: [ProductionVariant]? = nil,
            dataCaptureConfig: DataCaptureConfig? = nil,
            tags: [Tag]? = nil,
            kmsKeyId: String? = nil,
            asyncInferenceConfig: AsyncInferenceConfig? = nil,
            explainerConfig: ExplainerConfig? = nil,
            shadowProductionVariants: [ProductionVariant]? = nil,
            executionRoleArn: String? = nil,
            vpcConfig: VpcConfig? = nil,
            enableNetworkIsolation: Bool? = nil,
            metricsConfig: MetricsConfig? = nil
        ) {
            self.endpointConfigName = endpointConfigName
            self.productionVariants = productionVariants
            self.dataCaptureConfig = dataCaptureConfig
            self.tags = tags
            self.kmsKeyId = kmsKeyId
            self.asyncInferenceConfig = asyncInferenceConfig
            self.explainerConfig = explainerConfig
            self.shadowProductionVariants = shadowProductionVariants
            self.executionRoleArn = executionRoleArn
            self.vpcConfig = vpcConfig
            self.enableNetworkIsolation = enableNetworkIsolation
            self.metricsConfig = metricsConfig
        }

        package enum CodingKeys: String, CodingKey {
            case endpointConfigName = "EndpointConfigName"
            case productionVariants = "ProductionVariants"
            case dataCaptureConfig = "DataCaptureConfig"
            case tags = "Tags"
            case kmsKeyId = "KmsKeyId"
            case asyncInferenceConfig = "AsyncInferenceConfig"
            case explainerConfig = "ExplainerConfig"
            case shadowProductionVariants = "ShadowProductionVariants"
            case executionRoleArn = "ExecutionRoleArn"
            case vpcConfig = "VpcConfig"
            case enableNetworkIsolation = "EnableNetworkIsolation"
            case metricsConfig = "MetricsConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.endpointConfigName, "endpointConfigName", .required, Rules.endpointConfigName)
            checker.list(self.productionVariants, "productionVariants", .required, Rules.productionVariantList) { $1.validate(&$0) }
            checker.structure(self.dataCaptureConfig, "dataCaptureConfig", .optional)
            checker.list(self.tags, "tags", .optional, Rules.tagList) { $1.validate(&$0) }
            checker.string(self.kmsKeyId, "kmsKeyId", .optional, Rules.kmsKeyId)
            checker.structure(self.asyncInferenceConfig, "asyncInferenceConfig", .optional)
            checker.structure(self.explainerConfig, "explainerConfig", .optional)
            checker.list(self.shadowProductionVariants, "shadowProductionVariants", .optional, Rules.productionVariantList) { $1.validate(&$0) }
            checker.string(self.executionRoleArn, "executionRoleArn", .optional, Rules.roleArn)
            checker.structure(self.vpcConfig, "vpcConfig", .optional)
            checker.structure(self.metricsConfig, "metricsConfig", .optional)
        }
    }

    package struct ProductionVariant: WireShape, Equatable {
        package var variantName: String?
        package var modelName: String?
        package var initialInstanceCount: Int?
        package var instanceType: String?
        package var instancePools: [InstancePool]?
        package var variantInstanceProvisionTimeoutInSeconds: Int?
        package var initialVariantWeight: Double?
        package var acceleratorType: String?
        package var coreDumpConfig: ProductionVariantCoreDumpConfig?
        package var serverlessConfig: ProductionVariantServerlessConfig?
        package var volumeSizeInGB: Int?
        package var modelDataDownloadTimeoutInSeconds: Int?
        package var containerStartupHealthCheckTimeoutInSeconds: Int?
        package var enableSSMAccess: Bool?
        package var managedInstanceScaling: ProductionVariantManagedInstanceScaling?
        package var routingConfig: ProductionVariantRoutingConfig?
        package var inferenceAmiVersion: String?
        package var capacityReservationConfig: ProductionVariantCapacityReservationConfig?

        package init(
            variantName: String? = nil,
            modelName: String? = nil,
            initialInstanceCount: Int? = nil,
            instanceType: String? = nil,
            instancePools: [InstancePool]? = nil,
            variantInstanceProvisionTimeoutInSeconds: Int? = nil,
            initialVariantWeight: Double? = nil,
            acceleratorType: String? = nil,
            coreDumpConfig: ProductionVariantCoreDumpConfig? = nil,
            serverlessConfig: ProductionVariantServerlessConfig? = nil,
            volumeSizeInGB: Int? = nil,
            modelDataDownloadTimeoutInSeconds: Int? = nil,
            containerStartupHealthCheckTimeoutInSeconds: Int? = nil,
            enableSSMAccess: Bool? = nil,
            managedInstanceScaling: ProductionVariantManagedInstanceScaling? = nil,
            routingConfig: ProductionVariantRoutingConfig? = nil,
            inferenceAmiVersion: String? = nil,
            capacityReservationConfig: ProductionVariantCapacityReservationConfig? = nil
        ) {
            self.variantName = variantName
            self.modelName = modelName
            self.initialInstanceCount = initialInstanceCount
            self.instanceType = instanceType
            self.instancePools = instancePools
            self.variantInstanceProvisionTimeoutInSeconds = variantInstanceProvisionTimeoutInSeconds
            self.initialVariantWeight = initialVariantWeight
            self.acceleratorType = acceleratorType
            self.coreDumpConfig = coreDumpConfig
            self.serverlessConfig = serverlessConfig
            self.volumeSizeInGB = volumeSizeInGB
            self.modelDataDownloadTimeoutInSeconds = modelDataDownloadTimeoutInSeconds
            self.containerStartupHealthCheckTimeoutInSeconds = containerStartupHealthCheckTimeoutInSeconds
            self.enableSSMAccess = enableSSMAccess
            self.managedInstanceScaling = managedInstanceScaling
            self.routingConfig = routingConfig
            self.inferenceAmiVersion = inferenceAmiVersion
            self.capacityReservationConfig = capacityReservationConfig
        }

        package enum CodingKeys: String, CodingKey {
            case variantName = "VariantName"
            case modelName = "ModelName"
            case initialInstanceCount = "InitialInstanceCount"
            case instanceType = "InstanceType"
            case instancePools = "InstancePools"
            case variantInstanceProvisionTimeoutInSeconds = "VariantInstanceProvisionTimeoutInSeconds"
            case initialVariantWeight = "InitialVariantWeight"
            case acceleratorType = "AcceleratorType"
            case coreDumpConfig = "CoreDumpConfig"
            case serverlessConfig = "ServerlessConfig"
            case volumeSizeInGB = "VolumeSizeInGB"
            case modelDataDownloadTimeoutInSeconds = "ModelDataDownloadTimeoutInSeconds"
            case containerStartupHealthCheckTimeoutInSeconds = "ContainerStartupHealthCheckTimeoutInSeconds"
            case enableSSMAccess = "EnableSSMAccess"
            case managedInstanceScaling = "ManagedInstanceScaling"
            case routingConfig = "RoutingConfig"
            case inferenceAmiVersion = "InferenceAmiVersion"
            case capacityReservationConfig = "CapacityReservationConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.variantName, "variantName", .required, Rules.variantName)
            checker.string(self.modelName, "modelName", .optional, Rules.modelName)
            checker.number(self.initialInstanceCount, "initialInstanceCount", .optional, Rules.initialTaskCount)
            checker.string(self.instanceType, "instanceType", .optional, Rules.productionVariantInstanceType)
            checker.list(self.instancePools, "instancePools", .optional, Rules.instancePoolList) { $1.validate(&$0) }
            checker.number(self.variantInstanceProvisionTimeoutInSeconds, "variantInstanceProvisionTimeoutInSeconds", .optional, Rules.variantInstanceProvisionTimeoutInSeconds)
            checker.number(self.initialVariantWeight, "initialVariantWeight", .optional, Rules.variantWeight)
            checker.string(self.acceleratorType, "acceleratorType", .optional, Rules.productionVariantAcceleratorType)
            checker.structure(self.coreDumpConfig, "coreDumpConfig", .optional)
            checker.structure(self.serverlessConfig, "serverlessConfig", .optional)
            checker.number(self.volumeSizeInGB, "volumeSizeInGB", .optional, Rules.productionVariantVolumeSizeInGB)
            checker.number(self.modelDataDownloadTimeoutInSeconds, "modelDataDownloadTimeoutInSeconds", .optional, Rules.productionVariantModelDataDownloadTimeoutInSeconds)
            checker.number(self.containerStartupHealthCheckTimeoutInSeconds, "containerStartupHealthCheckTimeoutInSeconds", .optional, Rules.productionVariantContainerStartupHealthCheckTimeoutInSeconds)
            checker.structure(self.managedInstanceScaling, "managedInstanceScaling", .optional)
            checker.structure(self.routingConfig, "routingConfig", .optional)
            checker.string(self.inferenceAmiVersion, "inferenceAmiVersion", .optional, Rules.productionVariantInferenceAmiVersion)
            checker.structure(self.capacityReservationConfig, "capacityReservationConfig", .optional)
        }
    }

    package struct InstancePool: WireShape, Equatable {
        package var instanceType: String?
        package var modelNameOverride: String?
        package var priority: Int?

        package init(
            instanceType: String? = nil,
            modelNameOverride: String? = nil,
            priority: Int? = nil
        ) {
            self.instanceType = instanceType
            self.modelNameOverride = modelNameOverride
            self.priority = priority
        }

        package enum CodingKeys: String, CodingKey {
            case instanceType = "InstanceType"
            case modelNameOverride = "ModelNameOverride"
            case priority = "Priority"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.instanceType, "instanceType", .required, Rules.productionVariantInstanceType)
            checker.string(self.modelNameOverride, "modelNameOverride", .optional, Rules.modelName)
            checker.number(self.priority, "priority", .required, Rules.instancePoolPriority)
        }
    }

    package struct ProductionVariantCoreDumpConfig: WireShape, Equatable {
        package var destinationS3Uri: String?
        package var kmsKeyId: String?

        package init(
            destinationS3Uri: String? = nil,
            kmsKeyId: String? = nil
        ) {
            self.destinationS3Uri = destinationS3Uri
            self.kmsKeyId = kmsKeyId
        }

        package enum CodingKeys: String, CodingKey {
            case destinationS3Uri = "DestinationS3Uri"
            case kmsKeyId = "KmsKeyId"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.destinationS3Uri, "destinationS3Uri", .required, Rules.destinationS3Uri)
            checker.string(self.kmsKeyId, "kmsKeyId", .optional, Rules.kmsKeyId)
        }
    }

    package struct ProductionVariantCapacityReservationConfig: WireShape, Equatable {
        package var capacityReservationPreference: String?
        package var mlReservationArn: String?

        package init(
            capacityReservationPreference: String? = nil,
            mlReservationArn: String? = nil
        ) {
            self.capacityReservationPreference = capacityReservationPreference
            self.mlReservationArn = mlReservationArn
        }

        package enum CodingKeys: String, CodingKey {
            case capacityReservationPreference = "CapacityReservationPreference"
            case mlReservationArn = "MlReservationArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.capacityReservationPreference, "capacityReservationPreference", .optional, Rules.capacityReservationPreference)
            checker.string(self.mlReservationArn, "mlReservationArn", .optional, Rules.mlReservationArn)
        }
    }

    package struct DataCaptureConfig: WireShape, Equatable {
        package var enableCapture: Bool?
        package var initialSamplingPercentage: Int?
        package var destinationS3Uri: String?
        package var kmsKeyId: String?
        package var captureOptions: [CaptureOption]?
        package var captureContentTypeHeader: CaptureContentTypeHeader?

        package init(
            enableCapture: Bool? = nil,
            initialSamplingPercentage: Int? = nil,
            destinationS3Uri: String? = nil,
            kmsKeyId: String? = nil,
            captureOptions: [CaptureOption]? = nil,
            captureContentTypeHeader: CaptureContentTypeHeader? = nil
        ) {
            self.enableCapture = enableCapture
            self.initialSamplingPercentage = initialSamplingPercentage
            self.destinationS3Uri = destinationS3Uri
            self.kmsKeyId = kmsKeyId
            self.captureOptions = captureOptions
            self.captureContentTypeHeader = captureContentTypeHeader
        }

        package enum CodingKeys: String, CodingKey {
            case enableCapture = "EnableCapture"
            case initialSamplingPercentage = "InitialSamplingPercentage"
            case destinationS3Uri = "DestinationS3Uri"
            case kmsKeyId = "KmsKeyId"
            case captureOptions = "CaptureOptions"
            case captureContentTypeHeader = "CaptureContentTypeHeader"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.number(self.initialSamplingPercentage, "initialSamplingPercentage", .required, Rules.samplingPercentage)
            checker.string(self.destinationS3Uri, "destinationS3Uri", .required, Rules.destinationS3Uri)
            checker.string(self.kmsKeyId, "kmsKeyId", .optional, Rules.kmsKeyId)
            checker.list(self.captureOptions, "captureOptions", .required, Rules.captureOptionList) { $1.validate(&$0) }
            checker.structure(self.captureContentTypeHeader, "captureContentTypeHeader", .optional)
        }
    }

    package struct CaptureOption: WireShape, Equatable {
        package var captureMode: String?

        package init(
            captureMode: String? = nil
        ) {
            self.captureMode = captureMode
        }

        package enum CodingKeys: String, CodingKey {
            case captureMode = "CaptureMode"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.captureMode, "captureMode", .required, Rules.captureMode)
        }
    }

    package struct CaptureContentTypeHeader: WireShape, Equatable {
        package var csvContentTypes: [String]?
        package var jsonContentTypes: [String]?

        package init(
            csvContentTypes: [String]? = nil,
            jsonContentTypes: [String]? = nil
        ) {
            self.csvContentTypes = csvContentTypes
            self.jsonContentTypes = jsonContentTypes
        }

        package enum CodingKeys: String, CodingKey {
            case csvContentTypes = "CsvContentTypes"
            case jsonContentTypes = "JsonContentTypes"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.strings(self.csvContentTypes, "csvContentTypes", .optional, Rules.csvContentTypes, each: Rules.csvContentType)
            checker.strings(self.jsonContentTypes, "jsonContentTypes", .optional, Rules.jsonContentTypes, each: Rules.jsonContentType)
        }
    }

    package struct CreateEndpointConfigOutput: WireShape, Equatable {
        package var endpointConfigArn: String?

        package init(
            endpointConfigArn: String? = nil
        ) {
            self.endpointConfigArn = endpointConfigArn
        }

        package enum CodingKeys: String, CodingKey {
            case endpointConfigArn = "EndpointConfigArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DescribeEndpointConfigInput: WireShape, Equatable {
        package var endpointConfigName: String?

        package init(
            endpointConfigName: String? = nil
        ) {
            self.endpointConfigName = endpointConfigName
        }

        package enum CodingKeys: String, CodingKey {
            case endpointConfigName = "EndpointConfigName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.endpointConfigName, "endpointConfigName", .required, Rules.endpointConfigName)
        }
    }

    package struct DescribeEndpointConfigOutput: WireShape, Equatable {
        package var endpointConfigName: String?
        package var endpointConfigArn: String?
        package var productionVariants: [ProductionVariant]?
        package var dataCaptureConfig: DataCaptureConfig?
        package var kmsKeyId: String?
        package var creationTime: Timestamp?
        package var asyncInferenceConfig: AsyncInferenceConfig?
        package var explainerConfig: ExplainerConfig?
        package var shadowProductionVariants: [ProductionVariant]?
        package var executionRoleArn: String?
        package var vpcConfig: VpcConfig?
        package var enableNetworkIsolation: Bool?
        package var metricsConfig: MetricsConfig?

        package init(
            endpointConfigName: String? = nil,
            endpointConfigArn: String? = nil,
            productionVariants: [ProductionVariant]? = nil,
            dataCaptureConfig: DataCaptureConfig? = nil,
            kmsKeyId: String? = nil,
            creationTime: Timestamp? = nil,
            asyncInferenceConfig: AsyncInferenceConfig? = nil,
            explainerConfig: ExplainerConfig? = nil,
            shadowProductionVariants: [ProductionVariant]? = nil,
            executionRoleArn: String? = nil,
            vpcConfig: VpcConfig? = nil,
            enableNetworkIsolation: Bool? = nil,
            metricsConfig: MetricsConfig? = nil
        ) {
            self.endpointConfigName = endpointConfigName
            self.endpointConfigArn = endpointConfigArn
            self.productionVariants = productionVariants
            self.dataCaptureConfig = dataCaptureConfig
            self.kmsKeyId = kmsKeyId
            self.creationTime = creationTime
            self.asyncInferenceConfig = asyncInferenceConfig
            self.explainerConfig = explainerConfig
            self.shadowProductionVariants = shadowProductionVariants
            self.executionRoleArn = executionRoleArn
            self.vpcConfig = vpcConfig
            self.enableNetworkIsolation = enableNetworkIsolation
            self.metricsConfig = metricsConfig
        }

        package enum CodingKeys: String, CodingKey {
            case endpointConfigName = "EndpointConfigName"
            case endpointConfigArn = "EndpointConfigArn"
            case productionVariants = "ProductionVariants"
            case dataCaptureConfig = "DataCaptureConfig"
            case kmsKeyId = "KmsKeyId"
            case creationTime = "CreationTime"
            case asyncInferenceConfig = "AsyncInferenceConfig"
            case explainerConfig = "ExplainerConfig"
            case shadowProductionVariants = "ShadowProductionVariants"
            case executionRoleArn = "ExecutionRoleArn"
            case vpcConfig = "VpcConfig"
            case enableNetworkIsolation = "EnableNetworkIsolation"
            case metricsConfig = "MetricsConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListEndpointConfigsInput: WireShape, Equatable {
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
            checker.string(self.sortBy, "sortBy", .optional, Rules.endpointConfigSortKey)
            checker.string(self.sortOrder, "sortOrder", .optional, Rules.orderKey)
            checker.string(self.nextToken, "nextToken", .optional, Rules.paginationToken)
            checker.number(self.maxResults, "maxResults", .optional, Rules.maxResults)
            checker.string(self.nameContains, "nameContains", .optional, Rules.endpointConfigNameContains)
        }
    }

    package struct ListEndpointConfigsOutput: WireShape, Equatable {
        package var endpointConfigs: [EndpointConfigSummary]?
        package var nextToken: String?

        package init(
            endpointConfigs: [EndpointConfigSummary]? = nil,
            nextToken: String? = nil
        ) {
            self.endpointConfigs = endpointConfigs
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case endpointConfigs = "EndpointConfigs"
            case nextToken = "NextToken"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct EndpointConfigSummary: WireShape, Equatable {
        package var endpointConfigName: String?
        package var endpointConfigArn: String?
        package var creationTime: Timestamp?

        package init(
            endpointConfigName: String? = nil,
            endpointConfigArn: String? = nil,
            creationTime: Timestamp? = nil
        ) {
            self.endpointConfigName = endpointConfigName
            self.endpointConfigArn = endpointConfigArn
            self.creationTime = creationTime
        }

        package enum CodingKeys: String, CodingKey {
            case endpointConfigName = "EndpointConfigName"
            case endpointConfigArn = "EndpointConfigArn"
            case creationTime = "CreationTime"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeleteEndpointConfigInput: WireShape, Equatable {
        package var endpointConfigName: String?

        package init(
            endpointConfigName: String? = nil
        ) {
            self.endpointConfigName = endpointConfigName
        }

        package enum CodingKeys: String, CodingKey {
            case endpointConfigName = "EndpointConfigName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.endpointConfigName, "endpointConfigName", .required, Rules.endpointConfigName)
        }
    }
}
