package import AgentProtocol
import Foundation
package import HTTPServing
import HTTPTypes
package import Logging
import NIOCore
package import Resources

/// The control plane's side of the agent protocol (`AgentRoute`).
package struct AgentRoutes: Responder {
    private let registry: InstanceRegistry
    private let telemetry: any TelemetrySink
    private let issuer: any CredentialIssuer
    private let listings: ChannelListings
    private let logger: Logger

    package init(
        registry: InstanceRegistry,
        telemetry: any TelemetrySink,
        issuer: any CredentialIssuer,
        listings: ChannelListings,
        logger: Logger
    ) {
        self.registry = registry
        self.listings = listings
        self.logger = logger
        self.issuer = issuer
        self.telemetry = telemetry
    }

    package func respond(to request: ServerRequest) async throws -> ServerResponse {
        guard let (instance, route) = Self.parse(request.path) else { return .init(status: .notFound) }
        let header = request.head.headerFields[.authorization] ?? ""
        guard header.hasPrefix("Bearer ") else { return .init(status: .unauthorized) }
        let secret = String(header.dropFirst(7))
        switch registry.authenticate(instance, by: route == .session ? .token(secret) : .session(secret)) {
        case .unknown: return .init(status: .notFound)
        case .refused:
            logger.warning(
                "A call for \(instance) with a wrong secret was refused: \(route) from \(request.peer)."
            )
            return .init(status: .unauthorized)
        case .instance(let record, let owner):
            return try await answer(route, request, record: record, owner: owner)
        }
    }

    private static func parse(_ path: Substring) -> (InstanceID, AgentRoute)? {
        guard path.hasPrefix(AgentRoute.prefix) else { return nil }
        let parts = path.dropFirst(AgentRoute.prefix.count).split(
            separator: "/",
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, let route = AgentRoute(rawValue: String(parts[1])) else { return nil }
        return (InstanceID(String(parts[0])), route)
    }

    private func answer(
        _ route: AgentRoute,
        _ request: ServerRequest,
        record: InstanceRecord,
        owner: any InstanceOwner
    ) async throws -> ServerResponse {
        switch (route, request.head.method) {
        case (.session, .post):
            return try await openSession(request, record: record, owner: owner)
        case (.assignment, .get):
            return try reply(record.assignment)
        case (.listing, .get):
            let name = request.query.split(separator: "&").first { $0.hasPrefix("channel=") }?.dropFirst(8)
            guard let channel = record.assignment.channels.first(where: { $0.name == name ?? "" }),
                case .objects(let source) = channel.source
            else { return .init(status: .notFound) }
            return listings.reply(with: source.listing)
        case (.credentials, .get):
            let session = try await issuer.issueSession(
                role: record.role ?? "",
                sessionName: "SageMaker",
                scope: record.scope,
                seconds: SessionCredentials.lifetime
            )
            registry.note(roleSession: session.accessKeyID, of: record.id)
            do {
                try await owner.amend(record.id) { $0.note(roleSession: session.accessKeyID) }
            } catch is UnknownInstance {
                return .init(status: .notFound)
            }
            return try reply(session)
        case (.events, .post):
            let events = try await decode([InstanceEvent].self, from: request)
            do {
                try await owner.apply(events, from: record.id)
            } catch is UnknownInstance {
                return .init(status: .notFound)
            } catch is InstanceNotPlaced {
                return .init(status: .serviceUnavailable)
            } catch is IllegalTransition {
                return .init(status: .conflict)
            }
            return try reply(Acknowledgement(sequence: events.last?.sequence ?? 0))
        case (.telemetry, .post):
            let batch = try await decode(TelemetryBatch.self, from: request)
            if registry.acceptTelemetry(batch.sequence, from: record.id) {
                try await telemetry.append(batch, from: record)
            }
            return try reply(Acknowledgement(sequence: batch.sequence))
        case (.commands, .get):
            let after = request.query.split(separator: "&").first { $0.hasPrefix("after=") }
            let sequence = after.flatMap { Int($0.dropFirst(6)) } ?? 0
            guard
                let commands = await registry.commands(
                    for: record.id,
                    after: sequence,
                    waitingAtMost: .seconds(25)
                )
            else { return .init(status: .notFound) }
            return try reply(CommandList(commands: commands))
        case (.session, _), (.assignment, _), (.listing, _), (.credentials, _), (.events, _), (.telemetry, _),
            (.commands, _):
            return .init(status: .methodNotAllowed)
        }
    }

    /// The token is spent once its owner has written the session down, and only then is the agent told.
    private func openSession(
        _ request: ServerRequest,
        record: InstanceRecord,
        owner: any InstanceOwner
    ) async throws -> ServerResponse {
        let hash = try await decode(SessionProposal.self, from: request).sessionHash
        guard AgentSecret.isHash(hash) else { return .init(status: .badRequest) }
        do {
            try await owner.amend(record.id) { try $0.openSession(hash) }
            try registry.openSession(hash, of: record.id)
            return .init(status: .noContent)
        } catch is UnknownInstance {
            return .init(status: .notFound)
        } catch is TokenSpent {
            logger.warning(
                "The one-time token of \(record.id) was used again, for another session: refused, from \(request.peer)."
            )
            return .init(status: .conflict)
        }
    }

    private func decode<Message: Decodable>(
        _ type: Message.Type,
        from request: ServerRequest
    ) async throws -> Message {
        let body = try await request.body.collect(upTo: 16 << 20)
        return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    }

    private func reply(_ message: some Encodable) throws -> ServerResponse {
        .init(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: .bytes(ByteBuffer(bytes: try JSONEncoder().encode(message)))
        )
    }
}

/// An event from an instance that its owner has already forgotten.
package struct UnknownInstance: Error {}

/// An event from an instance of which the engine has not said yet that it is there: the agent sends it again.
package struct InstanceNotPlaced: Error {}

/// Where telemetry ends up.
package protocol TelemetrySink: Sendable {
    /// Makes the batch durable.
    func append(_ batch: TelemetryBatch, from instance: InstanceRecord) async throws
    /// Opens the instance's log before its first line, as the service does.
    func open(_ log: LogTarget, in scope: Scope) async throws
    /// The last sample of every metric of a job.
    func finalSamples(of job: String, in scope: Scope) async throws -> [MetricSample]
    /// Forgets what a deleted job of this name left.
    func forgetSamples(of job: String, in scope: Scope) async throws
}
