import AgentProtocol
package import HTTPServing
import HTTPTypes
import NIOCore

/// What Clary answers below `/_clary/`: its agents, its commands for people, and whoever asks whether it is well.
package struct PlatformRoutes: Responder {
    private let agents: AgentRoutes
    private let api: PlatformAPI
    private let health: PlatformHealth
    private let authority: String?

    /// Where whoever logs in finds the certificate of the authority that vouches for this server.
    package static let authorityPath = "/_clary/ca.pem"

    /// - Parameters:
    ///   - agents: Answers agents.
    ///   - api: Answers commands.
    ///   - health: Says how the server is.
    ///   - authority: The certificate of Clary's own authority as PEM, where it made the server's certificate.
    package init(agents: AgentRoutes, api: PlatformAPI, health: PlatformHealth, authority: String? = nil) {
        self.agents = agents
        self.api = api
        self.health = health
        self.authority = authority
    }

    package func respond(to request: ServerRequest) async throws -> ServerResponse {
        if request.path.hasPrefix(AgentRoute.prefix) { return try await agents.respond(to: request) }
        if request.path.hasPrefix(PlatformAPI.prefix) { return try await api.respond(to: request) }
        if request.path == Self.authorityPath, let authority { return Self.text(authority, status: .ok) }
        switch request.path {
        case "/_clary/healthz": return Self.text("ok\n", status: .ok)
        case "/_clary/readyz":
            guard let reason = health.unreadiness() else { return Self.text("ready\n", status: .ok) }
            return Self.text(reason + "\n", status: .serviceUnavailable)
        case "/_clary/metrics":
            // The figures name nobody, but how busy a machine is concerns only those who are on it.
            guard request.isFromLoopback else {
                return Self.text("Metrics are for this machine's loopback only.\n", status: .forbidden)
            }
            var response = Self.text(try await health.metrics(), status: .ok)
            response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return response
        default:
            return Self.text(
                "There is no page here. Clary speaks the AWS protocols on this port; see `clary env`.\n",
                status: .notFound
            )
        }
    }

    private static func text(_ text: String, status: HTTPResponse.Status) -> ServerResponse {
        ServerResponse(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: .bytes(ByteBuffer(string: text))
        )
    }
}
