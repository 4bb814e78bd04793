// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension SageMaker {
    package struct ModelAccessConfig: WireShape, Equatable {
        package var acceptEula: Bool?

        package init(
            acceptEula: Bool? = nil
        ) {
            self.acceptEula = acceptEula
        }

        package enum CodingKeys: String, CodingKey {
            case acceptEula = "AcceptEula"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.required(self.acceptEula, "acceptEula")
        }
    }

    package struct VpcConfig: WireShape, Equatable {
        package var securityGroupIds: [String]?
        package var subnets: [String]?

        package init(
            securityGroupIds: [String]? = nil,
            subnets: [String]? = nil
        ) {
            self.securityGroupIds = securityGroupIds
            self.subnets = subnets
        }

        package enum CodingKeys: String, CodingKey {
            case securityGroupIds = "SecurityGroupIds"
            case subnets = "Subnets"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.strings(self.securityGroupIds, "securityGroupIds", .required, Rules.vpcSecurityGroupIds, each: Rules.securityGroupId)
            checker.strings(self.subnets, "subnets", .required, Rules.subnets, each: Rules.subnetId)
        }
    }

    package struct Tag: WireShape, Equatable {
        package var key: String?
        package var value: String?

        package init(
            key: String? = nil,
            value: String? = nil
        ) {
            self.key = key
            self.value = value
        }

        package enum CodingKeys: String, CodingKey {
            case key = "Key"
            case value = "Value"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.key, "key", .required, Rules.tagKey)
            checker.string(self.value, "value", .required, Rules.tagValue)
        }
    }

    package struct ProductionVariantServerlessConfig: WireShape, Equatable {
        package var memorySizeInMB: Int?
        package var maxConcurrency: Int?
        package var provisionedConcurrency: Int?

        package init(
            memorySizeInMB: Int? = nil,
            maxConcurrency: Int? = nil,
            provisionedConcurrency: Int? = nil
        ) {
            self.memorySizeInMB = memorySizeInMB
            self.maxConcurrency = maxConcurrency
            self.provisionedConcurrency = provisionedConcurrency
        }

        package enum CodingKeys: String, CodingKey {
            case memorySizeInMB = "MemorySizeInMB"
            case maxConcurrency = "MaxConcurrency"
            case provisionedConcurrency = "ProvisionedConcurrency"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.number(self.memorySizeInMB, "memorySizeInMB", .required, Rules.serverlessMemorySizeInMB)
            checker.number(self.maxConcurrency, "maxConcurrency", .required, Rules.serverlessMaxConcurrency)
            checker.number(self.provisionedConcurrency, "provisionedConcurrency", .optional, Rules.serverlessProvisionedConcurrency)
        }
    }

    package struct ProductionVariantManagedInstanceScaling: WireShape, Equatable {
        package var status: String?
        package var minInstanceCount: Int?
        package var maxInstanceCount: Int?
        package var scaleInPolicy: ProductionVariantManagedInstanceScalingScaleInPolicy?

        package init(
            status: String? = nil,
            minInstanceCount: Int? = nil,
            maxInstanceCount: Int? = nil,
            scaleInPolicy: ProductionVariantManagedInstanceScalingScaleInPolicy? = nil
        ) {
            self.status = status
            self.minInstanceCount = minInstanceCount
            self.maxInstanceCount = maxInstanceCount
            self.scaleInPolicy = scaleInPolicy
        }

        package enum CodingKeys: String, CodingKey {
            case status = "Status"
            case minInstanceCount = "MinInstanceCount"
            case maxInstanceCount = "MaxInstanceCount"
            case scaleInPolicy = "ScaleInPolicy"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.status, "status", .optional, Rules.managedInstanceScalingStatus)
            checker.number(self.minInstanceCount, "minInstanceCount", .optional, Rules.managedInstanceScalingMinInstanceCount)
            checker.number(self.maxInstanceCount, "maxInstanceCount", .optional, Rules.managedInstanceScalingMaxInstanceCount)
            checker.structure(self.scaleInPolicy, "scaleInPolicy", .optional)
        }
    }

    package struct ProductionVariantManagedInstanceScalingScaleInPolicy: WireShape, Equatable {
        package var strategy: String?
        package var maximumStepSize: Int?
        package var cooldownInMinutes: Int?

        package init(
            strategy: String? = nil,
            maximumStepSize: Int? = nil,
            cooldownInMinutes: Int? = nil
        ) {
            self.strategy = strategy
            self.maximumStepSize = maximumStepSize
            self.cooldownInMinutes = cooldownInMinutes
        }

        package enum CodingKeys: String, CodingKey {
            case strategy = "Strategy"
            case maximumStepSize = "MaximumStepSize"
            case cooldownInMinutes = "CooldownInMinutes"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.strategy, "strategy", .required, Rules.managedInstanceScalingScaleInStrategy)
            checker.number(self.maximumStepSize, "maximumStepSize", .optional, Rules.managedInstanceScalingMaximumStepSize)
            checker.number(self.cooldownInMinutes, "cooldownInMinutes", .optional, Rules.managedInstanceScalingCooldownInMinutes)
        }
    }

    package struct ProductionVariantRoutingConfig: WireShape, Equatable {
        package var routingStrategy: String?

        package init(
            routingStrategy: String? = nil
        ) {
            self.routingStrategy = routingStrategy
        }

        package enum CodingKeys: String, CodingKey {
            case routingStrategy = "RoutingStrategy"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.routingStrategy, "routingStrategy", .required, Rules.routingStrategy)
        }
    }

    package struct AsyncInferenceConfig: WireShape, Equatable {
        package var clientConfig: AsyncInferenceClientConfig?
        package var outputConfig: AsyncInferenceOutputConfig?

        package init(
            clientConfig: AsyncInferenceClientConfig? = nil,
            outputConfig: AsyncInferenceOutputConfig? = nil
        ) {
            self.clientConfig = clientConfig
            self.outputConfig = outputConfig
        }

        package enum CodingKeys: String, CodingKey {
            case clientConfig = "ClientConfig"
            case outputConfig = "OutputConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.structure(self.clientConfig, "clientConfig", .optional)
            checker.structure(self.outputConfig, "outputConfig", .required)
        }
    }

    package struct AsyncInferenceClientConfig: WireShape, Equatable {
        package var maxConcurrentInvocationsPerInstance: Int?

        package init(
            maxConcurrentInvocationsPerInstance: Int? = nil
        ) {
            self.maxConcurrentInvocationsPerInstance = maxConcurrentInvocationsPerInstance
        }

        package enum CodingKeys: String, CodingKey {
            case maxConcurrentInvocationsPerInstance = "MaxConcurrentInvocationsPerInstance"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.number(self.maxConcurrentInvocationsPerInstance, "maxConcurrentInvocationsPerInstance", .optional, Rules.maxConcurrentInvocationsPerInstance)
        }
    }

    package struct AsyncInferenceOutputConfig: WireShape, Equatable {
        package var kmsKeyId: String?
        package var s3OutputPath: String?
        package var notificationConfig: AsyncInferenceNotificationConfig?
        package var s3FailurePath: String?

        package init(
            kmsKeyId: String? = nil,
            s3OutputPath: String? = nil,
            notificationConfig: AsyncInferenceNotificationConfig? = nil,
            s3FailurePath: String? = nil
        ) {
            self.kmsKeyId = kmsKeyId
            self.s3OutputPath = s3OutputPath
            self.notificationConfig = notificationConfig
            self.s3FailurePath = s3FailurePath
        }

        package enum CodingKeys: String, CodingKey {
            case kmsKeyId = "KmsKeyId"
            case s3OutputPath = "S3OutputPath"
            case notificationConfig = "NotificationConfig"
            case s3FailurePath = "S3FailurePath"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.kmsKeyId, "kmsKeyId", .optional, Rules.kmsKeyId)
            checker.string(self.s3OutputPath, "s3OutputPath", .optional, Rules.destinationS3Uri)
            checker.structure(self.notificationConfig, "notificationConfig", .optional)
            checker.string(self.s3FailurePath, "s3FailurePath", .optional, Rules.destinationS3Uri)
        }
    }

    package struct AsyncInferenceNotificationConfig: WireShape, Equatable {
        package var successTopic: String?
        package var errorTopic: String?
        package var includeInferenceResponseIn: [String]?

        package init(
            successTopic: String? = nil,
            errorTopic: String? = nil,
            includeInferenceResponseIn: [String]? = nil
        ) {
            self.successTopic = successTopic
            self.errorTopic = errorTopic
            self.includeInferenceResponseIn = includeInferenceResponseIn
        }

        package enum CodingKeys: String, CodingKey {
            case successTopic = "SuccessTopic"
            case errorTopic = "ErrorTopic"
            case includeInferenceResponseIn = "IncludeInferenceResponseIn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.successTopic, "successTopic", .optional, Rules.snsTopicArn)
            checker.string(self.errorTopic, "errorTopic", .optional, Rules.snsTopicArn)
            checker.strings(self.includeInferenceResponseIn, "includeInferenceResponseIn", .optional, Rules.asyncNotificationTopicTypeList, each: Rules.asyncNotificationTopicTypes)
        }
    }

    package struct ExplainerConfig: WireShape, Equatable {
        package var clarifyExplainerConfig: ClarifyExplainerConfig?

        package init(
            clarifyExplainerConfig: ClarifyExplainerConfig? = nil
        ) {
            self.clarifyExplainerConfig = clarifyExplainerConfig
        }

        package enum CodingKeys: String, CodingKey {
            case clarifyExplainerConfig = "ClarifyExplainerConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.structure(self.clarifyExplainerConfig, "clarifyExplainerConfig", .optional)
        }
    }

    package struct ClarifyExplainerConfig: WireShape, Equatable {
        package var enableExplanations: String?
        package var inferenceConfig: ClarifyInferenceConfig?
        package var shapConfig: ClarifyShapConfig?

        package init(
            enableExplanations: String? = nil,
            inferenceConfig: ClarifyInferenceConfig? = nil,
            shapConfig: ClarifyShapConfig? = nil
        ) {
            self.enableExplanations = enableExplanations
            self.inferenceConfig = inferenceConfig
            self.shapConfig = shapConfig
        }

        package enum CodingKeys: String, CodingKey {
            case enableExplanations = "EnableExplanations"
            case inferenceConfig = "InferenceConfig"
            case shapConfig = "ShapConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.enableExplanations, "enableExplanations", .optional, Rules.clarifyEnableExplanations)
            checker.structure(self.inferenceConfig, "inferenceConfig", .optional)
            checker.structure(self.shapConfig, "shapConfig", .required)
        }
    }

    package struct ClarifyInferenceConfig: WireShape, Equatable {
        package var featuresAttribute: String?
        package var contentTemplate: String?
        package var maxRecordCount: Int?
        package var maxPayloadInMB: Int?
        package var probabilityIndex: Int?
        package var labelIndex: Int?
        package var probabilityAttribute: String?
        package var labelAttribute: String?
        package var labelHeaders: [String]?
        package var featureHeaders: [String]?
        package var featureTypes: [String]?

        package init(
            featuresAttribute: String? = nil,
            contentTemplate: String? = nil,
            maxRecordCount: Int? = nil,
            maxPayloadInMB: Int? = nil,
            probabilityIndex: Int? = nil,
            labelIndex: Int? = nil,
            probabilityAttribute: String? = nil,
            labelAttribute: String? = nil,
            labelHeaders: [String]? = nil,
            featureHeaders: [String]? = nil,
            featureTypes: [String]? = nil
        ) {
            self.featuresAttribute = featuresAttribute
            self.contentTemplate = contentTemplate
            self.maxRecordCount = maxRecordCount
            self.maxPayloadInMB = maxPayloadInMB
            self.probabilityIndex = probabilityIndex
            self.labelIndex = labelIndex
            self.probabilityAttribute = probabilityAttribute
            self.labelAttribute = labelAttribute
            self.labelHeaders = labelHeaders
            self.featureHeaders = featureHeaders
            self.featureTypes = featureTypes
        }

        package enum CodingKeys: String, CodingKey {
            case featuresAttribute = "FeaturesAttribute"
            case contentTemplate = "ContentTemplate"
            case maxRecordCount = "MaxRecordCount"
            case maxPayloadInMB = "MaxPayloadInMB"
            case probabilityIndex = "ProbabilityIndex"
            case labelIndex = "LabelIndex"
            case probabilityAttribute = "ProbabilityAttribute"
            case labelAttribute = "LabelAttribute"
            case labelHeaders = "LabelHeaders"
            case featureHeaders = "FeatureHeaders"
            case featureTypes = "FeatureTypes"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.featuresAttribute, "featuresAttribute", .optional, Rules.clarifyFeaturesAttribute)
            checker.string(self.contentTemplate, "contentTemplate", .optional, Rules.clarifyContentTemplate)
            checker.number(self.maxRecordCount, "maxRecordCount", .optional, Rules.clarifyMaxRecordCount)
            checker.number(self.maxPayloadInMB, "maxPayloadInMB", .optional, Rules.clarifyMaxPayloadInMB)
            checker.number(self.probabilityIndex, "probabilityIndex", .optional, Rules.clarifyProbabilityIndex)
            checker.number(self.labelIndex, "labelIndex", .optional, Rules.clarifyLabelIndex)
            checker.string(self.probabilityAttribute, "probabilityAttribute", .optional, Rules.clarifyProbabilityAttribute)
            checker.string(self.labelAttribute, "labelAttribute", .optional, Rules.clarifyLabelAttribute)
            checker.strings(self.labelHeaders, "labelHeaders", .optional, Rules.clarifyLabelHeaders, each: Rules.clarifyHeader)
            checker.strings(self.featureHeaders, "featureHeaders", .optional, Rules.clarifyFeatureHeaders, each: Rules.clarifyHeader)
            checker.strings(self.featureTypes, "featureTypes", .optional, Rules.clarifyFeatureTypes, each: Rules.clarifyFeatureType)
        }
    }

    package struct ClarifyShapConfig: WireShape, Equatable {
        package var shapBaselineConfig: ClarifyShapBaselineConfig?
        package var numberOfSamples: Int?
        package var useLogit: Bool?
        package var seed: Int?
        package var textConfig: ClarifyTextConfig?

        package init(
            shapBaselineConfig: ClarifyShapBaselineConfig? = nil,
            numberOfSamples: Int? = nil,
            useLogit: Bool? = nil,
            seed: Int? = nil,
            textConfig: ClarifyTextConfig? = nil
        ) {
            self.shapBaselineConfig = shapBaselineConfig
            self.numberOfSamples = numberOfSamples
            self.useLogit = useLogit
            self.seed = seed
            self.textConfig = textConfig
        }

        package enum CodingKeys: String, CodingKey {
            case shapBaselineConfig = "ShapBaselineConfig"
            case numberOfSamples = "NumberOfSamples"
            case useLogit = "UseLogit"
            case seed = "Seed"
            case textConfig = "TextConfig"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.structure(self.shapBaselineConfig, "shapBaselineConfig", .required)
            checker.number(self.numberOfSamples, "numberOfSamples", .optional, Rules.clarifyShapNumberOfSamples)
            checker.structure(self.textConfig, "textConfig", .optional)
        }
    }

    package struct ClarifyShapBaselineConfig: WireShape, Equatable {
        package var mimeType: String?
        package var shapBaseline: String?
        package var shapBaselineUri: String?

        package init(
            mimeType: String? = nil,
            shapBaseline: String? = nil,
            shapBaselineUri: String? = nil
        ) {
            self.mimeType = mimeType
            self.shapBaseline = shapBaseline
            self.shapBaselineUri = shapBaselineUri
        }

        package enum CodingKeys: String, CodingKey {
            case mimeType = "MimeType"
            case shapBaseline = "ShapBaseline"
            case shapBaselineUri = "ShapBaselineUri"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.mimeType, "mimeType", .optional, Rules.clarifyMimeType)
            checker.string(self.shapBaseline, "shapBaseline", .optional, Rules.clarifyShapBaseline)
            checker.string(self.shapBaselineUri, "shapBaselineUri", .optional, Rules.url)
        }
    }

    package struct ClarifyTextConfig: WireShape, Equatable {
        package var language: String?
        package var granularity: String?

        package init(
            language: String? = nil,
            granularity: String? = nil
        ) {
            self.language = language
            self.granularity = granularity
        }

        package enum CodingKeys: String, CodingKey {
            case language = "Language"
            case granularity = "Granularity"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.language, "language", .required, Rules.clarifyTextLanguage)
            checker.string(self.granularity, "granularity", .required, Rules.clarifyTextGranularity)
        }
    }

    package struct MetricsConfig: WireShape, Equatable {
        package var enableEnhancedMetrics: Bool?
        package var metricPublishFrequencyInSeconds: Int?

        package init(
            enableEnhancedMetrics: Bool? = nil,
            metricPublishFrequencyInSeconds: Int? = nil
        ) {
            self.enableEnhancedMetrics = enableEnhancedMetrics
            self.metricPublishFrequencyInSeconds = metricPublishFrequencyInSeconds
        }

        package enum CodingKeys: String, CodingKey {
            case enableEnhancedMetrics = "EnableEnhancedMetrics"
            case metricPublishFrequencyInSeconds = "MetricPublishFrequencyInSeconds"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
