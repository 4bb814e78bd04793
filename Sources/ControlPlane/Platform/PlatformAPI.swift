package import AWSWire
import AgentProtocol
import Crypto
import Foundation
package import Gateway
package import HTTPServing
import HTTPTypes
import NIOCore

/// What the commands for people ask below `/_clary/v1/`: JSON, signed for the service `clary` with the owner's key.
package struct PlatformAPI: Responder {
    private let authenticator: Authenticator
    private let owner: String
    private let reporter: PlatformReporter
    private let placement: PlacementQueue
    private let shutdown: Shutdown
    private let dataDirectory: String
    private let now: @Sendable () -> Timestamp

    /// Where its calls are.
    package static let prefix = "/_clary/v1/"
    /// Name of the service in signatures.
    package static let service = "clary"

    /// - Parameters:
    ///   - authenticator: Checks the signatures.
    ///   - owner: The access key that may call.
    ///   - reporter: Draws the reports.
    ///   - placement: Who waits for room.
    ///   - shutdown: Ends everything.
    ///   - dataDirectory: Measured for the overview.
    ///   - now: The clock that signatures are checked by.
    package init(
        authenticator: Authenticator,
        owner: String,
        reporter: PlatformReporter,
        placement: PlacementQueue,
        shutdown: Shutdown,
        dataDirectory: String,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.authenticator = authenticator
        self.owner = owner
        self.reporter = reporter
        self.placement = placement
        self.shutdown = shutdown
        self.dataDirectory = dataDirectory
        self.now = now
    }

    package func respond(to request: ServerRequest) async throws -> ServerResponse {
        do {
            try await authorize(request)
            return try await answer(request)
        } catch let error as ServiceError {
            return Self.reply(JSONCodec.errorDocument(error), status: .init(code: error.status))
        } catch let error as BodyTooLarge {
            let text = "The request body is longer than \(error.limit) bytes."
            let refusal = ServiceError("RequestEntityTooLarge", text, status: 413)
            return Self.reply(JSONCodec.errorDocument(refusal), status: .init(code: 413))
        }
    }

    private func authorize(_ request: ServerRequest) async throws {
        let body = try await request.body.collect(upTo: 1 << 16)
        let verdict = authenticator.verify(
            request.head,
            payloadHash: Hex.encode(SHA256.hash(data: Array(body.readableBytesView))),
            service: Self.service,
            requestID: RequestID.next(),
            now: now()
        )
        guard try verdict.get().accessKeyID == owner else {
            throw ServiceError(
                "AccessDeniedException",
                "Only the owner's key (credentials.json in the data directory) may ask for this.",
                status: 403
            )
        }
    }

    private func answer(_ request: ServerRequest) async throws -> ServerResponse {
        let name = Self.parameter("name", of: request)
        switch (request.head.method, request.path.dropFirst(Self.prefix.count)) {
        case (.get, "overview"):
            let disk = await DirectorySize.measure(dataDirectory)
            return try Self.reply(
                reporter.overview(disk: disk, isShuttingDown: shutdown.isUnderWay)
            )
        case (.get, "jobs"):
            let limit = Self.parameter("limit", of: request).flatMap { Int($0) } ?? 100
            let places = await placement.places
            return try Self.reply(
                JobList(jobs: reporter.jobs(named: name, limit: max(0, limit), places: places))
            )
        case (.get, "endpoints"):
            let places = await placement.places
            return try Self.reply(EndpointList(endpoints: reporter.endpoints(named: name, places: places)))
        case (.post, "shutdown"):
            shutdown.begin()
            return try Self.reply(["isShuttingDown": true])
        default:
            throw ServiceError(
                "UnknownOperationException",
                "There is no \(request.head.method.rawValue) \(request.path.prefix(100)) here.",
                status: 404
            )
        }
    }

    private static func parameter(_ name: String, of request: ServerRequest) -> String? {
        request.query.split(separator: "&").lazy
            .map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
            .first { $0.count == 2 && $0[0] == name }
            .flatMap { PercentEncoding.decode($0[1]) }
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
