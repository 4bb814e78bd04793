import AWSWire
import ControlPlane
import Foundation
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import ObjectStore
import Resources
import Synchronization
import Testing

/// The service over a store in a folder of its own, called without a socket.
final class S3TestClient: Sendable {
    private let folder: String
    let service: S3Service

    init(control: any AccessControl = OpenDoor()) throws {
        folder = NSTemporaryDirectory() + "clary-s3-\(UUID().uuidString)"
        service = S3Service(
            store: try ObjectStore(root: folder),
            gatekeeper: Gatekeeper(control: control, trail: nil, now: { 0 })
        )
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
    }

    /// A client with the bucket `bucket-1`.
    static func withBucket() async throws -> S3TestClient {
        let client = try S3TestClient()
        try await client.call(.put, "/bucket-1")
        return client
    }

    /// Sends a request as the gateway hands it on: `target` is the percent-encoded path and query.
    @discardableResult
    func call(
        _ method: HTTPRequest.Method,
        _ target: String,
        _ headers: [String: String] = [:],
        body: String = "",
        account: String = "000000000000",
        region: String = "us-east-1"
    ) async throws -> S3Reply {
        try await call(
            method,
            target,
            headers,
            bytes: ByteBuffer(string: body),
            account: account,
            region: region
        )
    }

    @discardableResult
    func call(
        _ method: HTTPRequest.Method,
        _ target: String,
        _ headers: [String: String] = [:],
        bytes: ByteBuffer,
        account: String = "000000000000",
        region: String = "us-east-1"
    ) async throws -> S3Reply {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        let path = String(target.prefix { $0 != "?" })
        let query = try target.dropFirst(path.count).dropFirst().split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return QueryItem(
                name: try #require(PercentEncoding.decode(parts[0])),
                value: try #require(PercentEncoding.decode(parts.count == 2 ? parts[1] : ""))
            )
        }
        let scope = Scope(account: try #require(AccountID(account)), region: try #require(Region(region)))
        let response = try await service.respond(
            to: VerifiedCall(
                head: HTTPRequest(
                    method: method,
                    scheme: "http",
                    authority: "localhost:9000",
                    path: target,
                    headerFields: fields
                ),
                path: path,
                query: query,
                caller: Caller(
                    accessKeyID: "AKIDEXAMPLE",
                    scope: scope,
                    principalARN: "arn:aws:sts::\(account):assumed-role/r/s",
                    requestID: "1"
                ),
                body: PayloadStream(bytes)
            )
        )
        return try await S3Reply(response)
    }

    /// The error that a request gets.
    func error(
        _ method: HTTPRequest.Method,
        _ target: String,
        _ headers: [String: String] = [:],
        body: String = "",
        account: String = "000000000000",
        region: String = "us-east-1",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ServiceError {
        do {
            let reply = try await call(method, target, headers, body: body, account: account, region: region)
            Issue.record("the request succeeded with \(reply.status)", sourceLocation: sourceLocation)
            return ServiceError("None", "")
        } catch let error as ServiceError {
            return error
        }
    }
}

/// A reply that was received to its end.
struct S3Reply {
    let status: Int
    let headers: HTTPFields
    let body: ByteBuffer
    /// What `Content-Length` says.
    let length: Int

    fileprivate init(_ response: ServerResponse) async throws {
        status = response.status.code
        headers = response.headers
        switch response.body {
        case .bytes(let buffer):
            body = buffer
            length = buffer.readableBytes
        case .head(let length):
            body = ByteBuffer()
            self.length = length
        case .stream(let length, let write):
            let collector = Collector()
            try await write(collector)
            body = collector.bytes.withLock { $0 }
            self.length = length ?? -1
        }
    }

    private final class Collector: BodyWriter, Sendable {
        let bytes = Mutex(ByteBuffer())
        func write(_ buffer: ByteBuffer) { bytes.withLock { _ = $0.writeImmutableBuffer(buffer) } }
    }

    var text: String { String(buffer: body) }

    subscript(header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }

    /// The document in the body.
    func document() throws -> XMLElement { try XMLElement.parse(body.readableBytesView) }
}

extension XMLElement {
    /// Text of the first element at the end of a path of names.
    func text(_ path: String...) -> String? {
        path.reduce(self as XMLElement?) { $0?[$1] }?.text
    }
}
