import AWSWire
package import ExternalStore
package import Gateway
package import HTTPServing
import HTTPTypes
import NIOCore
import Resources

/// S3 in front of another S3: the same door, the same decisions about who may, and somebody else's shelves.
///
/// A call is verified and authorised as one to the embedded store is, and then made again with the server's own key.
/// Clients, containers and agents need not know: none of them ever sees that key.
package struct S3Forwarder: RawService {
    private let store: ExternalStore
    private let gatekeeper: Gatekeeper

    package init(store: ExternalStore, gatekeeper: Gatekeeper) {
        self.store = store
        self.gatekeeper = gatekeeper
    }

    package func respond(to call: VerifiedCall) async throws -> ServerResponse {
        let request = try S3Request(call)
        let operation = try S3Operation(request)
        let caller = call.caller
        var body: ByteBuffer?
        var accesses = try operation.accesses(request)
        let noted = accesses.first ?? Access("s3:DeleteObject", on: S3Names.object(request.bucketName, "*"))
        do {
            // Access lists and policies of buckets are the other service's, which knows our key alone.
            guard !caller.isAnonymous else { throw ServiceError.accessDenied }
            guard !accesses.isEmpty || operation == .deleteObjects else {
                throw ServiceError.notImplemented("This call, in front of another S3 service,")
            }
            try Self.checkOwners(request)
            if operation == .deleteObjects {
                let document = try await call.body.collect(upTo: Self.longestDocument)
                accesses += try Self.deletions(document, in: request.bucketName)
                body = document
            }
            try gatekeeper.check(accesses, by: caller, envelope: .s3)
            let response = try await forward(request, document: body)
            await gatekeeper.note(noted, by: caller, outcome: nil, parameters: "")
            return response
        } catch {
            let reported = error as? ServiceError ?? .internalFailure("\(error)")
            await gatekeeper.note(noted, by: caller, outcome: reported, parameters: "")
            throw error
        }
    }

    package func operationName(of call: VerifiedCall) -> String? {
        do {
            return try S3Operation.name(S3Request(call))
        } catch {
            // What is wrong with it, `respond` tells the client.
            return nil
        }
    }

    /// The buckets belong to our account, whatever number the other service knows itself by.
    private static func checkOwners(_ request: S3Request) throws(ServiceError) {
        for name in ["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"] {
            guard let expected = request.header(name), expected != request.account.description else {
                continue
            }
            throw .accessDenied
        }
    }

    /// Bytes that naming a thousand objects may take.
    private static let longestDocument = 4 << 20

    /// What DeleteObjects asks for: all of it must be allowed, since the reply is not ours to mend.
    private static func deletions(_ document: ByteBuffer, in bucket: String) throws(ServiceError) -> [Access]
    {
        let root: XMLElement
        do { root = try XMLElement.parse(document.readableBytesView) } catch { throw .malformedXML }
        return root.children(named: "Object").map { object in
            let version = object["VersionId"]?.text ?? ""
            return Access(
                version.isEmpty ? "s3:DeleteObject" : "s3:DeleteObjectVersion",
                on: S3Names.object(bucket, object["Key"]?.text ?? "")
            )
        }
    }

    private func forward(_ request: S3Request, document: ByteBuffer?) async throws -> ServerResponse {
        var forwarded = try ForwardedCall(request)
        if let document { forwarded.body = .bytes(document) }
        let reply: ExternalStore.Reply
        do {
            reply = try await store.call(
                request.method.rawValue,
                forwarded.target,
                headers: forwarded.headers,
                body: forwarded.body
            )
        } catch {
            // The sender of the body was wrong, not the way to the other service.
            if let own = error.cause as? ServiceError { throw own }
            throw ServiceError("ServiceUnavailable", error.description, status: 503)
        }
        return try await response(to: request, reply)
    }

    /// The other service's reply as ours.
    private func response(to request: S3Request, _ reply: ExternalStore.Reply) async throws -> ServerResponse
    {
        var headers = HTTPFields()
        for (name, value) in reply.headers where !ForwardedCall.isOfConnection(name.lowercased()) {
            guard let name = HTTPField.Name(name) else { continue }
            headers.append(HTTPField(name: name, value: value))
        }
        let length = reply.header("content-length").flatMap { Int($0) }
        let status = HTTPResponse.Status(code: reply.status)
        if request.method == .head || reply.status == 304 || reply.status == 204 {
            return ServerResponse(status: status, headers: headers, body: .head(length: length ?? 0))
        }
        if reply.status >= 400 {
            let text = try await reply.collect(upTo: Self.longestDocument)
            try Self.checkOwnKey(text, at: store.endpoint)
            return ServerResponse(status: status, headers: headers, body: .bytes(text))
        }
        return ServerResponse(
            status: status,
            headers: headers,
            body: .stream(length: length) { writer in
                try await reply.read { try await writer.write($0) }
            }
        )
    }

    /// A refusal of the server's own key says nothing about the caller's.
    private static func checkOwnKey(
        _ document: ByteBuffer,
        at endpoint: ExternalEndpoint
    ) throws(ServiceError) {
        let about: Set = ["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"]
        guard let root = try? XMLElement.parse(document.readableBytesView), let code = root["Code"]?.text,
            about.contains(code)
        else { return }
        throw .internalFailure(
            """
            The S3 service at \(endpoint) refuses this server's own key (\(code)). See --s3-credentials of clary serve.
            """
        )
    }
}
