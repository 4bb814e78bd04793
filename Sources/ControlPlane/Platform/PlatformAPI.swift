package import AWSWire
import AgentProtocol
import Crypto
import Foundation
package import Gateway
package import HTTPServing
import HTTPTypes
import NIOCore
import ObjectStore
import Resources

/// What the commands for people ask below `/_clary/v1/`: JSON, signed for the service `clary` by the owner or by
/// somebody whose policies allow the `clary:` actions, as an administrator's do.
package struct PlatformAPI: Responder {
    private let authenticator: Authenticator
    private let gatekeeper: Gatekeeper
    private let identities: IdentityAPI
    private let images: ImagesAPI
    private let preflight: Preflight
    private let reporter: PlatformReporter
    private let placement: PlacementQueue
    private let shutdown: Shutdown
    private let garbage: GarbageCollector
    private let kept: KeptInstances
    private let scrubber: Scrubber
    private let dataDirectory: String
    private let bucketDirectories: [String]
    private let now: @Sendable () -> Timestamp

    /// Where its calls are.
    package static let prefix = "/_clary/v1/"
    /// Bytes of the longest request that somebody wants to know the fate of, and more than any other.
    package static let longestBody = 1 << 20
    /// Name of the service in signatures.
    package static let service = "clary"

    /// - Parameters:
    ///   - authenticator: Checks the signatures.
    ///   - gatekeeper: Decides who may ask for what.
    ///   - identities: Answers what is about users, roles and the audit log.
    ///   - images: Answers what is about framework images.
    ///   - preflight: Says what would become of requests.
    ///   - reporter: Draws the reports.
    ///   - placement: Who waits for room.
    ///   - shutdown: Ends everything.
    ///   - garbage: Finds and removes what is of no use.
    ///   - kept: What is left of failed instances.
    ///   - scrubber: Knows what the disk gives back wrong.
    ///   - dataDirectory: Measured for the overview.
    ///   - bucketDirectories: Other directories with objects.
    ///   - now: The clock that signatures are checked by.
    package init(
        authenticator: Authenticator,
        gatekeeper: Gatekeeper,
        identities: IdentityAPI,
        images: ImagesAPI,
        preflight: Preflight,
        reporter: PlatformReporter,
        placement: PlacementQueue,
        shutdown: Shutdown,
        garbage: GarbageCollector,
        kept: KeptInstances,
        scrubber: Scrubber,
        dataDirectory: String,
        bucketDirectories: [String] = [],
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.authenticator = authenticator
        self.gatekeeper = gatekeeper
        self.identities = identities
        self.images = images
        self.preflight = preflight
        self.reporter = reporter
        self.placement = placement
        self.shutdown = shutdown
        self.garbage = garbage
        self.kept = kept
        self.scrubber = scrubber
        self.dataDirectory = dataDirectory
        self.bucketDirectories = bucketDirectories
        self.now = now
    }

    package func respond(to request: ServerRequest) async throws -> ServerResponse {
        do {
            let (caller, body) = try await authenticate(request)
            let call = PlatformCall(request)
            guard let action = call.action else { throw Self.unknown(request) }
            let resource = Self.resource(of: call, body)
            let access = Access(
                action,
                on: "arn:aws:clary:\(caller.scope.region):\(caller.scope.account):\(resource)"
            )
            do {
                try gatekeeper.check([access], by: caller, envelope: .json(.v11))
                let response = try await answer(request, call, body, for: caller)
                await gatekeeper.note(
                    access,
                    by: caller,
                    outcome: nil,
                    parameters: AuditParameters.redacted(Array(body.readableBytesView))
                )
                return response
            } catch let error as ServiceError {
                await gatekeeper.note(access, by: caller, outcome: error, parameters: "")
                throw error
            }
        } catch let error as ServiceError {
            return Self.reply(JSONCodec.errorDocument(error), status: .init(code: error.status))
        } catch let error as BodyTooLarge {
            let text = "The request body is longer than \(error.limit) bytes."
            let refusal = ServiceError("RequestEntityTooLarge", text, status: 413)
            return Self.reply(JSONCodec.errorDocument(refusal), status: .init(code: 413))
        }
    }

    /// What a call is about, as policies and the audit log name it.
    private static func resource(of call: PlatformCall, _ body: ByteBuffer) -> String {
        guard call.name.hasPrefix("POST shell"), let wanted = try? read(VisitRequest.self, body) else {
            return "*"
        }
        return "kept-instance/\(wanted.name)"
    }

    private func authenticate(_ request: ServerRequest) async throws -> (Caller, ByteBuffer) {
        let body = try await request.body.collect(upTo: Self.longestBody)
        let verdict = authenticator.verify(
            request.head,
            payloadHash: Hex.encode(SHA256.hash(data: Array(body.readableBytesView))),
            service: Self.service,
            requestID: RequestID.next(),
            source: SourceAddress.of(request.peer),
            now: now()
        )
        return (try verdict.get(), body)
    }

    private func answer(
        _ request: ServerRequest,
        _ call: PlatformCall,
        _ body: ByteBuffer,
        for caller: Caller
    ) async throws -> ServerResponse {
        let name = call.parameter("name")
        switch (request.head.method, request.path.dropFirst(Self.prefix.count)) {
        case (.get, "overview"):
            var disk = await DirectorySize.measure(dataDirectory)
            disk.freeElsewhere = bucketDirectories.reduce(into: [:]) {
                $0[$1] = DirectorySize.freeBytes(at: $1)
            }
            var overview = try reporter.overview(disk: disk, isShuttingDown: shutdown.isUnderWay)
            let damage = scrubber.knownDamage
            if !damage.isEmpty { overview.damagedObjects = damage.map(\.object) }
            return try Self.reply(overview)
        case (.get, "jobs"):
            let limit = call.parameter("limit").flatMap { Int($0) } ?? 100
            let places = await placement.places
            return try Self.reply(
                JobList(jobs: reporter.jobs(named: name, limit: max(0, limit), places: places))
            )
        case (.get, "endpoints"):
            let places = await placement.places
            return try Self.reply(EndpointList(endpoints: reporter.endpoints(named: name, places: places)))
        case (.post, "shell"):
            return try Self.reply(await kept.enter(Self.read(VisitRequest.self, body)))
        case (.post, "shell/discard"):
            return try Self.reply(["instances": await kept.discard(Self.read(VisitRequest.self, body))])
        case (.post, "shutdown"):
            shutdown.begin()
            return try Self.reply(["isShuttingDown": true])
        case (.post, "gc"):
            let wanted = try PlatformCall.read(GarbageCollector.Request.self, Data(body.readableBytesView))
            return try Self.reply(await garbage.run(wanted))
        case (.post, "scrub"): return try Self.reply(await scrubber.scrubNow())
        default:
            if let report = await preflight.answer(call, Data(body.readableBytesView), for: caller) {
                return try Self.reply(report)
            }
            if let report = try await images.answer(call, Data(body.readableBytesView)) {
                return try Self.reply(report)
            }
            guard let document = try await identities.answer(call, Data(body.readableBytesView)) else {
                throw Self.unknown(request)
            }
            return Self.reply(document, status: .ok)
        }
    }

    private static func read<Value: Decodable>(_ type: Value.Type, _ body: ByteBuffer) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
        } catch {
            throw ServiceError("SerializationException", "The request body is not what this call takes.")
        }
    }

    private static func unknown(_ request: ServerRequest) -> ServiceError {
        ServiceError(
            "UnknownOperationException",
            "There is no \(request.head.method.rawValue) \(request.path.prefix(100)) here.",
            status: 404
        )
    }

    private static func reply(_ report: some Encodable) throws -> ServerResponse {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return reply([UInt8](try encoder.encode(report)), status: .ok)
    }

    private static func reply(_ document: [UInt8], status: HTTPResponse.Status) -> ServerResponse {
        ServerResponse(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .bytes(ByteBuffer(bytes: document))
        )
    }
}
