import HTTPTypes

extension HTTPField.Name {
    static let amazonTarget = known("X-Amz-Target")
    static let decodedContentLength = known("x-amz-decoded-content-length")
    static let errorType = known("x-amzn-ErrorType")
    static let requestID = known("x-amzn-RequestId")
    static let s3HostID = known("x-amz-id-2")
    static let s3RequestID = known("x-amz-request-id")
    static let smithyProtocol = known("smithy-protocol")
    static let trailerNames = known("x-amz-trailer")

    /// A name that is known to be one.
    private static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no header name") }
        return name
    }
}
