import Crypto
import HTTPServing
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Resources
import Router
import TestSupport

/// Lets calls through that carry an authorization, and notes the payload's hash in the refusal of others.
struct AnyAuthorization: InvocationAuthorizer {
    let scope: Scope

    func authorize(
        _ head: HTTPRequest,
        payload: SHA256.Digest,
        endpoint: String,
        requestID: String,
        peer: String
    ) -> InvocationVerdict {
        guard head.headerFields[.authorization] == nil else { return .allowed(scope) }
        let hex = payload.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        return .refused(
            RuntimeFailure(status: 403, code: "MissingAuthenticationTokenException", message: hex)
        )
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
            directory: directory,
            authorizer: AnyAuthorization(scope: scope),
            limits: limits
        )
        return try await serving(
            Answering { request in .text("passed on \(request.target)") },
            channelHandlers: { [router.makeHandler()] },
            body: body
        )
    }

    /// Publishes `demo` with one variant per entry, each with the given instances.
    func publish(
        _ variants: [(name: String, weight: Double, instances: [FakeInstance])],
        strategy: RoutingStrategy = .random
    ) {
        directory.publish(
            RoutedEndpoint(
                scope: scope,
                name: "demo",
                variants: variants.map { variant in
                    RoutedVariant(
                        name: variant.name,
                        weight: variant.weight,
                        strategy: strategy,
                        targets: variant.instances.map(\.routed)
                    )
                }
            )
        )
    }
}

extension FakeInstance {
    /// An instance whose container answers as told, for the time of `body`.
    ///
    /// - Parameters:
    ///   - name: Its id.
    ///   - closingRequest: Number of the request on a connection at which the container closes it without a word.
    ///   - container: Answers the requests.
    ///   - body: Runs meanwhile.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, and what keeps the instance from starting.
    static func running<Result>(
        _ name: String = "i-1",
        closingAt closingRequest: Int = .max,
        container: Answering,
        body: (FakeInstance) async throws -> Result
    ) async throws -> Result {
        let instance = try FakeInstance(name)
        defer { instance.end() }
        let handlers: @Sendable () -> [any ChannelHandler] = { [ClosesAt(request: closingRequest)] }
        return try await serving(container, channelHandlers: handlers) { address in
            instance.open(address)
            return try await body(instance)
        }
    }
}

extension Answering {
    /// Always the same 200.
    static func saying(_ text: String) -> Answering { Answering { _ in .text(text) } }
}

/// Closes a connection when its n-th request comes, without a word.
private final class ClosesAt: ChannelInboundHandler {
    typealias InboundIn = HTTPRequestPart

    private var rest: Int

    init(request: Int) { rest = request }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { rest -= 1 }
        if rest == 0 { context.close(promise: nil) } else { context.fireChannelRead(data) }
    }
}

/// An invocation of `demo` as bytes.
func invocation(
    _ body: String = "1,2",
    path: String = "/endpoints/demo/invocations",
    headers: String = ""
) -> String {
    "POST \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4 secret\r\nContent-Length: \(body.utf8.count)\r\n"
        + "\(headers)\r\n\(body)"
}
