package import HTTPTypes

/// A request that is answered with an error.
package struct Refusal: Error, Equatable {
    package let status: HTTPResponse.Status
    /// The reply's body.
    package let message: String
}
