package import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// A container engine of this machine, spoken to through its unix socket in the Docker Engine API.
///
/// Paths carry no version: each engine then speaks its newest, and what is used here is the same in all of them.
package struct ContainerEngine: Sendable {
    package let socket: String
    let http: HTTPClient

    /// Longest answer that is read at once.
    private static let longestAnswer = 16 << 20

    package init(socket: String, http: HTTPClient) {
        self.socket = socket
        self.http = http
    }

    /// What an engine answered.
    struct Answer {
        var status: Int
        var body: Data

        /// An engine's own words.
        var message: String {
            struct Refusal: Decodable { var message: String? }
            let text = (try? JSONDecoder().decode(Refusal.self, from: body))?.message
            return text ?? String(decoding: body.prefix(500), as: UTF8.self)
        }
    }

    /// Makes one call: to a percent-encoded path with its query, with a document as JSON, if any.
    func call(
        _ method: String,
        _ path: String,
        body: Data? = nil,
        within limit: Duration = .seconds(60)
    ) async throws(ContainerEngineError) -> Answer {
        do {
            let reply = try await http.execute(
                request(method, path, body: body),
                timeout: .nanoseconds(limit.components.seconds * 1_000_000_000)
            )
            let content = try await reply.body.collect(upTo: Self.longestAnswer)
            return Answer(status: Int(reply.status.code), body: Data(buffer: content))
        } catch {
            throw .unreachable(socket: socket, reason: "\(error)")
        }
    }

    /// Makes one call and expects it to succeed, or to end with one of the accepted statuses; `what` is done (`start the
    /// container`) is for a refusal's text.
    @discardableResult
    func demand(
        _ what: String,
        _ method: String,
        _ path: String,
        body: Data? = nil,
        orStatus accepted: Set<Int> = [],
        within limit: Duration = .seconds(60)
    ) async throws(ContainerEngineError) -> Answer {
        let answer = try await call(method, path, body: body, within: limit)
        guard (200..<300).contains(answer.status) || accepted.contains(answer.status) else {
            throw .refused(what: what, status: answer.status, message: answer.message)
        }
        return answer
    }

    func request(_ method: String, _ path: String, body: Data? = nil) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "http+unix://\(Self.encode(socket))\(path)")
        request.method = .init(rawValue: method)
        request.headers.add(name: "Host", value: "localhost")
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(body)
        }
        return request
    }

    /// A text as a part of a path or of a query.
    static func encode(_ text: String) -> String {
        let plain = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        )
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
    }

    /// A filter of a list by labels.
    static func filter(labels: [String: String]) -> String {
        let wanted = labels.map { "\($0.key)=\($0.value)" }.sorted()
        let json = (try? JSONEncoder().encode(["label": wanted])) ?? Data("{}".utf8)
        return "filters=" + encode(String(decoding: json, as: UTF8.self))
    }

    func decode<Value: Decodable>(_ type: Value.Type, _ answer: Answer) throws(ContainerEngineError) -> Value
    {
        do {
            return try EngineJSON.decode(type, from: answer.body)
        } catch {
            throw .refused(what: "be understood", status: answer.status, message: "\(error)")
        }
    }

    // MARK: - The engine itself

    /// Whether it is Podman, which has a dialect of its own beside Docker's.
    ///
    /// Asked this way because Podman starts programs to tell its version.
    package func isPodman() async throws(ContainerEngineError) -> Bool {
        let reply: HTTPClientResponse
        do {
            reply = try await http.execute(request("GET", "/_ping"), timeout: .seconds(10))
            _ = try await reply.body.collect(upTo: Self.longestAnswer)
        } catch {
            throw .unreachable(socket: socket, reason: "\(error)")
        }
        return reply.headers.contains(name: "Libpod-API-Version")
    }
}

/// What a container engine did not do.
package enum ContainerEngineError: Error, Equatable {
    /// Nobody answers at the socket.
    case unreachable(socket: String, reason: String)
    case refused(what: String, status: Int, message: String)

    /// Whether the engine says that there is no such thing.
    package var isMissing: Bool {
        if case .refused(_, 404, _) = self { true } else { false }
    }
}

extension ContainerEngineError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let socket, let reason):
            "The container engine at \(socket) does not answer: \(reason)"
        case .refused(let what, let status, let message):
            "The container engine did not \(what) (status \(status)): \(message)"
        }
    }
}
