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
    /// The RPC protocol in CBOR, of which only errors are written.
    case cbor

    /// The form in which clients of a service that is none of Clary's expect errors.
    ///
    /// - Parameters:
    ///   - service: Its signing name, or what its host is called.
    ///   - head: The request: each protocol has a mark of its own, but for documents at paths.
    /// - Returns: REST with JSON where nothing tells.
    static func ofUnoffered(_ service: String, _ head: HTTPRequest) -> Envelope {
        if head.headerFields[.amazonTarget] != nil {
            let isOld = head.headerFields[.contentType]?.contains("x-amz-json-1.0") ?? false
            return .json(isOld ? .v10 : .v11)
        }
        if head.headerFields[.smithyProtocol] == "rpc-v2-cbor" { return .cbor }
        let isDocument = ["cloudfront", "route53"].contains(service) || service.contains("s3-control")
        return ServiceRoute.isForm(head) || isDocument ? .query(namespace: nil) : .restJSON
    }

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
        case .cbor:
            response.headers[.contentType] = "application/cbor"
            response.headers[.smithyProtocol] = "rpc-v2-cbor"
            response.body = .bytes(ByteBuffer(bytes: Self.cborDocument(error)))
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
        case .cbor: response.headers[.contentType] = "application/cbor"
        }
        stamp(&response.headers, requestID: requestID)
        return response
    }

    /// Adds the request's id under the names that the service's clients look for.
    func stamp(_ headers: inout HTTPFields, requestID: String) {
        switch self {
        case .json, .query, .restJSON, .cbor:
            headers[.requestID] = requestID
        case .s3:
            headers[.s3RequestID] = requestID
            headers[.s3HostID] = requestID
        }
    }

    /// `__type` and `message` as a map of two texts (RFC 8949, section 3).
    private static func cborDocument(_ error: ServiceError) -> [UInt8] {
        func text(_ value: String) -> [UInt8] {
            let bytes = Array(value.utf8.prefix(Int(UInt16.max)))
            return [0x79, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
        }
        return [0xA2] + text("__type") + text(error.code) + text("message") + text(error.message)
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
