import AgentProtocol
import ControlPlane
import Engines
import Foundation
import Gateway
import HTTPServing
import HTTPTypes
import Logging
import NIOCore
import Resources
import Synchronization
import Testing

/// Keeps the records of its instances as documents, as a database does.
private final class FakeOwner: InstanceOwner, TelemetrySink, CredentialIssuer {
    private let documents: Mutex<[InstanceID: Data]>
    private let writes = Mutex(0)

    init(_ records: [InstanceRecord]) throws {
        let pairs = try records.map { ($0.id, try JSONEncoder().encode($0)) }
        documents = Mutex(Dictionary(uniqueKeysWithValues: pairs))
    }

    var writeCount: Int { writes.withLock(\.self) }

    func document(of instance: InstanceID) throws -> Data {
        try #require(documents.withLock { $0[instance] })
    }

    func record(of instance: InstanceID) throws -> InstanceRecord {
        try JSONDecoder().decode(InstanceRecord.self, from: try document(of: instance))
    }

    func amend(
        _ instance: InstanceID,
        _ change: @Sendable (inout InstanceRecord) throws -> Void
    ) async throws {
        var record = try record(of: instance)
        try change(&record)
        let document = try JSONEncoder().encode(record)
        documents.withLock { $0[instance] = document }
        writes.withLock { $0 += 1 }
    }

    func apply(_ events: [InstanceEvent], from instance: InstanceID) async throws {}
    func instanceWasLost(_ instance: InstanceID) async {}
    func append(_ batch: TelemetryBatch, from instance: InstanceRecord) async throws {}
    func open(_ log: LogTarget, in scope: Scope) async throws {}
    func finalSamples(of job: String, in scope: Scope) async throws -> [MetricSample] { [] }
    func forgetSamples(of job: String, in scope: Scope) async throws {}
    func issueSession(
        role: String,
        sessionName: String,
        scope: Scope,
        seconds: Int
    ) async throws -> SessionCredentials {
        SessionCredentials(accessKeyID: "ASIA", secretAccessKey: "s", sessionToken: "t", expiration: 0)
    }
    func principal(actingAs role: String, sessionName: String, scope: Scope) -> Caller {
        Caller(accessKeyID: "", scope: scope, principalARN: role, requestID: "", authority: .owner)
    }
}

/// A control plane with two instances, `one` and `two`, as their agents see it.
private struct Stage {
    let owner: FakeOwner
    let registry: InstanceRegistry
    let tokens: [String]

    static let (one, two) = (InstanceID("one"), InstanceID("two"))

    init() throws {
        let scope = Scope(account: .standard, region: .standard)
        var records = ["one", "two"].map { InstanceRecord.sample($0, of: "arn:job", in: scope) }
        tokens = records.indices.map { records[$0].takeSeat().token }
        owner = try FakeOwner(records)
        registry = InstanceRegistry()
        for record in records { registry.add(record, owner: owner) }
    }

    /// The control plane after a restart: what it knows was stored.
    init(restarting stage: Stage) throws {
        (owner, tokens) = (stage.owner, stage.tokens)
        registry = InstanceRegistry()
        for id in [Self.one, Self.two] { registry.add(try owner.record(of: id), owner: owner) }
    }

    func call(
        _ route: AgentRoute,
        of instance: InstanceID = Stage.one,
        _ method: HTTPRequest.Method = .get,
        secret: String?,
        body: String = ""
    ) async throws -> Int {
        var fields = HTTPFields()
        if let secret { fields[.authorization] = "Bearer \(secret)" }
        let routes = AgentRoutes(
            registry: registry,
            telemetry: owner,
            issuer: owner,
            listings: try ChannelListings(
                directory: FileManager.default.temporaryDirectory.appending(path: "clary-listings-\(UUID())")
                    .path
            ),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let response = try await routes.respond(
            to: ServerRequest(
                head: HTTPRequest(
                    method: method,
                    scheme: "http",
                    authority: "h",
                    path: route.path(for: instance),
                    headerFields: fields
                ),
                body: BodyStream(ByteBuffer(string: body))
            )
        )
        return response.status.code
    }

    func exchange(
        _ token: String,
        for secret: String,
        of instance: InstanceID = Stage.one
    ) async throws -> Int {
        let proposal = SessionProposal(sessionHash: AgentSecret.hash(of: secret))
        let body = String(decoding: try JSONEncoder().encode(proposal), as: UTF8.self)
        return try await call(.session, of: instance, .post, secret: token, body: body)
    }
}

@Suite struct AgentSessionTests {
    private let mine = AgentSecret.make()

    @Test func `a token opens one session, which opens everything else`() async throws {
        let stage = try Stage()
        #expect(try await stage.call(.assignment, secret: mine) == 401)
        #expect(try await stage.exchange(stage.tokens[0], for: mine) == 204)
        #expect(try await stage.call(.assignment, secret: mine) == 200)
        #expect(try await stage.call(.credentials, secret: mine) == 200)
        #expect(try await stage.call(.assignment, secret: nil) == 401)
    }

    @Test func `the token itself opens nothing`() async throws {
        let stage = try Stage()
        #expect(try await stage.call(.assignment, secret: stage.tokens[0]) == 401)
        #expect(try await stage.exchange(stage.tokens[0], for: mine) == 204)
        #expect(try await stage.call(.assignment, secret: stage.tokens[0]) == 401)
    }

    @Test func `an agent that lost the answer asks again, and a spent token opens nothing for others`()
        async throws
    {
        let stage = try Stage()
        #expect(try await stage.exchange(stage.tokens[0], for: mine) == 204)
        #expect(try await stage.exchange(stage.tokens[0], for: mine) == 204)
        let theirs = AgentSecret.make()
        #expect(try await stage.exchange(stage.tokens[0], for: theirs) == 409)
        #expect(try await stage.call(.assignment, secret: theirs) == 401)
        #expect(try await stage.call(.assignment, secret: mine) == 200)
    }

    @Test func `a spent token stays spent, and its session good, when the control plane comes back`()
        async throws
    {
        let before = try Stage()
        #expect(try await before.exchange(before.tokens[0], for: mine) == 204)
        let after = try Stage(restarting: before)
        #expect(try await after.call(.assignment, secret: mine) == 200)
        #expect(try await after.exchange(after.tokens[0], for: mine) == 204)
        #expect(try await after.exchange(after.tokens[0], for: AgentSecret.make()) == 409)
        #expect(try await after.exchange(after.tokens[1], for: mine, of: Stage.two) == 204)
    }

    @Test func `secrets of one instance are worth nothing at another`() async throws {
        let stage = try Stage()
        #expect(try await stage.exchange(stage.tokens[0], for: mine, of: Stage.two) == 401)
        #expect(try await stage.exchange(stage.tokens[0], for: mine) == 204)
        #expect(try await stage.call(.assignment, of: Stage.two, secret: mine) == 401)
        #expect(try await stage.call(.assignment, of: InstanceID("three"), secret: mine) == 404)
    }

    @Test func `a session ends with its instance`() async throws {
        let stage = try Stage()
        #expect(try await stage.exchange(stage.tokens[0], for: mine) == 204)
        stage.registry.remove(Stage.one)
        #expect(try await stage.call(.assignment, secret: mine) == 404)
        #expect(try await stage.exchange(stage.tokens[0], for: mine) == 404)
    }

    @Test func `the credentials that an instance was given end with it, also after a restart`() async throws {
        let before = try Stage()
        #expect(try await before.exchange(before.tokens[0], for: mine) == 204)
        #expect(try await before.call(.credentials, secret: mine) == 200)
        let ended = Mutex<[String]>([])
        let registry = InstanceRegistry(endSessions: { keys in ended.withLock { $0 += keys } })
        registry.add(try before.owner.record(of: Stage.one), owner: before.owner)
        registry.remove(Stage.one)
        #expect(ended.withLock(\.self).sorted() == ["ASIA", "a"])
    }

    @Test func `what is no hash is refused before it is written`() async throws {
        let stage = try Stage()
        for hash in ["", "abc", String(repeating: "G", count: 64)] {
            let body = #"{"sessionHash": "\#(hash)"}"#
            #expect(
                try await stage.call(.session, .post, secret: stage.tokens[0], body: body) == 400
            )
        }
        #expect(stage.owner.writeCount == 0)
    }

    @Test func `neither the token nor the session's secret is stored`() async throws {
        let stage = try Stage()
        #expect(try await stage.exchange(stage.tokens[0], for: mine) == 204)
        let text = String(decoding: try stage.owner.document(of: Stage.one), as: UTF8.self)
        #expect(text.contains(AgentSecret.hash(of: mine)))
        #expect(!text.contains(mine))
        #expect(!text.contains(stage.tokens[0]))
    }

    @Test func `the agents of an older version go on with the token of their whole life`() async throws {
        let stage = try Stage()
        let document = try stage.owner.document(of: Stage.one)
        var fields = try #require(try JSONSerialization.jsonObject(with: document) as? [String: Any])
        fields["tokenHash"] = nil
        fields["token"] = "old"
        let old = try JSONSerialization.data(withJSONObject: fields)
        let record = try JSONDecoder().decode(InstanceRecord.self, from: old)
        stage.registry.add(record, owner: stage.owner)
        #expect(try await stage.call(.assignment, secret: "old") == 200)
        #expect(try await stage.call(.assignment, secret: "new") == 401)
        #expect(try await stage.exchange("old", for: mine) == 401)
    }

    @Test func `secrets are long, random and told from hashes of other texts`() {
        #expect(AgentSecret.make() != AgentSecret.make())
        #expect(AgentSecret.isHash(AgentSecret.make()))
        // FIPS 180-2, appendix B.1.
        #expect(
            AgentSecret.hash(of: "abc")
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }
}
