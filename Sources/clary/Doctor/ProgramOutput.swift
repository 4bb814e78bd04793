import CLinux
import Glibc

/// Runs a program for what it prints.
enum ProgramOutput {
    /// Standard output and error of a program that ends well within some seconds; `nil` otherwise.
    static func of(_ path: String, _ words: [String], environment: [String] = []) -> String? {
        var pipe: [Int32] = [-1, -1]
        guard clx_pipe(&pipe, 1 << 16) >= 0 else { return nil }
        defer { close(pipe[0]) }
        var arguments = ([path] + words).map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        let child = clx_spawn(path, &arguments, &variables, -1, pipe[1], pipe[1])
        close(pipe[1])
        guard child > 0 else { return nil }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while clx_wait_readable(pipe[0], patienceMS) > 0 {
            let count = read(pipe[0], &chunk, chunk.count)
            guard count > 0 else { break }
            output += chunk.prefix(count)
        }
        var status: Int32 = 0
        if clx_wait(child, &status, WNOHANG) == 0 {
            // It closed its output, or it says nothing: either way its time is over.
            usleep(100_000)
            if clx_wait(child, &status, WNOHANG) == 0 {
                kill(child, SIGKILL)
                clx_wait(child, &status, 0)
            }
        }
        return clx_exit_code(status) == 0 ? String(decoding: output, as: UTF8.self) : nil
    }

    private static let patienceMS: Int32 = 10_000
}
