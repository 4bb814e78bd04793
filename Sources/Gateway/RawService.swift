package import HTTPServing
package import HTTPTypes

/// A service whose bodies are not documents: S3 objects, inference payloads.
package protocol RawService: Sendable {
    /// Answers a call whose head is verified.
    ///
    /// - Throws: `ServiceError`, which the gateway writes in the service's error form.
    func respond(to call: VerifiedCall) async throws -> ServerResponse

    /// The name of a call's operation, one of few; `nil` if it is none that is known.
    func operationName(of call: VerifiedCall) -> String?
}

extension RawService {
    package func operationName(of call: VerifiedCall) -> String? { nil }
}

/// A call whose signature is good.
package struct VerifiedCall: Sendable {
    package let head: HTTPRequest
    /// Percent-encoded path, as sent; for S3 always `/bucket/key`, also where the bucket came in the host name.
    package let path: String
    /// Query parameters, decoded, in the order sent; without the signature's own.
    package let query: [QueryItem]
    package let caller: Caller
    /// The real bytes: `aws-chunked` framing taken off.
    ///
    /// The last `next()` throws if the payload does not match its signed hash, a chunk signature or the announced
    /// length, so nothing may be committed before the end.
    package let body: PayloadStream

    package init(head: HTTPRequest, path: String, query: [QueryItem], caller: Caller, body: PayloadStream) {
        self.head = head
        self.path = path
        self.query = query
        self.caller = caller
        self.body = body
    }

    /// The first value of a query parameter; empty text for one without a value, `nil` if it is absent.
    package func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }
}

/// One decoded query parameter.
package struct QueryItem: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
