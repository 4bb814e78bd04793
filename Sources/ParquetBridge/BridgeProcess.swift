import Glibc

/// A child process whose standard input and output are one socket.
struct BridgeProcess: ~Copyable {
    private let process: pid_t
    private let socket: Int32
    private let errors: Int32
    private var hasEnded = false

    /// Starts a program.
    ///
    /// - Parameter command: Absolute path and arguments.
    /// - Throws: `ParquetError.unavailable` if it cannot be started.
    init(_ command: [String]) throws(ParquetError) {
        var ends: [Int32] = [-1, -1]
        var pipeEnds: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw .unavailable("no socket can be made: \(reason())")
        }
        guard pipe(&pipeEnds) == 0 else {
            let reason = reason()
            for end in ends { close(end) }
            throw .unavailable("no pipe can be made: \(reason)")
        }
        for end in pipeEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for target in [STDIN_FILENO, STDOUT_FILENO] {
            posix_spawn_file_actions_adddup2(&actions, ends[1], target)
        }
        posix_spawn_file_actions_adddup2(&actions, pipeEnds[1], STDERR_FILENO)
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let status = posix_spawn(&child, command[0], &actions, nil, &arguments, environ)
        close(ends[1])
        close(pipeEnds[1])
        guard status == 0 else {
            close(ends[0])
            close(pipeEnds[0])
            throw .unavailable("\(command[0]) cannot be started: \(String(cString: strerror(status)))")
        }
        process = child
        socket = ends[0]
        errors = pipeEnds[0]
    }

    deinit {
        if !hasEnded {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        close(socket)
        close(errors)
    }

    /// Fills a buffer.
    ///
    /// - Returns: Whether the process sent that much.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Bool {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = Glibc.read(socket, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            filled += count
        }
        return true
    }

    /// `count` values; nil if the process sent less.
    func read<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> [Element]? {
        var isWhole = true
        let values = [Element](unsafeUninitializedCapacity: count) { space, initialised in
            isWhole = read(
                into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: space[..<count]))
            )
            initialised = isWhole ? count : 0
        }
        return isWhole ? values : nil
    }

    /// A line without its end; nil if there is none.
    func readLine() -> [UInt8]? {
        var line: [UInt8] = []
        while let byte = read(1, of: UInt8.self) {
            if byte[0] == 0x0A { return line }
            line += byte
        }
        return nil
    }

    /// Sends all bytes.
    ///
    /// - Returns: Whether the process took them.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = send(socket, piece.baseAddress, piece.count, Int32(MSG_NOSIGNAL))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    func write<Element: BitwiseCopyable>(_ values: [Element]) -> Bool {
        values.withUnsafeBytes { write($0) }
    }

    /// Waits for the end of the process.
    ///
    /// - Returns: Its exit status (128 and above for a signal), and what it said on standard error.
    mutating func end() -> (status: Int32, words: String) {
        var words: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(errors, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            if words.count < 1 << 16 { words += piece[..<count] }
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        let signal = status & 0x7F
        let text = String(decoding: words, as: UTF8.self)
        return (signal == 0 ? status >> 8 & 0xFF : 128 + signal, trimmed(text))
    }
}

private func trimmed(_ text: String) -> String {
    var rest = text[...].drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}
