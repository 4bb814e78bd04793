import Engines
import Environments
import Gateway
import Images
import Resources

/// Words for why a job did not start, for the person who reads its `FailureReason`.
enum TrainingFailure {
    static func reason(for error: any Error) -> String {
        let words = "\(error)".asSentence
        return switch error {
        case EngineError.impossible(let text):
            "CapacityError: Unable to provision requested ML compute capacity. \(text.asSentence)"
        case EngineError.failed(let text):
            "InternalServerError: The instances could not be started. \(text.asSentence)"
        case let error as UnknownImage: "ClientError: \(error.message)"
        case let error as ImageRefusal: "ClientError: \(error.message)"
        case is EnvironmentError: "ClientError: The image cannot be made ready: \(words)"
        case let error as UnusableChannel: "ClientError: Data download failed: \(error.message.asSentence)"
        case let refusal as AccessRefusal: "ClientError: \(refusal.message.asSentence)"
        default: "InternalServerError: The job could not be started: \(words)"
        }
    }
}
