// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

/// Amazon SageMaker Runtime, API version 2017-05-13.
package enum SageMakerRuntime {
    package static let apiVersion = "2017-05-13"

    /// Every operation that the service has, built here or not.
    package static let operationNames: Set<String> = [
        "InvokeEndpoint",
        "InvokeEndpointAsync",
        "InvokeEndpointWithResponseStream",
    ]
}

extension SageMakerRuntime {
    /// The errors that the model declares for the operations built here.
    package enum Failure {
        /// `InternalDependencyException`, HTTP 530.
        package static func internalDependency(_ message: String) -> ServiceError { ServiceError("InternalDependencyException", message, status: 530) }
        /// `InternalFailure`, HTTP 500.
        package static func internalFailure(_ message: String) -> ServiceError { ServiceError("InternalFailure", message, status: 500) }
        /// `InternalStreamFailure`, HTTP 400.
        package static func internalStreamFailure(_ message: String) -> ServiceError { ServiceError("InternalStreamFailure", message) }
        /// `ModelError`, HTTP 424.
        package static func modelError(_ message: String) -> ServiceError { ServiceError("ModelError", message, status: 424) }
        /// `ModelNotReadyException`, HTTP 429.
        package static func modelNotReady(_ message: String) -> ServiceError { ServiceError("ModelNotReadyException", message, status: 429) }
        /// `ModelStreamError`, HTTP 400.
        package static func modelStreamError(_ message: String) -> ServiceError { ServiceError("ModelStreamError", message) }
        /// `ServiceUnavailable`, HTTP 503.
        package static func serviceUnavailable(_ message: String) -> ServiceError { ServiceError("ServiceUnavailable", message, status: 503) }
        /// `ValidationError`, HTTP 400.
        package static func validationError(_ message: String) -> ServiceError { ServiceError("ValidationError", message) }
    }
}
