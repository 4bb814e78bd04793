import AWSWire
import Agent
import AgentProtocol
import AsyncHTTPClient
import ControlPlane
import Foundation
import Gateway
import NIOCore
import NIOHTTP1
import ObjectStore
import SageMakerAPI

/// Calls the running server as its owner: Clary's own calls and AWS operations, signed like every other.
struct ServerClient {
    let server: RunningServer

    /// The server that uses a data directory.
    ///
    /// - Throws: `NoServer` if none runs there.
    init(_ dataDirectory: DataDirectoryOption) throws {
        server = try RunningServer.find(dataDirectory: dataDirectory.path)
    }

    // MARK: Clary's own calls

    func overview() async throws -> PlatformOverview { try await ask("GET", "overview") }

    /// Jobs of every account and region, newest first; those that have not ended are never left out.
    func jobs(named name: String? = nil, limit: Int) async throws -> [JobReport] {
        let list: JobList = try await ask("GET", "jobs?limit=\(limit)\(Self.filter(name))")
        return list.jobs
    }

    /// Endpoints of every account and region, newest first.
    func endpoints(named name: String? = nil) async throws -> [EndpointReport] {
        let list: EndpointList = try await ask("GET", "endpoints?\(Self.filter(name).dropFirst())")
        return list.endpoints
    }

    /// Asks the server to end everything and itself.
    func beginShutdown() async throws {
        let _: [String: Bool] = try await ask("POST", "shutdown")
    }

    /// Reads everything that is stored and says what is damaged.
    func scrub() async throws -> ScrubReport { try await ask("POST", "scrub") }

    /// Finds, and unless the run is dry removes, what is of no use any more.
    func collectGarbage(_ request: GarbageCollector.Request) async throws -> GarbageCollector.Report {
        try await ask("POST", "gc", body: JSONEncoder().encode(request))
    }

    /// Adds a user; the reply has the secret key, this once.
    func addUser(_ user: NewUser) async throws -> UserReport {
        try await ask("POST", "users", body: JSONEncoder().encode(user))
    }

    func users() async throws -> [UserReport] { try await ask("GET", "users") }

    func removeUser(_ name: String) async throws -> UserReport {
        try await ask("DELETE", "users?\(Self.filter(name).dropFirst())")
    }

    func roles() async throws -> [RoleReport] { try await ask("GET", "roles") }

    func importRoles(_ roles: ImportedRoles) async throws -> [RoleReport] {
        try await ask("POST", "roles", body: JSONEncoder().encode(roles))
    }

    /// The newest entries of the audit log that fit, oldest first; `since` is in seconds since the epoch.
    func audit(since: Double?, user: String?, action: String?, limit: Int) async throws -> [AuditEntry] {
        var query = "limit=\(limit)"
        if let since { query += "&since=\(since)" }
        if let user { query += "&user=\(PercentEncoding.encode(user))" }
        if let action { query += "&action=\(PercentEncoding.encode(action))" }
        return try await ask("GET", "audit?\(query)")
    }

    /// Framework images and their environments.
    func images() async throws -> ImageList { try await ask("GET", "images") }

    /// What an image URI stands for.
    func explain(image uri: String) async throws -> ImageExplanation {
        try await ask("GET", "images/why?uri=\(PercentEncoding.encode(uri))")
    }

    /// Has the environment of an image built; returns when it is there.
    func build(image uri: String) async throws -> ImageExplanation {
        try await ask("POST", "images", body: JSONEncoder().encode(ImageRequest(uri: uri)))
    }

    func remove(environment id: String) async throws {
        let _: [String: String] = try await ask("DELETE", "images?id=\(PercentEncoding.encode(id))")
    }

    /// What would become of a request, a JSON document, in a region.
    func preflight(_ document: Data, region: String?) async throws -> PreflightReport {
        try await ask("POST", "preflight", body: document, region: region)
    }

    /// What would become of a training job.
    func preflight(_ request: SageMaker.CreateTrainingJobRequest) async throws -> PreflightReport {
        try await preflight(Data(try JSONCodec.encode(request)), region: nil)
    }

    /// What it takes to enter an instance that was kept.
    func enter(_ wanted: VisitRequest) async throws -> Visit {
        try await ask("POST", "shell", body: JSONEncoder().encode(wanted))
    }

    /// How a visitor of an instance reads the objects of its channels.
    func visitorAccess(to assignment: Assignment) -> VisitorAccess {
        VisitorAccess(
            http: Self.http,
            address: server.address.url,
            credentials: SessionCredentials(
                accessKeyID: server.credentials.accessKeyId,
                secretAccessKey: server.credentials.secretAccessKey,
                sessionToken: "",
                expiration: .infinity
            ),
            region: assignment.region
        )
    }

    /// Clears away what was kept; the reply is the number of instances.
    func discard(_ wanted: VisitRequest) async throws -> Int {
        let reply: [String: Int] = try await ask("POST", "shell/discard", body: JSONEncoder().encode(wanted))
        return reply["instances"] ?? 0
    }

    private static func filter(_ name: String?) -> String {
        name.map { "&name=\(PercentEncoding.encode($0))" } ?? ""
    }

    private func ask<Reply: Decodable>(
        _ method: String,
        _ path: String,
        body: Data = Data(),
        region: String? = nil
    ) async throws -> Reply {
        let reply = try await send(
            method,
            PlatformAPI.prefix + path,
            service: PlatformAPI.service,
            region: region,
            body: Array(body)
        )
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(Reply.self, from: Data(try await collect(reply)))
    }

    // MARK: AWS operations

    /// Performs an operation of a service that speaks awsJson.
    ///
    /// - Parameters:
    ///   - operation: Which one.
    ///   - input: Its request.
    ///   - service: The service's signing name and target prefix.
    ///   - region: Where it acts.
    /// - Returns: Its reply.
    /// - Throws: `ServerRefusal` with the service's words.
    func call<O: AWSWire.Operation>(
        _ operation: O.Type,
        _ input: O.Input,
        of service: (name: String, target: String),
        region: String
    ) async throws -> O.Output {
        let reply = try await send(
            "POST",
            "/",
            service: service.name,
            region: region,
            headers: [
                ("content-type", "application/x-amz-json-1.1"),
                ("x-amz-target", "\(service.target).\(O.name)"),
            ],
            body: try JSONCodec.encode(input)
        )
        return try JSONCodec.decode(O.Output.self, from: try await collect(reply))
    }

    // MARK: HTTP

    /// Lives as long as the process; a server that ends is not waited for.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Sends a signed request.
    ///
    /// - Parameters:
    ///   - method: In upper case.
    ///   - target: Percent-encoded path and query.
    ///   - service: Signing name.
    ///   - region: Of the signature's scope; the server's own by default.
    ///   - headers: Further headers, names in lower case.
    ///   - body: The whole body.
    /// - Returns: The reply of a call that succeeded; its body may be of any length.
    /// - Throws: `ServerRefusal` for a status of 300 and above, `CleanFailure` if nobody answers.
    func send(
        _ method: String,
        _ target: String,
        service: String,
        region: String? = nil,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) async throws -> HTTPClientResponse {
        let url = server.record.url
        let signer = SigV4Signer(
            credential: SigningCredential(
                accessKeyID: server.credentials.accessKeyId,
                secretAccessKey: server.credentials.secretAccessKey
            ),
            region: region ?? server.record.region,
            service: service
        )
        let request = signer.request(method, server.address, target, headers: headers, body: body)
        let reply: HTTPClientResponse
        do {
            reply = try await Self.http.execute(request, timeout: .minutes(10))
        } catch {
            throw CleanFailure(
                message: """
                    The server at \(url) (process \(server.record.pid)) does not answer: \(error). It may be ending; \
                    `clary doctor` tells whether it runs.
                    """
            )
        }
        guard reply.status.code >= 300 else { return reply }
        throw ServerRefusal(
            status: Int(reply.status.code),
            headers: reply.headers,
            body: try await collect(reply)
        )
    }

    private func collect(_ reply: HTTPClientResponse) async throws -> [UInt8] {
        Array(try await reply.body.collect(upTo: 256 << 20).readableBytesView)
    }
}
