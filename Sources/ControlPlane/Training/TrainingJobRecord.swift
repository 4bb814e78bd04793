import AWSWire
package import Resources
package import SageMakerAPI
package import Store

/// A training job as it is kept: what was asked, where it is, what came of it.
package struct TrainingJobRecord: StoredResource {
    package static let kind = "training-job"

    package let scope: Scope
    package let name: String
    package let created: Double
    package private(set) var modified: Double
    /// Who asked for it (`Caller.owner`); `nil` in records of older versions.
    package var creator: String?
    /// As accepted, defaults filled in.
    package let request: SageMaker.CreateTrainingJobRequest
    package var state = TrainingJobState.accepted
    package private(set) var transitions: [StatusTransition] = []
    /// Start of Downloading, or of Training where nothing is downloaded.
    package private(set) var trainingStart: Double?
    package private(set) var trainingEnd: Double?
    package private(set) var failureReason: String?
    /// The last value of every metric that the job's definitions found.
    package var finalMetrics: [FinalMetric] = []
    /// Attempts left after a failure of the platform.
    package var retriesLeft: Int
    /// Counts attempts from 1; part of the instances' names.
    package var attempt = 1
    /// Bytes read by its channels and written by its artifacts, for metering.
    package var bytesIn = 0
    package var bytesOut = 0

    package init(scope: Scope, name: String, created: Double, request: SageMaker.CreateTrainingJobRequest) {
        self.scope = scope
        self.name = name
        self.created = created
        self.modified = created
        self.request = request
        self.retriesLeft = request.retryStrategy?.maximumRetryAttempts ?? 0
        enter(.starting, at: created)
    }

    /// `TrainingJobStatus`.
    package var status: String {
        switch state {
        case .waiting, .active(stop: nil, _), .active(stop: .peerFailed, _): "InProgress"
        case .active(stop: .requested, _): "Stopping"
        case .finished(.completed): "Completed"
        case .finished(.stopped), .finished(.maxRuntimeExceeded): "Stopped"
        case .finished(.failed): "Failed"
        }
    }

    /// Opens a stage and closes the one before; a second message of the same stage replaces the first.
    package mutating func enter(_ stage: SecondaryStatus, message: String? = nil, at time: Double) {
        modified = time
        let message = message ?? stage.message
        if transitions.last?.status == stage {
            transitions[transitions.count - 1].message = message
            return
        }
        if !transitions.isEmpty { transitions[transitions.count - 1].end = time }
        transitions.append(StatusTransition(status: stage, message: message, start: time, end: nil))
        if trainingStart == nil, stage == .downloading || stage == .training { trainingStart = time }
    }

    /// Closes the books: the last stage ends where it begins.
    package mutating func close(_ outcome: TrainingOutcome, at time: Double) {
        modified = time
        trainingEnd = time
        transitions[transitions.count - 1].end = time
        if case .failed(let reason) = outcome { failureReason = String(reason.prefix(1024)) }
    }

    /// One entry of `SecondaryStatusTransitions`.
    package struct StatusTransition: Codable, Sendable {
        package let status: SecondaryStatus
        package var message: String
        package let start: Double
        package var end: Double?
    }

    /// One entry of `FinalMetricDataList`.
    package struct FinalMetric: Codable, Sendable {
        package let name: String
        package let value: Double
        /// Seconds since the epoch.
        package let time: Double

        package init(name: String, value: Double, time: Double) {
            self.name = name
            self.value = value
            self.time = time
        }
    }
}

extension TrainingJobRecord {
    /// Where the artifacts go: `<S3OutputPath>/<job>/output`.
    package var outputLocation: S3Location? {
        guard let path = request.outputDataConfig?.s3OutputPath, let base = S3Location(uri: path) else {
            return nil
        }
        return base.appending(name).appending("output")
    }

    /// Where TensorBoard's files go: `<S3OutputPath>/<job>/tensorboard-output`, where the SDK looks for them.
    package var tensorBoardLocation: S3Location? {
        guard let path = request.tensorBoardOutputConfig?.s3OutputPath, let base = S3Location(uri: path)
        else {
            return nil
        }
        return base.appending(name).appending("tensorboard-output")
    }

    /// `ModelArtifacts.S3ModelArtifacts`: the archive, or the prefix of an uncompressed model.
    package var modelArtifacts: String? {
        guard let output = outputLocation else { return nil }
        let uncompressed = request.outputDataConfig?.compressionType == "NONE"
        return output.appending(uncompressed ? "model/" : "model.tar.gz").description
    }

    /// Whole seconds from the start of the work to its end, rounded up.
    package var trainingSeconds: Int? {
        guard let trainingStart, let trainingEnd else { return nil }
        return Int((trainingEnd - trainingStart).rounded(.up))
    }
}

extension TrainingJobRecord {
    /// The newest entry of the history.
    package var latestEvent: StatusEvent {
        StatusEvent(
            arn: arn,
            time: transitions.last?.start ?? created,
            status: transitions.last?.status.rawValue ?? status,
            message: transitions.last?.message ?? ""
        )
    }
}
