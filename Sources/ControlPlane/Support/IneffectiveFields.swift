package import SageMakerAPI

/// The accepted request fields that change nothing here, because they only mean something inside AWS.
///
/// They are checked, kept and described; the log of a job repeats the ones it carries. This is the whole table.
package enum IneffectiveFields {
    private struct Entry<Request: Sendable>: Sendable {
        let name: String
        let reason: String
        let isUsed: @Sendable (Request) -> Bool
    }

    private static let training: [Entry<SageMaker.CreateTrainingJobRequest>] = [
        .init(name: "VpcConfig", reason: "instances have a network of their own on this machine") {
            $0.vpcConfig != nil
        },
        .init(
            name: "EnableInterContainerTrafficEncryption",
            reason: "the instances' traffic stays on this machine"
        ) {
            $0.enableInterContainerTrafficEncryption == true
        },
        .init(name: "OutputDataConfig.KmsKeyId", reason: "encrypt the data directory's disk instead") {
            $0.outputDataConfig?.kmsKeyId?.isEmpty == false
        },
        .init(name: "ResourceConfig.VolumeKmsKeyId", reason: "encrypt the data directory's disk instead") {
            $0.resourceConfig?.volumeKmsKeyId != nil
        },
        .init(
            name: "ResourceConfig.KeepAlivePeriodInSeconds",
            reason: "instances start at once without a warm pool"
        ) {
            $0.resourceConfig?.keepAlivePeriodInSeconds ?? 0 > 0
        },
        .init(name: "EnableManagedSpotTraining", reason: "nothing interrupts an instance here") {
            $0.enableManagedSpotTraining == true
        },
        .init(name: "DebugHookConfig", reason: "there is no debugger") { $0.debugHookConfig != nil },
        .init(name: "DebugRuleConfigurations", reason: "there is no debugger") {
            $0.debugRuleConfigurations?.isEmpty == false
        },
        .init(name: "ProfilerConfig", reason: "there is no profiler") {
            $0.profilerConfig != nil && $0.profilerConfig?.disableProfiler != true
        },
        .init(name: "ProfilerRuleConfigurations", reason: "there is no profiler") {
            $0.profilerRuleConfigurations?.isEmpty == false
        },
        .init(name: "ExperimentConfig", reason: "there are no experiments yet") {
            $0.experimentConfig != nil
        },
        .init(name: "RemoteDebugConfig", reason: "there is no remote session") {
            $0.remoteDebugConfig?.enableRemoteDebug == true
        },
        .init(name: "InfraCheckConfig", reason: "there is no cloud hardware to check") {
            $0.infraCheckConfig?.enableInfraCheck == true
        },
        .init(name: "SessionChainingConfig", reason: "session tags are not evaluated") {
            $0.sessionChainingConfig?.enableSessionTagChaining == true
        },
    ]

    private static let model: [Entry<SageMaker.CreateModelInput>] = [
        .init(name: "VpcConfig", reason: "instances have a network of their own on this machine") {
            $0.vpcConfig != nil
        }
    ]

    private static let endpointConfig: [Entry<SageMaker.CreateEndpointConfigInput>] = [
        .init(name: "KmsKeyId", reason: "encrypt the data directory's disk instead") { $0.kmsKeyId != nil },
        .init(name: "VpcConfig", reason: "instances have a network of their own on this machine") {
            $0.vpcConfig != nil
        },
        .init(name: "ProductionVariants.AcceleratorType", reason: "there are no inference accelerators") {
            $0.productionVariants?.contains { $0.acceleratorType != nil } == true
        },
        .init(name: "ProductionVariants.ModelDataDownloadTimeoutInSeconds", reason: "model data is near") {
            $0.productionVariants?.contains { $0.modelDataDownloadTimeoutInSeconds != nil } == true
        },
        .init(name: "ProductionVariants.CoreDumpConfig", reason: "core dumps are not collected") {
            $0.productionVariants?.contains { $0.coreDumpConfig != nil } == true
        },
        .init(name: "ProductionVariants.EnableSSMAccess", reason: "there is no Systems Manager") {
            $0.productionVariants?.contains { $0.enableSSMAccess == true } == true
        },
        .init(name: "ProductionVariants.InferenceAmiVersion", reason: "there are no machine images") {
            $0.productionVariants?.contains { $0.inferenceAmiVersion != nil } == true
        },
        .init(name: "MetricsConfig", reason: "endpoint metrics are not published yet") {
            $0.metricsConfig != nil
        },
    ]

    /// One sentence for each field of the request that has no effect.
    package static func notices(_ request: SageMaker.CreateTrainingJobRequest) -> [String] {
        sentences(training, request)
    }

    /// One sentence for each field of the request that has no effect.
    package static func notices(_ request: SageMaker.CreateModelInput) -> [String] {
        sentences(model, request)
    }

    /// One sentence for each field of the request that has no effect.
    package static func notices(_ request: SageMaker.CreateEndpointConfigInput) -> [String] {
        sentences(endpointConfig, request)
    }

    private static func sentences<Request>(_ table: [Entry<Request>], _ request: Request) -> [String] {
        table.filter { $0.isUsed(request) }.map { "\($0.name) has no effect here: \($0.reason)." }
    }
}
