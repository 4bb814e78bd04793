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
    /// The client wants a limit, which is over for it when an answer begins: `ended` sets those that count.
    static let longestCall = TimeAmount.hours(24)

    package init(socket: String, http: HTTPClient) {
        self.socket = socket
        self.http = http
    }

    /// What an engine answered.
    struct Answer {
        var status: Int
        var body: Data
        var headers = HTTPHeaders()

        /// An engine's own words.
        var message: String {
            struct Refusal: Decodable { var message: String? }
            let text = (try? JSONDecoder().decode(Refusal.self, from: body))?.message
            return text ?? String(decoding: body.prefix(500), as: UTF8.self)
        }
    }

    /// Makes one call: to a percent-encoded path with its query, with a document as JSON, if any; `what` it does (`start the
    /// container`) is for errors' texts, and `limit` is for the whole answer.
    func call(
        _ what: String,
        _ method: String,
        _ path: String,
        body: Data? = nil,
        within limit: Duration = .seconds(60)
    ) async throws(ContainerEngineError) -> Answer {
        let (http, request) = (http, request(method, path, body: body))
        do {
            return try await ended(within: limit, otherwise: .late(what: what, limit: limit)) {
                let reply = try await http.execute(request, timeout: Self.longestCall)
                let content = try await reply.body.collect(upTo: Self.longestAnswer)
                return Answer(
                    status: Int(reply.status.code),
                    body: Data(buffer: content),
                    headers: reply.headers
                )
            }
        } catch {
            throw failure(error)
        }
    }

    /// Makes one call and expects it to succeed, or to end with one of the accepted statuses; `what` is done (`start the
    /// container`) is for errors' texts.
    @discardableResult
    func demand(
        _ what: String,
        _ method: String,
        _ path: String,
        body: Data? = nil,
        orStatus accepted: Set<Int> = [],
        within limit: Duration = .seconds(60)
    ) async throws(ContainerEngineError) -> Answer {
        let answer = try await call(what, method, path, body: body, within: limit)
        guard (200..<300).contains(answer.status) || accepted.contains(answer.status) else {
            throw .refused(what: what, status: answer.status, message: answer.message)
        }
        return answer
    }

    /// An error of a call's in words of this module.
    func failure(_ error: any Error) -> ContainerEngineError {
        if let error = error as? ContainerEngineError { return error }
        // Who is cancelled hears of it in the words of whatever was under way.
        if error is CancellationError || Task.isCancelled { return .cancelled }
        return .unreachable(socket: socket, reason: "\(error)")
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

    /// Reads an answer; `what` it tells of (`the image x:1`) is for the error's text.
    func decode<Value: Decodable>(
        _ type: Value.Type,
        _ answer: Answer,
        of what: String
    ) throws(ContainerEngineError) -> Value {
        do {
            return try EngineJSON.decode(type, from: answer.body)
        } catch {
            throw .unreadable(what: what, reason: "\(error)")
        }
    }

    // MARK: - The engine itself

    /// Whether it is Podman, which has a dialect of its own beside Docker's.
    ///
    /// Asked this way because Podman starts programs to tell its version.
    package func isPodman() async throws(ContainerEngineError) -> Bool {
        try await call("answer", "GET", "/_ping", within: .seconds(10))
            .headers.contains(name: "Libpod-API-Version")
    }
}
