import Gateway
import Resources
import SageMakerAPI

/// A place in S3 that a job will write to.
struct TrainingDestination: Sendable {
    /// As the request spells the field.
    let field: String
    /// As the request gives it.
    let uri: String
    /// An object that would be written there; `nil` for what is no address.
    let sample: S3Location?
}

extension TrainingJobRecord {
    /// Artifacts, checkpoints and TensorBoard's files, as far as the request asks for them.
    var destinations: [TrainingDestination] {
        var result: [TrainingDestination] = []
        if let uri = request.outputDataConfig?.s3OutputPath {
            let file = request.outputDataConfig?.compressionType == "NONE" ? "model/" : "model.tar.gz"
            result.append(
                TrainingDestination(
                    field: "OutputDataConfig.S3OutputPath",
                    uri: uri,
                    sample: outputLocation?.appending(file)
                )
            )
        }
        if let uri = request.checkpointConfig?.s3Uri {
            result.append(
                TrainingDestination(
                    field: "CheckpointConfig.S3Uri",
                    uri: uri,
                    sample: S3Location(uri: uri)?.appending("checkpoint")
                )
            )
        }
        if let uri = request.tensorBoardOutputConfig?.s3OutputPath {
            result.append(
                TrainingDestination(
                    field: "TensorBoardOutputConfig.S3OutputPath",
                    uri: uri,
                    sample: tensorBoardLocation?.appending("events")
                )
            )
        }
        return result
    }
}
