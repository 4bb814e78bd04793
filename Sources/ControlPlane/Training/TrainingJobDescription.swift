import AWSWire
import Resources
package import SageMakerAPI
import Store

extension TrainingJobRecord {
    /// The job as `DescribeTrainingJob` shows it; its request members are legal `CreateTrainingJob` input.
    package var description: SageMaker.DescribeTrainingJobResponse {
        var reply = SageMaker.DescribeTrainingJobResponse()
        reply.trainingJobName = name
        reply.trainingJobArn = arn
        reply.trainingJobStatus = status
        reply.secondaryStatus = transitions.last?.status.rawValue
        reply.failureReason = failureReason
        reply.creationTime = Timestamp(seconds: created)
        reply.lastModifiedTime = Timestamp(seconds: modified)
        reply.trainingStartTime = trainingStart.map(Timestamp.init(seconds:))
        reply.trainingEndTime = trainingEnd.map(Timestamp.init(seconds:))
        reply.trainingTimeInSeconds = trainingSeconds
        reply.billableTimeInSeconds = trainingSeconds
        reply.secondaryStatusTransitions = transitions.map {
            .init(
                status: $0.status.rawValue,
                startTime: Timestamp(seconds: $0.start),
                endTime: $0.end.map(Timestamp.init(seconds:)),
                statusMessage: $0.message
            )
        }
        if state.isFinished { reply.modelArtifacts = .init(s3ModelArtifacts: modelArtifacts) }
        if !finalMetrics.isEmpty {
            reply.finalMetricDataList = finalMetrics.map {
                .init(
                    metricName: $0.name,
                    value: Double(Float($0.value)),
                    timestamp: Timestamp(seconds: $0.time.rounded(.down))
                )
            }
        }
        describeRequest(in: &reply)
        return reply
    }

    /// Gives back what was asked, unchanged.
    private func describeRequest(in reply: inout SageMaker.DescribeTrainingJobResponse) {
        reply.hyperParameters = request.hyperParameters.flatMap { $0.isEmpty ? nil : $0 }
        reply.algorithmSpecification = request.algorithmSpecification
        reply.roleArn = request.roleArn
        reply.inputDataConfig = request.inputDataConfig
        reply.outputDataConfig = request.outputDataConfig
        reply.resourceConfig = request.resourceConfig
        reply.vpcConfig = request.vpcConfig
        reply.stoppingCondition = request.stoppingCondition
        reply.enableNetworkIsolation = request.enableNetworkIsolation
        reply.enableInterContainerTrafficEncryption = request.enableInterContainerTrafficEncryption
        reply.enableManagedSpotTraining = request.enableManagedSpotTraining
        reply.checkpointConfig = request.checkpointConfig
        reply.debugHookConfig = request.debugHookConfig
        reply.experimentConfig = request.experimentConfig
        reply.debugRuleConfigurations = request.debugRuleConfigurations
        reply.tensorBoardOutputConfig = request.tensorBoardOutputConfig
        reply.profilerConfig = request.profilerConfig
        reply.profilerRuleConfigurations = request.profilerRuleConfigurations
        reply.profilingStatus = "Disabled"
        reply.environment = request.environment
        reply.retryStrategy = request.retryStrategy
        reply.remoteDebugConfig = request.remoteDebugConfig
        reply.infraCheckConfig = request.infraCheckConfig
    }

    /// The job as `ListTrainingJobs` shows it.
    package var summary: SageMaker.TrainingJobSummary {
        .init(
            trainingJobName: name,
            trainingJobArn: arn,
            creationTime: Timestamp(seconds: created),
            trainingEndTime: trainingEnd.map(Timestamp.init(seconds:)),
            lastModifiedTime: Timestamp(seconds: modified),
            trainingJobStatus: status,
            secondaryStatus: transitions.last?.status.rawValue
        )
    }
}
