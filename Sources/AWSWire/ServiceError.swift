/// An error as an AWS client sees it: the vocabulary at the door.
///
/// Each protocol's codec writes it in its own envelope.
package struct ServiceError: Error, Equatable, Sendable {
    /// The wire code, such as `ValidationException` or `NoSuchKey`.
    package let code: String
    package let message: String
    /// HTTP status of the reply.
    package let status: Int
    /// Further members of the error document (S3: `Key`, `BucketName`; runtime: `OriginalStatusCode`, …).
    package var members: [String: String]
    /// Headers that the reply carries beside its usual ones (S3: `x-amz-delete-marker`, CORS).
    package var headers: [String: String] = [:]

    package init(_ code: String, _ message: String, status: Int = 400, members: [String: String] = [:]) {
        self.code = code
        self.message = message
        self.status = status
        self.members = members
    }
}

extension ServiceError {
    /// `ValidationException`, HTTP 400: the caller's input cannot be accepted.
    package static func validation(_ message: String) -> ServiceError {
        .init("ValidationException", message)
    }

    /// `ResourceInUse`, HTTP 400.
    package static func resourceInUse(_ message: String) -> ServiceError { .init("ResourceInUse", message) }

    /// `ResourceNotFound`, HTTP 400.
    package static func resourceNotFound(_ message: String) -> ServiceError {
        .init("ResourceNotFound", message)
    }

    /// `ResourceLimitExceeded`, HTTP 400.
    package static func resourceLimitExceeded(_ message: String) -> ServiceError {
        .init("ResourceLimitExceeded", message)
    }

    /// `InternalFailure`, HTTP 500: our fault; clients retry it.
    package static func internalFailure(_ message: String) -> ServiceError {
        .init("InternalFailure", message, status: 500)
    }
}
