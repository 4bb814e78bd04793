import AgentProtocol
import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// The agent's side of the agent protocol: JSON over HTTP with the secret of the instance's session, which is in this
/// process's memory only.
///
/// The control plane may be away at any time and may come back at another address; every call says what became of it,
/// and none gives up by itself.
final class ControlPlaneClient: Sendable {
    private let bootstrap: AgentBootstrap
    private let http: HTTPClient
    private let logger: Logger
    private let session: String
    private let lastContact = Mutex(ContinuousClock.now)

    init(bootstrap: AgentBootstrap, http: HTTPClient, logger: Logger) {
        self.bootstrap = bootstrap
        session = bootstrap.token ?? AgentSecret.make()
        self.http = http
        self.logger = logger
    }

    /// What a call led to.
    enum Reply: Sendable {
        case document(Data)
        /// The event cannot happen any more.
        case conflict
        /// The control plane does not know this instance.
        case unknown
        /// Nobody, or nobody who could tell: try again.
        case away(String)
    }

    /// The control plane's address at this moment, such as `http://127.0.0.1:8080` or `http+unix://%2Fsocket`.
    var address: String? {
        guard let text = try? String(contentsOfFile: bootstrap.addressFile, encoding: .utf8) else {
            return nil
        }
        let address = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return address.isEmpty ? nil : address
    }

    /// Time since the control plane last answered.
    var silence: Duration { lastContact.withLock { $0.duration(to: .now) } }

    var orphanTimeout: Duration { .seconds(bootstrap.orphanTimeoutSeconds) }

    /// Fetches a document.
    ///
    /// - Parameters:
    ///   - route: Which one.
    ///   - query: `?name=value`, or nothing.
    ///   - deadline: How long to wait for the whole reply.
    /// - Returns: What became of the call.
    func get(_ route: AgentRoute, query: String = "", deadline: TimeAmount) async -> Reply {
        await call(route, query: query, body: nil, deadline: deadline)
    }

    func post(_ route: AgentRoute, _ body: Data) async -> Reply {
        await call(route, query: "", body: body, deadline: .seconds(30))
    }

    /// Fetches a document of any length into a file; patient until the control plane has been away for too long.
    ///
    /// - Throws: `InstanceFailure` if it does not come to that, `CancellationError`.
    func download(_ route: AgentRoute, query: String, to path: String) async throws {
        var backoff = Backoff()
        while true {
            let problem: String
            do {
                return try await downloadOnce(route, query: query, to: path)
            } catch let failure as InstanceFailure {
                throw failure
            } catch {
                problem = "\(error)"
            }
            try Task.checkCancellation()
            guard silence < orphanTimeout else {
                throw InstanceFailure(
                    blame: .platform,
                    message: "The control plane cannot be reached: \(problem)"
                )
            }
            await backoff.wait()
        }
    }

    private func downloadOnce(_ route: AgentRoute, query: String, to path: String) async throws {
        guard let address else { throw SystemError("read \(bootstrap.addressFile)", code: ENOENT) }
        let request = request(route, query: query, address: address, secret: session)
        let response = try await http.execute(request, timeout: .minutes(10))
        guard response.status.code != 404 else {
            throw InstanceFailure(
                blame: .platform,
                message: "The control plane does not know \(route.rawValue)\(query)."
            )
        }
        guard (200..<300).contains(response.status.code) else {
            throw SystemError("fetch \(route.rawValue) (HTTP status \(response.status.code))", code: EAGAIN)
        }
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw SystemError("write \(path)", code: errno) }
        defer { close(number) }
        for try await chunk in response.body {
            var rest = chunk
            while rest.readableBytes > 0 {
                let written = rest.withUnsafeReadableBytes { write(number, $0.baseAddress, $0.count) }
                guard written > 0 else { throw SystemError("write \(path)", code: errno) }
                rest.moveReaderIndex(forwardBy: written)
            }
        }
        lastContact.withLock { $0 = .now }
    }

    private func request(
        _ route: AgentRoute,
        query: String,
        address: String,
        secret: String
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address + route.path(for: bootstrap.instance) + query)
        // The address of a socket has no host, and HTTP/1.1 wants one.
        if address.hasPrefix("http+unix:") { request.headers.add(name: "Host", value: "localhost") }
        request.headers.add(name: "Authorization", value: "Bearer \(secret)")
        return request
    }

    /// Exchanges the one-time token for the session; may be repeated.
    func openSession(token: String) async -> Reply {
        let proposal = SessionProposal(sessionHash: AgentSecret.hash(of: session))
        do {
            let body = try JSONEncoder().encode(proposal)
            return await call(.session, query: "", body: body, deadline: .seconds(30), secret: token)
        } catch {
            return .away("\(error)")
        }
    }

    private func call(
        _ route: AgentRoute,
        query: String,
        body: Data?,
        deadline: TimeAmount,
        secret: String? = nil
    ) async -> Reply {
        guard let address else { return .away("\(bootstrap.addressFile) holds no address") }
        var request = request(route, query: query, address: address, secret: secret ?? session)
        if let body {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            let response = try await http.execute(request, timeout: deadline)
            let content = try await response.body.collect(upTo: 64 << 20)
            switch response.status.code {
            case 200..<300:
                lastContact.withLock { $0 = .now }
                return .document(Data(content.readableBytesView))
            case 404: return .unknown
            case 409:
                lastContact.withLock { $0 = .now }
                return .conflict
            default: return .away("HTTP status \(response.status.code)")
            }
        } catch {
            if Self.isBreak(error) { lastContact.withLock { $0 = .now } }
            logger.debug(
                "control plane is away",
                metadata: ["error": "\(error)", "call": "\(route.rawValue)"]
            )
            return .away("\(error)")
        }
    }

    /// Whether a connection broke off: then somebody was at its other end until now, however long the call was open.
    private static func isBreak(_ error: any Error) -> Bool {
        error as? HTTPClientError == .remoteConnectionClosed || (error as? IOError)?.errnoCode == ECONNRESET
    }
}

/// Growing pauses between attempts, up to 5 s.
struct Backoff {
    private let first: Duration
    private var pause: Duration

    init(first: Duration = .milliseconds(50)) {
        self.first = first
        pause = first
    }

    mutating func reset() { pause = first }

    /// Sleeps; returns early if the task is cancelled.
    mutating func wait() async {
        try? await Task.sleep(for: pause)
        pause = min(pause * 2, .seconds(5))
    }
}
