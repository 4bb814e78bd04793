import CLinux
import Foundation
import Synchronization

/// A program that is run for its effect, with the end of what it writes.
struct CommandRun: Sendable {
    /// How it went.
    struct Result: Sendable {
        /// Exit code; -1 if a signal ended it, ours too.
        let code: Int
        /// The last of standard output and error.
        let words: String
        /// Whether it was ended because nothing happened any more.
        var hasStalled = false
    }

    let command: [String]
    let environment: [String: String]
    /// Added to the priority: 19 gives way to everything.
    var niceness = 0
    /// How long it may neither write, nor print, nor compute before it is ended; `nil` for ever.
    var patience: Duration?

    private static let mostWords = 8192

    /// Runs it to its end; a cancelled task kills it and its children.
    ///
    /// - Throws: `EnvironmentError.files` if it cannot be started, `CancellationError`.
    func run() async throws -> Result {
        try Task.checkCancellation()
        var pipe: [Int32] = [-1, -1]
        guard clx_pipe(&pipe, 1 << 16) >= 0 else {
            throw EnvironmentError.files("a pipe could not be made: \(String(cString: strerror(errno)))")
        }
        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        let child = clx_spawn(command[0], &arguments, &variables, -1, pipe[1], pipe[1])
        close(pipe[1])
        guard child > 0 else {
            close(pipe[0])
            throw EnvironmentError.files("\(command[0]) cannot be run: \(String(cString: strerror(-child)))")
        }
        if niceness > 0 { setpriority(Int32(PRIO_PROCESS.rawValue), id_t(child), Int32(niceness)) }
        let life = Life(child)
        let output = pipe[0]
        let result = await withTaskGroup(of: Result?.self) { group in
            group.addTask {
                await withTaskCancellationHandler {
                    await withCheckedContinuation { continuation in
                        Thread.detachNewThread {
                            continuation.resume(returning: Self.wait(for: child, output, life))
                        }
                    }
                } onCancel: {
                    life.end()
                }
            }
            if let patience { group.addTask { await Self.watch(child, life, patience) } }
            var result: Result?
            for await ended in group {
                // The watch is over when it has ended the process, which then ends by itself.
                guard let ended else { continue }
                result = ended
                group.cancelAll()
            }
            return result
        }
        try Task.checkCancellation()
        return result ?? Result(code: -1, words: "")
    }

    /// Ends a process that does nothing any more.
    private static func watch(_ child: pid_t, _ life: Life, _ patience: Duration) async -> Result? {
        var before = SessionActivity(of: child)
        var moved = ContinuousClock.now
        while true {
            // A cancelled sleep says that the process is over.
            do { try await Task.sleep(for: min(patience / 4, .seconds(5))) } catch { return nil }
            let now = SessionActivity(of: child, printed: life.printed)
            if now.isProgress(since: before) {
                moved = .now
            } else if .now - moved >= patience {
                life.end(stalled: true)
                return nil
            }
            before = now
        }
    }

    /// What is known of a process from several threads.
    private final class Life: Sendable {
        private struct State {
            /// Then its number may be another one's.
            var isOver = false
            var hasStalled = false
            var printed = 0
        }

        private let child: pid_t
        private let state = Mutex(State())

        init(_ child: pid_t) { self.child = child }

        /// Bytes that it has printed.
        var printed: Int { state.withLock(\.printed) }

        func note(printed count: Int) { state.withLock { $0.printed += count } }

        /// Ends it with its children: it leads a session, and they hold the pipe.
        func end(stalled: Bool = false) {
            state.withLock { state in
                guard !state.isOver else { return }
                state.hasStalled = stalled
                kill(-child, SIGKILL)
            }
        }

        /// Takes the status of one that has ended; from then on its number may be another one's.
        ///
        /// - Returns: Whether it was ended because it did nothing.
        func reap(_ status: inout Int32) -> Bool {
            state.withLock { state in
                clx_wait(child, &status, 0)
                state.isOver = true
                return state.hasStalled
            }
        }
    }

    private static func wait(for child: pid_t, _ output: Int32, _ life: Life) -> Result {
        var words: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(output, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            life.note(printed: count)
            words += chunk.prefix(count)
            if words.count > 2 * mostWords { words.removeFirst(words.count - mostWords) }
        }
        close(output)
        // A program may close its output and run on: until it has ended it must be possible to end it.
        while waitid(P_PID, id_t(child), nil, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        var status: Int32 = 0
        let hasStalled = life.reap(&status)
        return Result(
            code: Int(clx_exit_code(status)),
            words: String(decoding: words.suffix(mostWords), as: UTF8.self),
            hasStalled: hasStalled
        )
    }
}
