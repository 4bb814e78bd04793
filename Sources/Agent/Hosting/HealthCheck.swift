import CLinux
import Foundation
import Glibc

/// Asks a container's `/ping` through the instance's connector.
struct HealthCheck: Sendable {
    let connectorPath: String
    let port: UInt16

    /// Every answer must come within this time.
    static let answerLimit = Duration.seconds(2)

    /// What a container said, for the router and for a failure's text.
    enum Answer: Sendable, Equatable, CustomStringConvertible {
        case status(Int)
        /// Nothing listens, or it does not accept.
        case refused
        case noAnswer
        /// It closed the connection, or spoke something else than HTTP.
        case garbled

        var description: String {
            switch self {
            case .status(let code): "HTTP status \(code)"
            case .refused: "connection refused"
            case .noAnswer: "no answer within 2 s"
            case .garbled: "the connection ended without an HTTP answer"
            }
        }
    }

    /// One call, on a thread of its own.
    func ping() async -> Answer {
        await withCheckedContinuation { done in
            DispatchQueue.global().async { done.resume(returning: pingBlocking()) }
        }
    }

    private func pingBlocking() -> Answer {
        let number = clx_connect_inside(connectorPath, port, 500)
        guard number >= 0 else { return .refused }
        let socket = Descriptor(owning: number)
        let flags = fcntl(socket.number, F_GETFL)
        _ = fcntl(socket.number, F_SETFL, flags & ~O_NONBLOCK)
        let request =
            "GET /ping HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAccept: */*\r\nConnection: close\r\n\r\n"
        guard clx_send(socket.number, request, request.utf8.count, nil, 0) == request.utf8.count else {
            return .garbled
        }
        let deadline = ContinuousClock.now + Self.answerLimit
        var reply: [UInt8] = []
        while !reply.contains(10), reply.count < 4096 {
            let left = ContinuousClock.now.duration(to: deadline)
            let leftMS = Int32(
                clamping: left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            )
            guard leftMS > 0, clx_wait_readable(socket.number, leftMS) > 0 else { return .noAnswer }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let length = read(socket.number, &chunk, chunk.count)
            guard length > 0 else { return .garbled }
            reply += chunk.prefix(length)
        }
        // `HTTP/1.1 200 OK`
        let words = String(decoding: reply.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self).split(
            separator: " "
        )
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let code = Int(words[1]) else { return .garbled }
        return .status(code)
    }
}

/// The answers to `/ping` during a start, runs of equal ones told once.
struct PingTranscript: Sendable {
    private var entries: [(answer: HealthCheck.Answer, count: Int, seconds: Double)] = []
    private let start = ContinuousClock.now

    /// Answers that are kept: a container that alternates must not fill memory.
    private static let mostEntries = 50

    mutating func record(_ answer: HealthCheck.Answer) {
        let elapsed = start.duration(to: .now)
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        if let last = entries.last, last.answer == answer {
            entries[entries.count - 1].count += 1
        } else if entries.count < Self.mostEntries {
            entries.append((answer, 1, seconds))
        }
    }

    /// Whether nothing ever accepted a connection.
    var neverConnected: Bool { !entries.isEmpty && entries.allSatisfy { $0.answer == .refused } }

    /// Such as `connection refused (12 times from 0.0 s), HTTP status 500 (3 times from 1.2 s)`.
    var text: String {
        guard !entries.isEmpty else { return "/ping was never called" }
        return entries.map { entry in
            let from = String(format: "%.1f", entry.seconds)
            return "\(entry.answer) (\(entry.count) \(entry.count == 1 ? "time" : "times") from \(from) s)"
        }.joined(separator: ", ")
    }
}
