package import AWSWire
package import HTTPServing
package import HTTPTypes
import NIOCore

/// The form in which a service writes its replies and errors.
package enum Envelope: Sendable, Hashable {
    case json(JSONVersion)
    /// - Parameter namespace: XML namespace; `nil` where the service is not known.
    case query(namespace: String?)
    case restJSON
    case s3

    /// The reply that reports an error.
    ///
    /// - Parameters:
    ///   - head: The request: S3's document names its path, and a reply to HEAD has no document.
    ///   - error: What went wrong.
    ///   - requestID: Id of the request.
    /// - Returns: Status, headers and document.
    package func reply(
        to head: HTTPRequest,
        reporting error: ServiceError,
        requestID: String
    ) -> ServerResponse {
        var response = ServerResponse(status: HTTPResponse.Status(code: error.status))
        switch self {
        case .json(let version):
            response.headers[.contentType] = version.rawValue
            response.headers[.errorType] = error.code
            response.body = .bytes(ByteBuffer(bytes: JSONCodec.errorDocument(error)))
        case .restJSON:
            response.headers[.contentType] = "application/json"
            response.headers[.errorType] = error.code
            response.body = .bytes(ByteBuffer(bytes: JSONCodec.errorDocument(error)))
        case .query(let namespace):
            response.headers[.contentType] = "text/xml"
            response.body = .bytes(
                ByteBuffer(
                    bytes: QueryCodec.errorDocument(error, namespace: namespace, requestID: requestID)
                )
            )
        case .s3:
            response.headers[.contentType] = "application/xml"
            response.body = .bytes(Self.s3Document(error, head: head, requestID: requestID))
        }
        for (name, value) in error.headers {
            guard let name = HTTPField.Name(name), HTTPField.isValidValue(value) else { continue }
            response.headers[name] = value
        }
        if head.method == .head { response.body = .head(length: 0) }
        stamp(&response.headers, requestID: requestID)
        return response
    }

    /// The reply that carries a typed operation's document.
    func reply(carrying document: ByteBuffer, requestID: String) -> ServerResponse {
        var response = ServerResponse(status: .ok, body: .bytes(document))
        switch self {
        case .json(let version): response.headers[.contentType] = version.rawValue
        case .restJSON: response.headers[.contentType] = "application/json"
        case .query: response.headers[.contentType] = "text/xml"
        case .s3: response.headers[.contentType] = "application/xml"
        }
        stamp(&response.headers, requestID: requestID)
        return response
    }

    /// Adds the request's id under the names that the service's clients look for.
    func stamp(_ headers: inout HTTPFields, requestID: String) {
        switch self {
        case .json, .query, .restJSON:
            headers[.requestID] = requestID
        case .s3:
            headers[.s3RequestID] = requestID
            headers[.s3HostID] = requestID
        }
    }

    /// S3's error document: the only one of its documents without a namespace.
    private static func s3Document(_ error: ServiceError, head: HTTPRequest, requestID: String) -> ByteBuffer
    {
        let path = (head.path ?? "/").prefix { $0 != "?" }
        let document = XMLElement("Error") {
            XMLElement("Code", error.code)
            XMLElement("Message", error.message)
            for (name, text) in error.members.sorted(by: { $0.key < $1.key }) { XMLElement(name, text) }
            if error.members["Resource"] == nil {
                XMLElement("Resource", PercentEncoding.decode(path) ?? String(path))
            }
            XMLElement("RequestId", requestID)
            XMLElement("HostId", requestID)
        }
        return ByteBuffer(bytes: document.document())
    }
}
