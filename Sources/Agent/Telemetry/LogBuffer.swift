import AgentProtocol
import Foundation
import Synchronization

/// Lines between the thread that reads a container's output and the task that sends them.
final class LogBuffer: Sendable {
    private struct State {
        var lines: [LogLine] = []
        var bytes = 0
        /// The last lines of all, for a failure's text.
        var tail: [String] = []
        var lost = 0
    }

    private let state = Mutex(State())
    private let continuation: AsyncStream<Void>.Continuation
    /// Signals that there is something to send.
    let arrivals: AsyncStream<Void>

    /// Bytes of text in one batch, and in the buffer before lines are dropped.
    private static let batchBytes = 256 << 10
    private static let mostBytes = 64 << 20
    private static let tailLength = 60

    init() {
        (arrivals, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func append(_ texts: [String], timestampMS: Int, isOwn: Bool = false) {
        guard !texts.isEmpty else { return }
        let first = state.withLock { state in
            let wasEmpty = state.lines.isEmpty
            for text in texts {
                guard state.bytes < Self.mostBytes else {
                    state.lost += 1
                    continue
                }
                state.lines.append(LogLine(timestampMS: timestampMS, text: text))
                state.bytes += text.utf8.count + 32
            }
            if !isOwn {
                state.tail = Array((state.tail + texts.suffix(Self.tailLength)).suffix(Self.tailLength))
            }
            return wasEmpty
        }
        if first { continuation.yield() }
    }

    /// One line of the platform's own, now.
    func append(_ text: String) {
        append([text], timestampMS: Int(Date().timeIntervalSince1970 * 1000), isOwn: true)
    }

    /// Takes the oldest lines, at most one batch.
    func take() -> [LogLine] {
        state.withLock { state in
            var count = 0
            var bytes = 0
            while count < state.lines.count, bytes < Self.batchBytes {
                bytes += state.lines[count].text.utf8.count + 32
                count += 1
            }
            var batch = Array(state.lines.prefix(count))
            state.lines.removeFirst(count)
            state.bytes -= bytes
            if state.lost > 0, let last = batch.last {
                batch.append(
                    LogLine(
                        timestampMS: last.timestampMS,
                        text: state.lost == 1
                            ? "[clary] A line was dropped: lines came faster than they could be stored."
                            : "[clary] \(state.lost) lines were dropped: they came faster than they could be stored."
                    )
                )
                state.lost = 0
            }
            return batch
        }
    }

    var isFull: Bool { state.withLock { $0.bytes >= Self.batchBytes } }

    /// The last `count` lines that said something.
    func lastLines(_ count: Int) -> [String] {
        state.withLock { state in
            Array(state.tail.filter { !$0.allSatisfy(\.isWhitespace) }.suffix(count))
        }
    }
}
