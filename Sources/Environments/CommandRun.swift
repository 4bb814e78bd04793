import CLinux
import Foundation
import Synchronization

/// A program that is run for its effect, with the end of what it writes.
struct CommandRun: Sendable {
    /// How it went.
    struct Result: Sendable {
        /// Exit code; -1 if a signal ended it.
        let code: Int
        /// The last of standard output and error.
        let words: String
    }

    let command: [String]
    let environment: [String: String]
    /// Added to the priority: 19 gives way to everything.
    var niceness = 0

    private static let mostWords = 8192

    /// Runs it to its end; a cancelled task kills it.
    ///
    /// - Throws: `EnvironmentError.files` if it cannot be started.
    func run() async throws(EnvironmentError) -> Result {
        var pipe: [Int32] = [-1, -1]
        guard clx_pipe(&pipe, 1 << 16) >= 0 else {
            throw .files("a pipe could not be made: \(String(cString: strerror(errno)))")
        }
        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        let child = clx_spawn(command[0], &arguments, &variables, -1, pipe[1], pipe[1])
        close(pipe[1])
        guard child > 0 else {
            close(pipe[0])
            throw .files("\(command[0]) cannot be run: \(String(cString: strerror(-child)))")
        }
        if niceness > 0 { setpriority(Int32(PRIO_PROCESS.rawValue), id_t(child), Int32(niceness)) }
        let output = pipe[0]
        let life = Life()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(returning: Self.wait(for: child, output, life))
                }
            }
        } onCancel: {
            // Its own children too: it leads a session, and they hold the pipe.
            life.withLock { isOver in if !isOver { kill(-child, SIGKILL) } }
        }
    }

    /// Whether the process is over, so that its number may be another one's.
    private final class Life: Sendable {
        private let isOver = Mutex(false)

        func withLock(_ body: (inout Bool) -> Void) { isOver.withLock { body(&$0) } }
    }

    private static func wait(for child: pid_t, _ output: Int32, _ life: Life) -> Result {
        var words: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(output, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            words += chunk.prefix(count)
            if words.count > 2 * mostWords { words.removeFirst(words.count - mostWords) }
        }
        close(output)
        var status: Int32 = 0
        life.withLock { isOver in
            clx_wait(child, &status, 0)
            isOver = true
        }
        return Result(
            code: Int(clx_exit_code(status)),
            words: String(decoding: words.suffix(mostWords), as: UTF8.self)
        )
    }
}
