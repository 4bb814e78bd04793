import AWSWire
import AsyncHTTPClient
import ExternalStore
import Gateway
import HTTPTypes
import NIOCore

/// A verified call as it is made again elsewhere: what the caller's signature and connection needed is taken off.
struct ForwardedCall {
    let target: String
    /// Names in lower case.
    let headers: [(name: String, value: String)]
    var body: ExternalStore.Body

    init(_ request: S3Request) throws(ServiceError) {
        let call = request.call
        target = Self.target(call)
        var headers: [(name: String, value: String)] = []
        for field in request.headers {
            let name = field.name.canonicalName
            guard !Self.isOfConnection(name), !Self.isOfSignature(name) else { continue }
            // It was the framing of the body, and not a property of the object.
            let value =
                name == "content-encoding" ? Self.withoutChunking(field.value) : field.value
            if !value.isEmpty { headers.append((name, value)) }
        }
        let hasBody = request.method == .put || request.method == .post
        guard hasBody else {
            body = .none
            self.headers = headers
            return
        }
        guard let length = call.body.declaredLength else {
            throw ServiceError(
                "MissingContentLength",
                "You must provide the Content-Length HTTP header.",
                status: 411
            )
        }
        if let trailer = request.header("x-amz-trailer")?.lowercased() {
            guard let chunks = TrailingChunks(call.body, length: length, trailer: trailer) else {
                throw .notImplemented("The trailer '\(trailer)'")
            }
            let encodings = headers.filter { $0.name == "content-encoding" }.map(\.value)
            headers.removeAll { $0.name == "content-encoding" }
            headers.append(("content-encoding", (["aws-chunked"] + encodings).joined(separator: ",")))
            headers.append(("x-amz-trailer", trailer))
            headers.append(("x-amz-decoded-content-length", "\(length)"))
            body = .stream(
                .stream(chunks, length: .known(Int64(chunks.encodedLength))),
                payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
            )
        } else {
            body = .stream(
                .stream(call.body, length: .known(Int64(length))),
                payload: "UNSIGNED-PAYLOAD"
            )
        }
        self.headers = headers
    }

    /// Headers that are about one connection, by lower-case name.
    static func isOfConnection(_ name: String) -> Bool {
        [
            "connection", "keep-alive", "transfer-encoding", "te", "upgrade", "host", "content-length",
            "expect",
            "proxy-connection", "date", "server",
        ]
        .contains(name)
    }

    /// Headers that the caller's signature or its framing needed.
    private static func isOfSignature(_ name: String) -> Bool {
        [
            "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-trailer",
            "x-amz-decoded-content-length", "x-amz-algorithm", "x-amz-credential", "x-amz-expires",
            "x-amz-signature", "x-amz-signedheaders", "x-amz-expected-bucket-owner",
            "x-amz-source-expected-bucket-owner",
        ]
        .contains(name)
    }

    private static func withoutChunking(_ value: String) -> String {
        value.split(separator: ",").filter { $0.trimmingSpace.lowercased() != "aws-chunked" }
            .joined(separator: ",")
    }

    /// Path and query, without what stood for headers.
    private static func target(_ call: VerifiedCall) -> String {
        let parameters = call.query.filter { !S3Request.standsForHeader($0.name) }.map {
            "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))"
        }
        return parameters.isEmpty ? call.path : call.path + "?" + parameters.joined(separator: "&")
    }
}

extension Substring {
    fileprivate var trimmingSpace: Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}
