import HTTPTypes

extension HTTPField.Name {
    static let customAttributes = known("X-Amzn-SageMaker-Custom-Attributes")
    static let inferenceID = known("X-Amzn-SageMaker-Inference-Id")
    static let sessionID = known("X-Amzn-SageMaker-Session-Id")
    static let newSessionID = known("X-Amzn-SageMaker-New-Session-Id")
    static let closedSessionID = known("X-Amzn-SageMaker-Closed-Session-Id")
    static let targetModel = known("X-Amzn-SageMaker-Target-Model")
    static let targetContainerHostname = known("X-Amzn-SageMaker-Target-Container-Hostname")
    static let inferenceComponent = known("X-Amzn-SageMaker-Inference-Component")
    static let targetVariant = known("X-Amzn-SageMaker-Target-Variant")
    static let invokedVariant = known("x-Amzn-Invoked-Production-Variant")
    static let requestID = known("x-amzn-RequestId")
    static let errorType = known("x-amzn-ErrorType")

    /// A name that is known to be one.
    private static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no header name") }
        return name
    }
}
