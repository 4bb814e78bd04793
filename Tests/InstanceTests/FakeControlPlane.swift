import AgentProtocol
import Foundation
import HTTPServing
import HTTPTypes
import NIOCore
import Resources
import Synchronization

/// A control plane that serves assignments, records what agents report and keeps what they store.
final class FakeControlPlane: Responder, Sendable {
    private struct State {
        var assignments: [String: Assignment] = [:]
        var events: [String: [InstanceEvent]] = [:]
        var lines: [String: [String]] = [:]
        var samples: [String: [MetricSample]] = [:]
        var commands: [String: [Command]] = [:]
        var objects: [String: Data] = [:]
        /// Files of listings by their names.
        var listings: [String: String] = [:]
        var isAway = false
        /// Hashes of the sessions that were opened, and how many answers to that will be lost.
        var sessions: [String: String] = [:]
        var lostAnswers = 0
        var proposals: [String: [String]] = [:]
        var watchers: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    func assign(_ assignment: Assignment) {
        state.withLock { $0.assignments["\(assignment.instance)"] = assignment }
    }

    func command(_ instance: InstanceID, _ action: Command.Action) {
        change { state in
            let sequence = state.commands["\(instance)", default: []].count + 1
            state.commands["\(instance)", default: []].append(Command(sequence: sequence, action: action))
        }
    }

    /// Serves a listing for the channels of this name.
    func list(_ channel: String, in path: String) { state.withLock { $0.listings[channel] = path } }

    /// While away it answers 503 to everything.
    func setAway(_ away: Bool) { change { $0.isAway = away } }

    /// The answers to the next attempts to open a session are lost, after they had their effect.
    func loseAnswers(_ count: Int) { change { $0.lostAnswers = count } }

    /// The session hashes that an agent proposed, in order.
    func proposals(_ instance: InstanceID) -> [String] {
        state.withLock { $0.proposals["\(instance)", default: []] }
    }

    func events(_ instance: InstanceID) -> [InstanceEvent.Change] {
        state.withLock { $0.events["\(instance)", default: []].map(\.change) }
    }

    func sequences(_ instance: InstanceID) -> [Int] {
        state.withLock { $0.events["\(instance)", default: []].map(\.sequence) }
    }

    func log(_ instance: InstanceID) -> [String] { state.withLock { $0.lines["\(instance)", default: []] } }

    func samples(_ instance: InstanceID) -> [MetricSample] {
        state.withLock { $0.samples["\(instance)", default: []] }
    }

    func object(_ path: String) -> Data? { state.withLock { $0.objects[path] } }

    /// Returns once `condition` holds; it is tried after every call of an agent.
    ///
    /// - Throws: `NeverHappened` after a minute.
    func wait(_ what: String, until condition: @escaping @Sendable () -> Bool) async throws {
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self)
        state.withLock { $0.watchers.append(continuation) }
        let deadline = Task {
            try await Task.sleep(for: .seconds(60))
            continuation.finish()
        }
        defer { deadline.cancel() }
        if condition() { return }
        for await _ in changes where condition() { return }
        throw NeverHappened(what: what)
    }

    struct NeverHappened: Error {
        let what: String
    }

    private func change(_ body: (inout State) -> Void) {
        let watchers = state.withLock { state in
            body(&state)
            return state.watchers
        }
        for watcher in watchers { watcher.yield() }
    }

    // MARK: - The agent protocol and a little S3

    func respond(to request: ServerRequest) async throws -> ServerResponse {
        let body = Data(try await request.body.collect(upTo: 1 << 26).readableBytesView)
        if state.withLock({ $0.isAway }) { return ServerResponse(status: .serviceUnavailable) }
        let path = String(request.path)
        guard path.hasPrefix(AgentRoute.prefix) else { return store(request, path: path, body: body) }
        let parts = path.dropFirst(AgentRoute.prefix.count).split(separator: "/").map(String.init)
        guard parts.count == 2, let route = AgentRoute(rawValue: parts[1]),
            let secret = request.head.headerFields[.authorization]?.split(separator: " ").last
        else { return ServerResponse(status: .unauthorized) }
        let instance = parts[0]
        if route == .session {
            guard secret == "token-\(instance)" else { return ServerResponse(status: .unauthorized) }
            return try openSession(of: instance, JSONDecoder().decode(SessionProposal.self, from: body))
        }
        guard state.withLock({ $0.sessions[instance] }) == AgentSecret.hash(of: String(secret)) else {
            return ServerResponse(status: .unauthorized)
        }
        switch route {
        case .session: return ServerResponse(status: .internalServerError)
        case .assignment:
            guard let assignment = state.withLock({ $0.assignments[instance] }) else {
                return ServerResponse(status: .notFound)
            }
            return try json(assignment)
        case .listing:
            let channel = request.query.dropFirst("channel=".count)
            guard let path = state.withLock({ $0.listings[String(channel)] }),
                let content = FileManager.default.contents(atPath: path)
            else { return ServerResponse(status: .notFound) }
            return ServerResponse(status: .ok, body: .bytes(ByteBuffer(bytes: content)))
        case .credentials:
            guard let assignment = state.withLock({ $0.assignments[instance] }) else {
                return ServerResponse(status: .notFound)
            }
            return try json(assignment.credentials)
        case .events:
            let events = try JSONDecoder().decode([InstanceEvent].self, from: body)
            change { $0.events[instance, default: []] += events }
            return try json(Acknowledgement(sequence: events.last?.sequence ?? 0))
        case .telemetry:
            let batch = try JSONDecoder().decode(TelemetryBatch.self, from: body)
            change { state in
                state.lines[instance, default: []] += batch.lines.map(\.text)
                state.samples[instance, default: []] += batch.samples
            }
            return try json(Acknowledgement(sequence: batch.sequence))
        case .commands:
            let after = Int(request.query.dropFirst("after=".count)) ?? 0
            return try json(CommandList(commands: try await commands(of: instance, after: after)))
        }
    }

    func openSession(of instance: String, _ proposal: SessionProposal) throws -> ServerResponse {
        state.withLock { state in
            state.proposals[instance, default: []].append(proposal.sessionHash)
            guard [nil, proposal.sessionHash].contains(state.sessions[instance]) else {
                return ServerResponse(status: .conflict)
            }
            state.sessions[instance] = proposal.sessionHash
            guard state.lostAnswers > 0 else { return ServerResponse(status: .noContent) }
            state.lostAnswers -= 1
            return ServerResponse(status: .badGateway)
        }
    }

    /// Long poll: waits for a command as the real one does.
    private func commands(of instance: String, after: Int) async throws -> [Command] {
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self)
        state.withLock { $0.watchers.append(continuation) }
        let timer = Task {
            try await Task.sleep(for: .seconds(5))
            continuation.finish()
        }
        defer { timer.cancel() }
        func found() -> [Command] {
            state.withLock { $0.commands[instance, default: []].filter { $0.sequence > after } }
        }
        if case let now = found(), !now.isEmpty { return now }
        for await _ in changes {
            if case let now = found(), !now.isEmpty { return now }
        }
        return []
    }

    private func store(_ request: ServerRequest, path: String, body: Data) -> ServerResponse {
        guard request.head.headerFields[.authorization]?.hasPrefix("AWS4-HMAC-SHA256") == true else {
            return ServerResponse(status: .forbidden)
        }
        if request.head.method == .put {
            change { $0.objects[path] = body }
            return ServerResponse(status: .ok)
        }
        guard let object = object(path) else {
            let text =
                "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
            return ServerResponse(status: .notFound, body: .bytes(ByteBuffer(string: text)))
        }
        return ServerResponse(status: .ok, body: .bytes(ByteBuffer(bytes: object)))
    }

    private func json(_ document: some Encodable) throws -> ServerResponse {
        ServerResponse(status: .ok, body: .bytes(ByteBuffer(bytes: try JSONEncoder().encode(document))))
    }
}
