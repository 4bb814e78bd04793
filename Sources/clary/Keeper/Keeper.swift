import CLinux
import Glibc

/// The parent of a server: keeps its listening sockets while the server itself, the worker, comes and goes.
///
/// Started by `clary serve` before anything else, it has one thread, no event loop and nothing to lose: it starts the
/// worker (the same program with `KeeperLink.variable` set), takes a copy of each socket that the worker listens on,
/// and hands them to the next worker, so that a client that calls in between waits in the sockets' queues.
///
/// | what happens | what the keeper does |
/// |---|---|
/// | the worker ends by itself, or is told to | ends with the worker's code |
/// | the worker fails before it was ever ready | ends with the worker's code: the worker has said why |
/// | the worker crashes | starts the next one at once; after five that never got ready, gives up |
/// | SIGTERM, SIGINT, SIGHUP | tells the worker to end |
/// | SIGUSR2 | lets the worker finish its requests and starts the program that is now at its path |
/// | the keeper dies | the worker sees the link close and ends |
struct Keeper {
    private let program: String
    private let arguments: [String]
    private let signals: Int32
    private var sockets: [String: Int32]
    /// The file by which the server is found, once it is written.
    private var record: String?

    private var worker: Int32 = 0
    private var link: Int32 = -1
    private var isReady = false
    private var wasEverReady = false
    private var failures = 0
    private var purpose = Purpose.run
    private var next: ContinuousClock.Instant?

    /// What the keeper is about.
    private enum Purpose {
        case run
        /// The worker was told to make room for its successor.
        case replace
        /// The worker was told to end.
        case end
    }

    /// Workers that may crash in a row before they are ready.
    private static let mostFailures = 5

    /// Becomes the keeper if `arguments` (program name first) ask for a server and nobody keeps its sockets yet.
    static func runIfAsked(_ arguments: [String]) {
        guard arguments.count > 1, arguments[1] == "serve", KeeperLink.current == nil else { return }
        var keeper = Keeper(arguments)
        let code = keeper.run()
        keeper.withdraw()
        exit(code)
    }

    private init(_ arguments: [String]) {
        program = ExecutablePath.current
        self.arguments = Array(arguments.dropFirst())
        // A parent that ignores it would have the kernel forget children before they are waited for.
        signal(SIGCHLD, SIG_DFL)
        signals = clx_signal_descriptor([SIGTERM, SIGINT, SIGHUP, SIGUSR2, SIGCHLD, 0])
        sockets = Activation.sockets()
    }

    private mutating func run() -> Int32 {
        guard signals >= 0 else { return fail("Signals cannot be waited for: \(Self.text(signals))") }
        start()
        while true {
            wait()
            takeMessages()
            while case let number = clx_next_signal(signals), number > 0 { hear(number) }
            if let code = reap() { return code }
            if worker == 0, purpose == .end { return 0 }
            if let time = next, ContinuousClock.now >= time { start() }
        }
    }

    private func withdraw() {
        if let record { unlink(record) }
    }

    /// Returns when there is something to do.
    private func wait() {
        var entries = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
        if link >= 0 { entries.append(pollfd(fd: link, events: Int16(POLLIN), revents: 0)) }
        var patience: Int32 = -1
        if let next {
            let left = ContinuousClock.now.duration(to: next).components
            patience = Int32(max(0, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1))
        }
        _ = poll(&entries, UInt(entries.count), patience)
    }

    private mutating func hear(_ number: Int32) {
        switch number {
        case SIGTERM, SIGINT, SIGHUP:
            purpose = .end
            if worker > 0 { kill(worker, SIGTERM) }
        case SIGUSR2 where purpose == .run:
            guard worker > 0 else { return }
            purpose = .replace
            kill(worker, SIGTERM)
        default:
            break
        }
    }

    // MARK: The worker

    private mutating func start() {
        next = nil
        isReady = false
        if purpose == .replace { purpose = .run }
        var pair: [Int32] = [-1, -1]
        let status = clx_socket_pair(&pair)
        guard status >= 0 else { return postpone("No socket for the server: \(Self.text(status))") }
        let child = clx_fork()
        if child == 0 { becomeWorker(link: pair[1]) }
        close(pair[1])
        guard child > 0 else {
            close(pair[0])
            return postpone("The server cannot be started: \(Self.text(child))")
        }
        (worker, link) = (child, pair[0])
    }

    /// In the child: the program with the link as descriptor 3 and the sockets from 4 on.
    private func becomeWorker(link: Int32) -> Never {
        clx_reset_signals()
        // Ctrl-C is for the keeper, which passes it on once.
        setpgid(0, 0)
        let names = sockets.keys.sorted()
        let descriptors = [link] + names.compactMap { sockets[$0] }
        let status = clx_place(descriptors, Int32(descriptors.count), KeeperLink.descriptor)
        setenv(KeeperLink.variable, names.joined(separator: ","), 1)
        var words = (["clary-worker"] + arguments).map { strdup($0) } + [nil]
        // When a new program does not start, the one that the keeper is made of may.
        let path = failures.isMultiple(of: 2) && access(program, X_OK) == 0 ? program : "/proc/self/exe"
        if status >= 0 { execv(path, &words) }
        Self.say("clary serve: \(path): \(String(cString: strerror(errno)))")
        _exit(127)
    }

    private mutating func takeMessages() {
        guard link >= 0 else { return }
        var message = [UInt8](repeating: 0, count: 256)
        while clx_wait_readable(link, 0) > 0 {
            var socket: Int32 = -1
            var count: Int32 = 1
            let length = clx_receive(link, &message, message.count, &socket, &count)
            guard length > 0 else { break }
            let text = String(decoding: message.prefix(Int(length)), as: UTF8.self)
            if count == 1, socket >= 0 {
                if let old = sockets.updateValue(socket, forKey: text) { close(old) }
            } else if text.hasPrefix(KeeperLink.ready) {
                (isReady, wasEverReady, failures) = (true, true, 0)
                record = String(text.dropFirst(KeeperLink.ready.count))
            }
        }
    }

    /// Waits for a worker that has ended; the code with which the keeper ends too.
    private mutating func reap() -> Int32? {
        var status: Int32 = 0
        guard worker > 0, clx_wait(worker, &status, WNOHANG) == worker else { return nil }
        takeMessages()
        close(link)
        let ended = worker
        (worker, link) = (0, -1)
        let (code, signal) = (clx_exit_code(status), clx_exit_signal(status))
        switch purpose {
        case .end:
            // A worker that had not yet learned to end gently was ended by the signal itself.
            return signal == 0 ? code : (signal == SIGTERM ? 0 : 128 + signal)
        case .replace:
            start()
            return nil
        case .run where signal == 0 && (code == 0 || !wasEverReady):
            return code
        case .run:
            break
        }
        let reason = signal > 0 ? "was ended by signal \(signal)" : "ended with code \(code)"
        if !isReady { failures += 1 }
        guard failures < Self.mostFailures else {
            return fail(
                "The server \(reason) \(failures) times before it was ready. Giving up.",
                code: signal > 0 ? 128 + signal : code
            )
        }
        Self.say("clary serve: the server (process \(ended)) \(reason); it is started again.")
        if failures == 0 { start() } else { next = .now + .milliseconds(100 << failures) }
        return nil
    }

    // MARK: Words

    private mutating func postpone(_ text: String) {
        Self.say("clary serve: \(text); trying again.")
        next = .now + .seconds(1)
    }

    private func fail(_ text: String, code: Int32 = 1) -> Int32 {
        Self.say("Error: \(text)")
        return code
    }

    private static func say(_ text: String) {
        let line = text + "\n"
        _ = write(2, line, line.utf8.count)
    }

    private static func text(_ status: Int32) -> String { String(cString: strerror(-status)) }
}

/// Sockets from a service manager, as `sd_listen_fds(3)` describes them.
private enum Activation {
    private static let first: Int32 = 3

    /// The sockets by the names of `KeptSocket`.
    ///
    /// One with another name is the server's port, a second one the proxy's.
    static func sockets() -> [String: Int32] {
        defer { for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) } }
        guard number("LISTEN_PID") == getpid(), let count = number("LISTEN_FDS"), count > 0 else {
            return [:]
        }
        let given = getenv("LISTEN_FDNAMES").map { String(cString: $0) } ?? ""
        let names = given.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var sockets: [String: Int32] = [:]
        var unnamed = [KeptSocket.proxy, .server]
        for index in 0..<count {
            let descriptor = first + index
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let name = Int(index) < names.count ? names[Int(index)] : ""
            if let known = KeptSocket(rawValue: name) {
                sockets[known.rawValue] = descriptor
            } else if let next = unnamed.popLast() {
                sockets[next.rawValue] = descriptor
            }
        }
        return sockets
    }

    private static func number(_ name: String) -> Int32? {
        getenv(name).flatMap { Int32(String(cString: $0)) }
    }
}
