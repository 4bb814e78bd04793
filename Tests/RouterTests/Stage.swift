import Crypto
import HTTPServing
import HTTPTypes
import NIOCore
import Resources
import Router
import TestSupport

/// Lets calls through that carry an authorization, and notes the payload's hash in the refusal of others.
struct AnyAuthorization: InvocationAuthorizer {
    let scope: Scope

    func authorize(
        _ head: HTTPRequest, payload: SHA256.Digest, endpoint: String, requestID: String
    ) -> InvocationVerdict {
        guard head.headerFields[.authorization] == nil else { return .allowed(scope) }
        let hex = payload.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        return .refused(RuntimeFailure(status: 403, code: "MissingAuthenticationTokenException", message: hex))
    }
}

/// A front server with a router, and what a test publishes on it.
struct Stage {
    let scope = Scope(account: .standard, region: .standard)
    let directory = EndpointDirectory()
    var limits = InvocationLimits()

    /// Runs the front; other requests than invocations are answered with `passed on`.
    func run<Result>(body: (BoundAddress) async throws -> Result) async throws -> Result {
        let router = InferenceRouter(
            directory: directory, authorizer: AnyAuthorization(scope: scope), limits: limits)
        return try await serving(
            Answering { request in .text("passed on \(request.target)") },
            channelHandlers: { [router.makeHandler()] }, body: body)
    }

    /// Publishes `demo` with one variant per entry, each with the given instances.
    func publish(
        _ variants: [(name: String, weight: Double, instances: [FakeInstance])],
        strategy: RoutingStrategy = .random
    ) {
        directory.publish(
            RoutedEndpoint(
                scope: scope, name: "demo",
                variants: variants.map { variant in
                    RoutedVariant(
                        name: variant.name, weight: variant.weight, strategy: strategy,
                        targets: variant.instances.map(\.routed))
                }))
    }
}

extension FakeInstance {
    /// An instance whose container answers as told, for the time of `body`.
    static func running<Result>(
        _ name: String = "i-1", channelHandlers: @escaping @Sendable () -> [any ChannelHandler] = { [] },
        answer: @escaping @Sendable (ServerRequest) async throws -> ServerResponse,
        body: (FakeInstance) async throws -> Result
    ) async throws -> Result {
        let instance = try FakeInstance(name)
        defer { instance.end() }
        return try await serving(Answering(answer), channelHandlers: channelHandlers) { address in
            instance.open(address)
            return try await body(instance)
        }
    }
}

/// An invocation of `demo` as bytes.
func invocation(_ body: String = "1,2", path: String = "/endpoints/demo/invocations", headers: String = "") -> String {
    "POST \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4 secret\r\nContent-Length: \(body.utf8.count)\r\n"
        + "\(headers)\r\n\(body)"
}
