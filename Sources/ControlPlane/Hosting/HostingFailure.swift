import Engines
import Environments
import Gateway
import Images
import Resources

/// Words for why a fleet does not answer, for the person who reads an endpoint's `FailureReason`.
enum HostingFailure {
    /// An instance of the incoming fleet gave up or was lost; `cause` says how.
    static func reason(_ cause: String, ofVariant variant: String) -> String {
        FailureReason.complete(
            """
            The primary container for production variant \(variant) did not pass the ping health check. Please check \
            CloudWatch logs for this endpoint. \(cause)
            """,
            with: FailureHint.sentence(in: cause, of: .serving)
        )
    }

    /// The fleet could not be started.
    ///
    /// A cancellation means that it was taken out of the line for room, because nobody but the endpoint's own fleet
    /// holds any.
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
        case let error as UnusableChannel: "ClientError: \(error.message.asSentence)"
        case let refusal as AccessRefusal: "ClientError: \(refusal.message.asSentence)"
        case is CancellationError:
            """
            CapacityError: Unable to provision requested ML compute capacity. The endpoint's instances do not fit \
            on this machine together. Use fewer or smaller instances.
            """
        case let error as WaitedTooLong:
            """
            CapacityError: Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity. \
            No room became free in time; it is held by \(error.holders.prefix(5).joined(separator: ", ")).
            """
        default: "InternalServerError: The endpoint could not be started: \(words)"
        }
    }
}
