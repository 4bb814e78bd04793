import CLinux
import Foundation
import Glibc

/// A program of ours that went to the background by itself.
struct BackgroundProcess: Sendable, Equatable {
    var processID: Int32
    /// In clock ticks since boot.
    var start: UInt64

    /// Runs a program of ours that goes to the background, and waits until it has.
    ///
    /// It gets none of this process's descriptors and next to nothing of its environment; its first process prints the
    /// identity of the lasting one and ends.
    ///
    /// - Parameters:
    ///   - executable: Absolute path.
    ///   - arguments: Without the program's name; everybody on this machine can read them.
    ///   - input: What it reads from its standard input, a pipe that holds nothing else: secrets. At most 4096 bytes.
    ///   - errors: File that its standard error is added to.
    /// - Returns: The lasting process.
    /// - Throws: `EngineError.failed` with what the program wrote on standard error.
    static func launch(
        _ executable: String,
        _ arguments: [String],
        input: String = "",
        errors: String
    ) throws(EngineError) -> Self {
        var pipe: [Int32] = [-1, -1]
        guard clx_pipe(&pipe, 4096) >= 0 else { throw .failed("Cannot make a pipe: \(lastError()).") }
        defer { close(pipe[0]) }
        let log = open(errors, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else {
            close(pipe[1])
            throw .failed("Cannot write \(errors): \(lastError()).")
        }
        defer { close(log) }
        let start = lseek(log, 0, SEEK_END)
        let handed = try handOver(input)
        let pid = spawn(executable, arguments, input: handed, output: pipe[1], errors: log)
        close(pipe[1])
        close(handed)
        guard pid > 0 else { throw .failed("Cannot run \(executable): \(String(cString: strerror(-pid))).") }
        let line = readLine(pipe[0])
        var status: Int32 = 0
        clx_wait(pid, &status, 0)
        let words = line.split(separator: " ")
        guard clx_exit_code(status) == 0, words.count == 2, let id = Int32(words[0]),
            let ticks = UInt64(words[1])
        else {
            throw .failed("`\(arguments.first ?? "")` did not start: \(complaints(log, from: start))")
        }
        return Self(processID: id, start: ticks)
    }

    /// The reading end of a pipe that holds `text` and then ends.
    private static func handOver(_ text: String) throws(EngineError) -> Int32 {
        var pipe: [Int32] = [-1, -1]
        guard clx_pipe(&pipe, 4096) >= 0 else { throw .failed("Cannot make a pipe: \(lastError()).") }
        let written = write(pipe[1], text, text.utf8.count)
        close(pipe[1])
        guard written == text.utf8.count else {
            close(pipe[0])
            throw .failed("Cannot write to a pipe: \(lastError()).")
        }
        return pipe[0]
    }

    private static func spawn(
        _ executable: String,
        _ arguments: [String],
        input: Int32,
        output: Int32,
        errors: Int32
    ) -> Int32 {
        // Besides locale and search path an agent inherits only where logins for images' registries are.
        let kept = [
            "PATH", "LANG", "LC_ALL", "TZ", "HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR",
            "REGISTRY_AUTH_FILE",
            "DOCKER_CONFIG",
        ]
        let environment = ProcessInfo.processInfo.environment.filter { kept.contains($0.key) }
        var argv = ([executable] + arguments).map { strdup($0) } + [nil]
        var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        let deadline = ContinuousClock.now + patience
        while true {
            let pid = clx_spawn(executable, &argv, &envp, input, output, errors)
            guard pid < 0, beingReplaced.contains(-pid), ContinuousClock.now < deadline else { return pid }
            usleep(20_000)
        }
    }

    /// What the program's file is while another one is put in its place: not there, not yet allowed to run, being written.
    private static let beingReplaced: Set<Int32> = [ENOENT, EACCES, ETXTBSY]
    /// How long that may take; the file is there in one piece after less than a second on any disk that is not overrun.
    private static let patience = Duration.seconds(10)

    private static func readLine(_ descriptor: Int32) -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < 200, read(descriptor, &byte, 1) == 1, byte != 10 { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    private static func complaints(_ log: Int32, from start: Int) -> String {
        var bytes = [UInt8](repeating: 0, count: 2000)
        let count = max(0, pread(log, &bytes, bytes.count, start))
        let text = String(decoding: bytes.prefix(count), as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines
        )
        return text.isEmpty ? "it said nothing." : text
    }

    /// Whether this very process still runs.
    var isAlive: Bool { clx_process_start(processID) == start }

    /// Ends it by force; one that is gone is no error.
    func kill() {
        // The descriptor pins the process, so that the id cannot be somebody else's once it has been checked.
        let descriptor = clx_pidfd_open(processID)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if isAlive { clx_pidfd_signal(descriptor, SIGKILL) }
    }

    private static func lastError() -> String { String(cString: strerror(errno)) }
}
