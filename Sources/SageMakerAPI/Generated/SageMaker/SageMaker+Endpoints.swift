// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension SageMaker {
    package enum CreateEndpoint: AWSWire.Operation {
        package typealias Input = CreateEndpointInput
        package typealias Output = CreateEndpointOutput
        package static let name = "CreateEndpoint"
    }

    package enum DescribeEndpoint: AWSWire.Operation {
        package typealias Input = DescribeEndpointInput
        package typealias Output = DescribeEndpointOutput
        package static let name = "DescribeEndpoint"
    }

    package enum ListEndpoints: AWSWire.Operation {
        package typealias Input = ListEndpointsInput
        package typealias Output = ListEndpointsOutput
        package static let name = "ListEndpoints"
    }

    package enum DeleteEndpoint: AWSWire.Operation {
        package typealias Input = DeleteEndpointInput
        package typealias Output = EmptyShape
        package static let name = "DeleteEndpoint"
    }

    package enum UpdateEndpoint: AWSWire.Operation {
        package typealias Input = UpdateEndpointInput
        package typealias Output = UpdateEndpointOutput
        package static let name = "UpdateEndpoint"
    }

    package enum UpdateEndpointWeightsAndCapacities: AWSWire.Operation {
        package typealias Input = UpdateEndpointWeightsAndCapacitiesInput
        package typealias Output = UpdateEndpointWeightsAndCapacitiesOutput
        package static let name = "UpdateEndpointWeightsAndCapacities"
    }

    package struct CreateEndpointInput: WireShape, Equatable {
        package var endpointName: String?
        package var endpointConfigName: String?
        package var deploymentConfig: DeploymentConfig?
        package var tags: [Tag]?

        package init(
            endpointName: String? = nil,
            endpointConfigName: String? = nil,
            deploymentConfig: DeploymentConfig? = nil,
            tags: [Tag]? = nil
        ) {
            self.endpointName = endpointName
            self.endpointConfigName = endpointConfigName
            self.deploymentConfig = deploymentConfig
            self.tags = tags
        }

        package enum CodingKeys: String, CodingKey {
            case endpointName = "EndpointName"
            case endpointConfigName = "EndpointConfigName"
            case deploymentConfig = "DeploymentConfig"
            case tags = "Tags"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.endpointName, "endpointName", .required, Rules.endpointName)
            checker.string(self.endpointConfigName, "endpointConfigName", .required, Rules.endpointConfigName)
            checker.structure(self.deploymentConfig, "deploymentConfig", .optional)
            checker.list(self.tags, "tags", .optional, Rules.tagList) { $1.validate(&$0) }
        }
    }

    package struct DeploymentConfig: WireShape, Equatable {
        package var blueGreenUpdatePolicy: BlueGreenUpdatePolicy?
        package var rollingUpdatePolicy: RollingUpdatePolicy?
        package var autoRollbackConfiguration: AutoRollbackConfig?

        package init(
            blueGreenUpdatePolicy: BlueGreenUpdatePolicy? = nil,
            rollingUpdatePolicy: RollingUpdatePolicy? = nil,
            autoRollbackConfiguration: AutoRollbackConfig? = nil
        ) {
            self.blueGreenUpdatePolicy = blueGreenUpdatePolicy
            self.rollingUpdatePolicy = rollingUpdatePolicy
            self.autoRollbackConfiguration = autoRollbackConfiguration
        }

        package enum CodingKeys: String, CodingKey {
            case blueGreenUpdatePolicy = "BlueGreenUpdatePolicy"
            case rollingUpdatePolicy = "RollingUpdatePolicy"
            case autoRollbackConfiguration = "AutoRollbackConfiguration"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.structure(self.blueGreenUpdatePolicy, "blueGreenUpdatePolicy", .optional)
            checker.structure(self.rollingUpdatePolicy, "rollingUpdatePolicy", .optional)
            checker.structure(self.autoRollbackConfiguration, "autoRollbackConfiguration", .optional)
        }
    }

    package struct BlueGreenUpdatePolicy: WireShape, Equatable {
        package var trafficRoutingConfiguration: TrafficRoutingConfig?
        package var terminationWaitInSeconds: Int?
        package var maximumExecutionTimeoutInSeconds: Int?

        package init(
            trafficRoutingConfiguration: TrafficRoutingConfig? = nil,
            terminationWaitInSeconds: Int? = nil,
            maximumExecutionTimeoutInSeconds: Int? = nil
        ) {
            self.trafficRoutingConfiguration = trafficRoutingConfiguration
            self.terminationWaitInSeconds = terminationWaitInSeconds
            self.maximumExecutionTimeoutInSeconds = maximumExecutionTimeoutInSeconds
        }

        package enum CodingKeys: String, CodingKey {
            case trafficRoutingConfiguration = "TrafficRoutingConfiguration"
            case terminationWaitInSeconds = "TerminationWaitInSeconds"
            case maximumExecutionTimeoutInSeconds = "MaximumExecutionTimeoutInSeconds"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.structure(self.trafficRoutingConfiguration, "trafficRoutingConfiguration", .required)
            checker.number(self.terminationWaitInSeconds, "terminationWaitInSeconds", .optional, Rules.terminationWaitInSeconds)
            checker.number(self.maximumExecutionTimeoutInSeconds, "maximumExecutionTimeoutInSeconds", .optional, Rules.maximumExecutionTimeoutInSeconds)
        }
    }

    package struct TrafficRoutingConfig: WireShape, Equatable {
        package var type: String?
        package var waitIntervalInSeconds: Int?
        package var canarySize: CapacitySize?
        package var linearStepSize: CapacitySize?

        package init(
            type: String? = nil,
            waitIntervalInSeconds: Int? = nil,
            canarySize: CapacitySize? = nil,
            linearStepSize: CapacitySize? = nil
        ) {
            self.type = type
            self.waitIntervalInSeconds = waitIntervalInSeconds
            self.canarySize = canarySize
            self.linearStepSize = linearStepSize
        }

        package enum CodingKeys: String, CodingKey {
            case type = "Type"
            case waitIntervalInSeconds = "WaitIntervalInSeconds"
            case canarySize = "CanarySize"
            case linearStepSize = "LinearStepSize"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.type, "type", .required, Rules.trafficRoutingConfigType)
            checker.number(self.waitIntervalInSeconds, "waitIntervalInSeconds", .required, Rules.waitIntervalInSeconds)
            checker.structure(self.canarySize, "canarySize", .optional)
            checker.structure(self.linearStepSize, "linearStepSize", .optional)
        }
    }

    package struct CapacitySize: WireShape, Equatable {
        package var type: String?
        package var value: Int?

        package init(
            type: String? = nil,
            value: Int? = nil
        ) {
            self.type = type
            self.value = value
        }

        package enum CodingKeys: String, CodingKey {
            case type = "Type"
            case value = "Value"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.type, "type", .required, Rules.capacitySizeType)
            checker.number(self.value, "value", .required, Rules.capacitySizeValue)
        }
    }

    package struct RollingUpdatePolicy: WireShape, Equatable {
        package var maximumBatchSize: CapacitySize?
        package var waitIntervalInSeconds: Int?
        package var maximumExecutionTimeoutInSeconds: Int?
        package var rollbackMaximumBatchSize: CapacitySize?

        package init(
            maximumBatchSize: CapacitySize? = nil,
            waitIntervalInSeconds: Int? = nil,
            maximumExecutionTimeoutInSeconds: Int? = nil,
            rollbackMaximumBatchSize: CapacitySize? = nil
        ) {
            self.maximumBatchSize = maximumBatchSize
            self.waitIntervalInSeconds = waitIntervalInSeconds
            self.maximumExecutionTimeoutInSeconds = maximumExecutionTimeoutInSeconds
            self.rollbackMaximumBatchSize = rollbackMaximumBatchSize
        }

        package enum CodingKeys: String, CodingKey {
            case maximumBatchSize = "MaximumBatchSize"
            case waitIntervalInSeconds = "WaitIntervalInSeconds"
            case maximumExecutionTimeoutInSeconds = "MaximumExecutionTimeoutInSeconds"
            case rollbackMaximumBatchSize = "RollbackMaximumBatchSize"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.structure(self.maximumBatchSize, "maximumBatchSize", .required)
            checker.number(self.waitIntervalInSeconds, "waitIntervalInSeconds", .required, Rules.waitIntervalInSeconds)
            checker.number(self.maximumExecutionTimeoutInSeconds, "maximumExecutionTimeoutInSeconds", .optional, Rules.maximumExecutionTimeoutInSeconds)
            checker.structure(self.rollbackMaximumBatchSize, "rollbackMaximumBatchSize", .optional)
        }
    }

    package struct AutoRollbackConfig: WireShape, Equatable {
        package var alarms: [Alarm]?

        package init(
            alarms: [Alarm]? = nil
        ) {
            self.alarms = alarms
        }

        package enum CodingKeys: String, CodingKey {
            case alarms = "Alarms"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.list(self.alarms, "alarms", .optional, Rules.alarmList) { $1.validate(&$0) }
        }
    }

    package struct Alarm: WireShape, Equatable {
        package var alarmName: String?

        package init(
            alarmName: String? = nil
        ) {
            self.alarmName = alarmName
        }

        package enum CodingKeys: String, CodingKey {
            case alarmName = "AlarmName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.alarmName, "alarmName", .optional, Rules.alarmName)
        }
    }

    package struct CreateEndpointOutput: WireShape, Equatable {
        package var endpointArn: String?

        package init(
            endpointArn: String? = nil
        ) {
            self.endpointArn = endpointArn
        }

        package enum CodingKeys: String, CodingKey {
            case endpointArn = "EndpointArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DescribeEndpointInput: WireShape, Equatable {
        package var endpointName: String?

        package init(
            endpointName: String? = nil
        ) {
            self.endpointName = endpointName
        }

        package enum CodingKeys: String, CodingKey {
            case endpointName = "EndpointName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.endpointName, "endpointName", .required, Rules.endpointName)
        }
    }

    package struct DescribeEndpointOutput: WireShape, Equatable {
        package var endpointName: String?
        package var endpointArn: String?
        package var endpointConfigName: String?
        package var productionVariants: [ProductionVariantSummary]?
        package var dataCaptureConfig: DataCaptureConfigSummary?
        package var endpointStatus: String?
        package var failureReason: String?
        package var creationTime: Timestamp?
        package var lastModifiedTime: Timestamp?
        package var lastDeploymentConfig: DeploymentConfig?
        package var asyncInferenceConfig: AsyncInferenceConfig?
        package var pendingDeploymentSummary: PendingDeploymentSummary?
        package var explainerConfig: ExplainerConfig?
        package var shadowProductionVariants: [ProductionVariantSummary]?
        package var metricsConfig: MetricsConfig?

        package init(
            endpointName: String? = nil,
            endpointArn: String? = nil,
            endpointConfigName: String? = nil,
            productionVariants: [ProductionVariantSummary]? = nil,
            dataCaptureConfig: DataCaptureConfigSummary? = nil,
            endpointStatus: String? = nil,
            failureReason: String? = nil,
            creationTime: Timestamp? = nil,
            lastModifiedTime: Timestamp? = nil,
            lastDeploymentConfig: DeploymentConfig? = nil,
            asyncInferenceConfig: AsyncInferenceConfig? = nil,
            pendingDeploymentSummary: PendingDeploymentSummary? = nil,
            explainerConfig: ExplainerConfig? = nil,
            shadowProductionVariants: [ProductionVariantSummary]? = nil,
            metricsConfig: MetricsConfig? = nil
        ) {
            self.endpointName = endpointName
            self.endpointArn = endpointArn
            self.endpointConfigName = endpointConfigName
            self.productionVariants = productionVariants
            self.dataCaptureConfig = dataCaptureConfig
            self.endpointStatus = endpointStatus
            self.failureReason = failureReason
            self.creationTime = creationTime
            self.lastModifiedTime = lastModifiedTime
            self.lastDeploymentConfig = lastDeploymentConfig
            self.asyncInferenceConfig = asyncInferenceConfig
            self.pendingDeploymentSummary = pendingDeploymentSummary
            self.explainerConfig = explainerConfig
            self.shadowProductionVariants = shadowProductionVariants
            self.metricsConfig = metricsConfig
        }

        package enum CodingKeys: String, CodingKey {
            case endpointName = "EndpointName"
            case endpointArn = "EndpointArn"
            case endpointConfigName = "EndpointConfigName"
            case productionVariants = "ProductionVariants"
            case dataCaptureConfig = "DataCaptureConfig"
            case endpointStatus = "EndpointStatus"
            case failureReason = "FailureReason"
            case creationTime = "CreationTime"
            case lastModifiedTime = "LastModifiedTime"
            case lastDeploymentConfig = "LastDeploymentConfig"
            case asyncInferenceConfig = "AsyncInferenceConfig"
            case pendingDeploymentSummary = "PendingDeploymentSummary"
            case explainerConfig = "ExplainerConfig"
            case shadowProductionVariants = "ShadowProductionVariants"
            case metricsConfig = "MetricsConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ProductionVariantSummary: WireShape, Equatable {
        package var variantName: String?
        package var deployedImages: [DeployedImage]?
        package var currentWeight: Double?
        package var desiredWeight: Double?
        package var currentInstanceCount: Int?
        package var desiredInstanceCount: Int?
        package var instancePools: [InstancePoolSummary]?
        package var variantStatus: [ProductionVariantStatus]?
        package var currentServerlessConfig: ProductionVariantServerlessConfig?
        package var desiredServerlessConfig: ProductionVariantServerlessConfig?
        package var managedInstanceScaling: ProductionVariantManagedInstanceScaling?
        package var routingConfig: ProductionVariantRoutingConfig?
        package var capacityReservationConfig: ProductionVariantCapacityReservationSummary?

        package init(
            variantName: String? = nil,
            deployedImages: [DeployedImage]? = nil,
            currentWeight: Double? = nil,
            desiredWeight: Double? = nil,
            currentInstanceCount: Int? = nil,
            desiredInstanceCount: Int? = nil,
            instancePools: [InstancePoolSummary]? = nil,
            variantStatus: [ProductionVariantStatus]? = nil,
            currentServerlessConfig: ProductionVariantServerlessConfig? = nil,
            desiredServerlessConfig: ProductionVariantServerlessConfig? = nil,
            managedInstanceScaling: ProductionVariantManagedInstanceScaling? = nil,
            routingConfig: ProductionVariantRoutingConfig? = nil,
            capacityReservationConfig: ProductionVariantCapacityReservationSummary? = nil
        ) {
            self.variantName = variantName
            self.deployedImages = deployedImages
            self.currentWeight = currentWeight
            self.desiredWeight = desiredWeight
            self.currentInstanceCount = currentInstanceCount
            self.desiredInstanceCount = desiredInstanceCount
            self.instancePools = instancePools
            self.variantStatus = variantStatus
            self.currentServerlessConfig = currentServerlessConfig
            self.desiredServerlessConfig = desiredServerlessConfig
            self.managedInstanceScaling = managedInstanceScaling
            self.routingConfig = routingConfig
            self.capacityReservationConfig = capacityReservationConfig
        }

        package enum CodingKeys: String, CodingKey {
            case variantName = "VariantName"
            case deployedImages = "DeployedImages"
            case currentWeight = "CurrentWeight"
            case desiredWeight = "DesiredWeight"
            case currentInstanceCount = "CurrentInstanceCount"
            case desiredInstanceCount = "DesiredInstanceCount"
            case instancePools = "InstancePools"
            case variantStatus = "VariantStatus"
            case currentServerlessConfig = "CurrentServerlessConfig"
            case desiredServerlessConfig = "DesiredServerlessConfig"
            case managedInstanceScaling = "ManagedInstanceScaling"
            case routingConfig = "RoutingConfig"
            case capacityReservationConfig = "CapacityReservationConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeployedImage: WireShape, Equatable {
        package var specifiedImage: String?
        package var resolvedImage: String?
        package var resolutionTime: Timestamp?

        package init(
            specifiedImage: String? = nil,
            resolvedImage: String? = nil,
            resolutionTime: Timestamp? = nil
        ) {
            self.specifiedImage = specifiedImage
            self.resolvedImage = resolvedImage
            self.resolutionTime = resolutionTime
        }

        package enum CodingKeys: String, CodingKey {
            case specifiedImage = "SpecifiedImage"
            case resolvedImage = "ResolvedImage"
            case resolutionTime = "ResolutionTime"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct InstancePoolSummary: WireShape, Equatable {
        package var instanceType: String?
        package var currentInstanceCount: Int?

        package init(
            instanceType: String? = nil,
            currentInstanceCount: Int? = nil
        ) {
            self.instanceType = instanceType
            self.currentInstanceCount = currentInstanceCount
        }

        package enum CodingKeys: String, CodingKey {
            case instanceType = "InstanceType"
            case currentInstanceCount = "CurrentInstanceCount"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ProductionVariantStatus: WireShape, Equatable {
        package var status: String?
        package var statusMessage: String?
        package var startTime: Timestamp?

        package init(
            status: String? = nil,
            statusMessage: String? = nil,
            startTime: Timestamp? = nil
        ) {
            self.status = status
            self.statusMessage = statusMessage
            self.startTime = startTime
        }

        package enum CodingKeys: String, CodingKey {
            case status = "Status"
            case statusMessage = "StatusMessage"
            case startTime = "StartTime"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ProductionVariantCapacityReservationSummary: WireShape, Equatable {
        package var mlReservationArn: String?
        package var capacityReservationPreference: String?
        package var totalInstanceCount: Int?
        package var availableInstanceCount: Int?
        package var usedByCurrentEndpoint: Int?
        package var ec2CapacityReservations: [Ec2CapacityReservation]?

        package init(
            mlReservationArn: String? = nil,
            capacityReservationPreference: String? = nil,
            totalInstanceCount: Int? = nil,
            availableInstanceCount: Int? = nil,
            usedByCurrentEndpoint: Int? = nil,
            ec2CapacityReservations: [Ec2CapacityReservation]? = nil
        ) {
            self.mlReservationArn = mlReservationArn
            self.capacityReservationPreference = capacityReservationPreference
            self.totalInstanceCount = totalInstanceCount
            self.availableInstanceCount = availableInstanceCount
            self.usedByCurrentEndpoint = usedByCurrentEndpoint
            self.ec2CapacityReservations = ec2CapacityReservations
        }

        package enum CodingKeys: String, CodingKey {
            case mlReservationArn = "MlReservationArn"
            case capacityReservationPreference = "CapacityReservationPreference"
            case totalInstanceCount = "TotalInstanceCount"
            case availableInstanceCount = "AvailableInstanceCount"
            case usedByCurrentEndpoint = "UsedByCurrentEndpoint"
            case ec2CapacityReservations = "Ec2CapacityReservations"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct Ec2CapacityReservation: WireShape, Equatable {
        package var ec2CapacityReservationId: String?
        package var totalInstanceCount: Int?
        package var availableInstanceCount: Int?
        package var usedByCurrentEndpoint: Int?

        package init(
            ec2CapacityReservationId: String? = nil,
            totalInstanceCount: Int? = nil,
            availableInstanceCount: Int? = nil,
            usedByCurrentEndpoint: Int? = nil
        ) {
            self.ec2CapacityReservationId = ec2CapacityReservationId
            self.totalInstanceCount = totalInstanceCount
            self.availableInstanceCount = availableInstanceCount
            self.usedByCurrentEndpoint = usedByCurrentEndpoint
        }

        package enum CodingKeys: String, CodingKey {
            case ec2CapacityReservationId = "Ec2CapacityReservationId"
            case totalInstanceCount = "TotalInstanceCount"
            case availableInstanceCount = "AvailableInstanceCount"
            case usedByCurrentEndpoint = "UsedByCurrentEndpoint"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DataCaptureConfigSummary: WireShape, Equatable {
        package var enableCapture: Bool?
        package var captureStatus: String?
        package var currentSamplingPercentage: Int?
        package var destinationS3Uri: String?
        package var kmsKeyId: String?

        package init(
            enableCapture: Bool? = nil,
            captureStatus: String? = nil,
            currentSamplingPercentage: Int? = nil,
            destinationS3Uri: String? = nil,
            kmsKeyId: String? = nil
        ) {
            self.enableCapture = enableCapture
            self.captureStatus = captureStatus
            self.currentSamplingPercentage = currentSamplingPercentage
            self.destinationS3Uri = destinationS3Uri
            self.kmsKeyId = kmsKeyId
        }

        package enum CodingKeys: String, CodingKey {
            case enableCapture = "EnableCapture"
            case captureStatus = "CaptureStatus"
            case currentSamplingPercentage = "CurrentSamplingPercentage"
            case destinationS3Uri = "DestinationS3Uri"
            case kmsKeyId = "KmsKeyId"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct PendingDeploymentSummary: WireShape, Equatable {
        package var endpointConfigName: String?
        package var productionVariants: [PendingProductionVariantSummary]?
        package var startTime: Timestamp?
        package var shadowProductionVariants: [PendingProductionVariantSummary]?

        package init(
            endpointConfigName: String? = nil,
            productionVariants: [PendingProductionVariantSummary]? = nil,
            startTime: Timestamp? = nil,
            shadowProductionVariants: [PendingProductionVariantSummary]? = nil
        ) {
            self.endpointConfigName = endpointConfigName
            self.productionVariants = productionVariants
            self.startTime = startTime
            self.shadowProductionVariants = shadowProductionVariants
        }

        package enum CodingKeys: String, CodingKey {
            case endpointConfigName = "EndpointConfigName"
            case productionVariants = "ProductionVariants"
            case startTime = "StartTime"
            case shadowProductionVariants = "ShadowProductionVariants"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct PendingProductionVariantSummary: WireShape, Equatable {
        package var variantName: String?
        package var deployedImages: [DeployedImage]?
        package var currentWeight: Double?
        package var desiredWeight: Double?
        package var currentInstanceCount: Int?
        package var desiredInstanceCount: Int?
        package var instanceType: String?
        package var instancePools: [InstancePoolSummary]?
        package var acceleratorType: String?
        package var variantStatus: [ProductionVariantStatus]?
        package var currentServerlessConfig: ProductionVariantServerlessConfig?
        package var desiredServerlessConfig: ProductionVariantServerlessConfig?
        package var managedInstanceScaling: ProductionVariantManagedInstanceScaling?
        package var routingConfig: ProductionVariantRoutingConfig?

        package init(
            variantName: String? = nil,
            deployedImages: [DeployedImage]? = nil,
            currentWeight: Double? = nil,
            desiredWeight: Double? = nil,
            currentInstanceCount: Int? = nil,
            desiredInstanceCount: Int? = nil,
            instanceType: String? = nil,
            instancePools: [InstancePoolSummary]? = nil,
            acceleratorType: String? = nil,
            variantStatus: [ProductionVariantStatus]? = nil,
            currentServerlessConfig: ProductionVariantServerlessConfig? = nil,
            desiredServerlessConfig: ProductionVariantServerlessConfig? = nil,
            managedInstanceScaling: ProductionVariantManagedInstanceScaling? = nil,
            routingConfig: ProductionVariantRoutingConfig? = nil
        ) {
            self.variantName = variantName
            self.deployedImages = deployedImages
            self.currentWeight = currentWeight
            self.desiredWeight = desiredWeight
            self.currentInstanceCount = currentInstanceCount
            self.desiredInstanceCount = desiredInstanceCount
            self.instanceType = instanceType
            self.instancePools = instancePools
            self.acceleratorType = acceleratorType
            self.variantStatus = variantStatus
            self.currentServerlessConfig = currentServerlessConfig
            self.desiredServerlessConfig = desiredServerlessConfig
            self.managedInstanceScaling = managedInstanceScaling
            self.routingConfig = routingConfig
        }

        package enum CodingKeys: String, CodingKey {
            case variantName = "VariantName"
            case deployedImages = "DeployedImages"
            case currentWeight = "CurrentWeight"
            case desiredWeight = "DesiredWeight"
            case currentInstanceCount = "CurrentInstanceCount"
            case desiredInstanceCount = "DesiredInstanceCount"
            case instanceType = "InstanceType"
            case instancePools = "InstancePools"
            case acceleratorType = "AcceleratorType"
            case variantStatus = "VariantStatus"
            case currentServerlessConfig = "CurrentServerlessConfig"
            case desiredServerlessConfig = "DesiredServerlessConfig"
            case managedInstanceScaling = "ManagedInstanceScaling"
            case routingConfig = "RoutingConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListEndpointsInput: WireShape, Equatable {
        package var sortBy: String?
        package var sortOrder: String?
        package var nextToken: String?
        package var maxResults: Int?
        package var nameContains: String?
        package var creationTimeBefore: Timestamp?
        package var creationTimeAfter: Timestamp?
        package var lastModifiedTimeBefore: Timestamp?
        package var lastModifiedTimeAfter: Timestamp?
        package var statusEquals: String?

        package init(
            sortBy: String? = nil,
            sortOrder: String? = nil,
            nextToken: String? = nil,
            maxResults: Int? = nil,
            nameContains: String? = nil,
            creationTimeBefore: Timestamp? = nil,
            creationTimeAfter: Timestamp? = nil,
            lastModifiedTimeBefore: Timestamp? = nil,
            lastModifiedTimeAfter: Timestamp? = nil,
            statusEquals: String? = nil
        ) {
            self.sortBy = sortBy
            self.sortOrder = sortOrder
            self.nextToken = nextToken
            self.maxResults = maxResults
            self.nameContains = nameContains
            self.creationTimeBefore = creationTimeBefore
            self.creationTimeAfter = creationTimeAfter
            self.lastModifiedTimeBefore = lastModifiedTimeBefore
            self.lastModifiedTimeAfter = lastModifiedTimeAfter
            self.statusEquals = statusEquals
        }

        package enum CodingKeys: String, CodingKey {
            case sortBy = "SortBy"
            case sortOrder = "SortOrder"
            case nextToken = "NextToken"
            case maxResults = "MaxResults"
            case nameContains = "NameContains"
            case creationTimeBefore = "CreationTimeBefore"
            case creationTimeAfter = "CreationTimeAfter"
            case lastModifiedTimeBefore = "LastModifiedTimeBefore"
            case lastModifiedTimeAfter = "LastModifiedTimeAfter"
            case statusEquals = "StatusEquals"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.sortBy, "sortBy", .optional, Rules.endpointSortKey)
            checker.string(self.sortOrder, "sortOrder", .optional, Rules.orderKey)
            checker.string(self.nextToken, "nextToken", .optional, Rules.paginationToken)
            checker.number(self.maxResults, "maxResults", .optional, Rules.maxResults)
            checker.string(self.nameContains, "nameContains", .optional, Rules.endpointNameContains)
            checker.string(self.statusEquals, "statusEquals", .optional, Rules.endpointStatus)
        }
    }

    package struct ListEndpointsOutput: WireShape, Equatable {
        package var endpoints: [EndpointSummary]?
        package var nextToken: String?

        package init(
            endpoints: [EndpointSummary]? = nil,
            nextToken: String? = nil
        ) {
            self.endpoints = endpoints
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case endpoints = "Endpoints"
            case nextToken = "NextToken"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct EndpointSummary: WireShape, Equatable {
        package var endpointName: String?
        package var endpointArn: String?
        package var creationTime: Timestamp?
        package var lastModifiedTime: Timestamp?
        package var endpointStatus: String?

        package init(
            endpointName: String? = nil,
            endpointArn: String? = nil,
            creationTime: Timestamp? = nil,
            lastModifiedTime: Timestamp? = nil,
            endpointStatus: String? = nil
        ) {
            self.endpointName = endpointName
            self.endpointArn = endpointArn
            self.creationTime = creationTime
            self.lastModifiedTime = lastModifiedTime
            self.endpointStatus = endpointStatus
        }

        package enum CodingKeys: String, CodingKey {
            case endpointName = "EndpointName"
            case endpointArn = "EndpointArn"
            case creationTime = "CreationTime"
            case lastModifiedTime = "LastModifiedTime"
            case endpointStatus = "EndpointStatus"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeleteEndpointInput: WireShape, Equatable {
        package var endpointName: String?

        package init(
            endpointName: String? = nil
        ) {
            self.endpointName = endpointName
        }

        package enum CodingKeys: String, CodingKey {
            case endpointName = "EndpointName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.endpointName, "endpointName", .required, Rules.endpointName)
        }
    }

    package struct UpdateEndpointInput: WireShape, Equatable {
        package var endpointName: String?
        package var endpointConfigName: String?
        package var retainAllVariantProperties: Bool?
        package var excludeRetainedVariantProperties: [VariantProperty]?
        package var deploymentConfig: DeploymentConfig?
        package var retainDeploymentConfig: Bool?

        package init(
            endpointName: String? = nil,
            endpointConfigName: String? = nil,
            retainAllVariantProperties: Bool? = nil,
            excludeRetainedVariantProperties: [VariantProperty]? = nil,
            deploymentConfig: DeploymentConfig? = nil,
            retainDeploymentConfig: Bool? = nil
        ) {
            self.endpointName = endpointName
            self.endpointConfigName = endpointConfigName
            self.retainAllVariantProperties = retainAllVariantProperties
            self.excludeRetainedVariantProperties = excludeRetainedVariantProperties
            self.deploymentConfig = deploymentConfig
            self.retainDeploymentConfig = retainDeploymentConfig
        }

        package enum CodingKeys: String, CodingKey {
            case endpointName = "EndpointName"
            case endpointConfigName = "EndpointConfigName"
            case retainAllVariantProperties = "RetainAllVariantProperties"
            case excludeRetainedVariantProperties = "ExcludeRetainedVariantProperties"
            case deploymentConfig = "DeploymentConfig"
            case retainDeploymentConfig = "RetainDeploymentConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.endpointName, "endpointName", .required, Rules.endpointName)
            checker.string(self.endpointConfigName, "endpointConfigName", .required, Rules.endpointConfigName)
            checker.list(self.excludeRetainedVariantProperties, "excludeRetainedVariantProperties", .optional, Rules.variantPropertyList) { $1.validate(&$0) }
            checker.structure(self.deploymentConfig, "deploymentConfig", .optional)
        }
    }

    package struct VariantProperty: WireShape, Equatable {
        package var variantPropertyType: String?

        package init(
            variantPropertyType: String? = nil
        ) {
            self.variantPropertyType = variantPropertyType
        }

        package enum CodingKeys: String, CodingKey {
            case variantPropertyType = "VariantPropertyType"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.variantPropertyType, "variantPropertyType", .required, Rules.variantPropertyType)
        }
    }

    package struct UpdateEndpointOutput: WireShape, Equatable {
        package var endpointArn: String?

        package init(
            endpointArn: String? = nil
        ) {
            self.endpointArn = endpointArn
        }

        package enum CodingKeys: String, CodingKey {
            case endpointArn = "EndpointArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct UpdateEndpointWeightsAndCapacitiesInput: WireShape, Equatable {
        package var endpointName: String?
        package var desiredWeightsAndCapacities: [DesiredWeightAndCapacity]?

        package init(
            endpointName: String? = nil,
            desiredWeightsAndCapacities: [DesiredWeightAndCapacity]? = nil
        ) {
            self.endpointName = endpointName
            self.desiredWeightsAndCapacities = desiredWeightsAndCapacities
        }

        package enum CodingKeys: String, CodingKey {
            case endpointName = "EndpointName"
            case desiredWeightsAndCapacities = "DesiredWeightsAndCapacities"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.endpointName, "endpointName", .required, Rules.endpointName)
            checker.list(self.desiredWeightsAndCapacities, "desiredWeightsAndCapacities", .required, Rules.desiredWeightAndCapacityList) { $1.validate(&$0) }
        }
    }

    package struct DesiredWeightAndCapacity: WireShape, Equatable {
        package var variantName: String?
        package var desiredWeight: Double?
        package var desiredInstanceCount: Int?
        package var serverlessUpdateConfig: ProductionVariantServerlessUpdateConfig?

        package init(
            variantName: String? = nil,
            desiredWeight: Double? = nil,
            desiredInstanceCount: Int? = nil,
            serverlessUpdateConfig: ProductionVariantServerlessUpdateConfig? = nil
        ) {
            self.variantName = variantName
            self.desiredWeight = desiredWeight
            self.desiredInstanceCount = desiredInstanceCount
            self.serverlessUpdateConfig = serverlessUpdateConfig
        }

        package enum CodingKeys: String, CodingKey {
            case variantName = "VariantName"
            case desiredWeight = "DesiredWeight"
            case desiredInstanceCount = "DesiredInstanceCount"
            case serverlessUpdateConfig = "ServerlessUpdateConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.variantName, "variantName", .required, Rules.variantName)
            checker.number(self.desiredWeight, "desiredWeight", .optional, Rules.variantWeight)
            checker.number(self.desiredInstanceCount, "desiredInstanceCount", .optional, Rules.taskCount)
            checker.structure(self.serverlessUpdateConfig, "serverlessUpdateConfig", .optional)
        }
    }

    package struct ProductionVariantServerlessUpdateConfig: WireShape, Equatable {
        package var maxConcurrency: Int?
        package var provisionedConcurrency: Int?

        package init(
            maxConcurrency: Int? = nil,
            provisionedConcurrency: Int? = nil
        ) {
            self.maxConcurrency = maxConcurrency
            self.provisionedConcurrency = provisionedConcurrency
        }

        package enum CodingKeys: String, CodingKey {
            case maxConcurrency = "MaxConcurrency"
            case provisionedConcurrency = "ProvisionedConcurrency"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.number(self.maxConcurrency, "maxConcurrency", .optional, Rules.serverlessMaxConcurrency)
            checker.number(self.provisionedConcurrency, "provisionedConcurrency", .optional, Rules.serverlessProvisionedConcurrency)
        }
    }

    package struct UpdateEndpointWeightsAndCapacitiesOutput: WireShape, Equatable {
        package var endpointArn: String?

        package init(
            endpointArn: String? = nil
        ) {
            self.endpointArn = endpointArn
        }

        package enum CodingKeys: String, CodingKey {
            case endpointArn = "EndpointArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
