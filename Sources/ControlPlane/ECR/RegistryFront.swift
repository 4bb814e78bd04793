import AsyncHTTPClient
import Foundation
package import HTTPServing
import HTTPTypes
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// What `ACCOUNT.dkr.ecr.REGION.amazonaws.com` answers here: the registry that Clary was given, behind the passwords of
/// `GetAuthorizationToken`.
///
/// `docker login` and `docker push` reach it through Clary's proxy, as clients with other AWS hosts built in do.
package struct RegistryFront: Responder {
    private let registry: LocalRegistry?
    private let tokens: RegistryTokens

    /// A layer may have gigabytes and come slowly.
    private static let patience = TimeAmount.hours(6)
    /// Of a connection, not of what it carries; and what is only for us.
    private static let own: Set = [
        "connection", "transfer-encoding", "keep-alive", "host", "authorization", "content-length", "expect",
        "proxy-authorization",
    ]

    package init(registry: LocalRegistry?, tokens: RegistryTokens) {
        self.registry = registry
        self.tokens = tokens
    }

    package func respond(to request: ServerRequest) async throws -> ServerResponse {
        guard tokens.accepts(request.head.headerFields[.authorization]) else {
            var response = try Self.refusal(
                .unauthorized,
                "UNAUTHORIZED",
                "Log in: aws ecr get-login-password"
            )
            response.headers[.wwwAuthenticate] = "Basic realm=\"Clary\""
            return response
        }
        guard let registry else {
            return try Self.refusal(
                .serviceUnavailable,
                "UNAVAILABLE",
                "There is no registry behind Clary. Start it with --container-registry http://127.0.0.1:5000."
            )
        }
        return try await forward(request, to: registry)
    }

    private func forward(_ request: ServerRequest, to registry: LocalRegistry) async throws -> ServerResponse
    {
        var call = HTTPClientRequest(url: registry.address + request.target)
        call.method = .init(rawValue: request.head.method.rawValue)
        for field in request.head.headerFields where !Self.own.contains(field.name.canonicalName) {
            call.headers.add(name: field.name.rawName, value: field.value)
        }
        // The registry says where an upload goes on: at the name by which its client knows it.
        call.headers.add(name: "Host", value: request.head.authority ?? "")
        call.headers.add(name: "X-Forwarded-Proto", value: "https")
        let length = request.head.headerFields[.contentLength].flatMap { Int64($0) }
        if length ?? 0 > 0 || request.head.headerFields[.transferEncoding] != nil {
            call.body = .stream(request.body, length: length.map { .known($0) } ?? .unknown)
        }
        let reply: HTTPClientResponse
        do {
            reply = try await registry.http.execute(call, timeout: Self.patience)
        } catch {
            return try Self.refusal(
                .badGateway,
                "UNAVAILABLE",
                "The registry at \(registry.address) does not answer: \(error)"
            )
        }
        var headers = HTTPFields()
        for (name, value) in reply.headers where !Self.own.contains(name.lowercased()) {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        let status = HTTPResponse.Status(code: Int(reply.status.code))
        let size = reply.headers.first(name: "content-length").flatMap { Int($0) }
        guard request.head.method != .head, reply.status != .noContent, reply.status != .notModified else {
            return ServerResponse(status: status, headers: headers, body: .head(length: size ?? 0))
        }
        return ServerResponse(
            status: status,
            headers: headers,
            body: .stream(length: size) { writer in
                for try await buffer in reply.body { try await writer.write(buffer) }
            }
        )
    }

    /// The form of errors that the distribution API has.
    private struct Refusal: Encodable {
        var errors: [Entry]

        struct Entry: Encodable {
            var code: String
            var message: String
        }
    }

    private static func refusal(
        _ status: HTTPResponse.Status,
        _ code: String,
        _ message: String
    ) throws -> ServerResponse {
        let refusal = Refusal(errors: [.init(code: code, message: message)])
        return ServerResponse(
            status: status,
            headers: [.contentType: "application/json"],
            body: .bytes(ByteBuffer(data: try JSONEncoder().encode(refusal)))
        )
    }
}
