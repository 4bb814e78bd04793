import Agent
import CLinux
import Foundation
import Glibc

/// Carries bytes between a visitor and the command inside: through a terminal of its own, or three pipes.
///
/// Never this process's own descriptors: what runs inside gets nothing of the machine's but these.
final class ShellStreams: Sendable {
    /// What the command inside has; closed here once it was handed over.
    let inside: InstanceVisit.Streams
    private let insideDescriptors: [Int32]
    /// Where standard input goes.
    private let input: Int32
    /// What arrives, and where it goes.
    private let outputs: [(from: Int32, to: Int32)]
    /// The settings of the visitor's terminal before, if there is one.
    private let before: Data?
    private let ended = DispatchGroup()

    /// How long output that was written before the end may take to arrive after it.
    private static let patience = DispatchTimeInterval.seconds(5)
    private static let resizeIntervalMS: Int32 = 250

    private init(
        inside: InstanceVisit.Streams,
        descriptors: [Int32],
        input: Int32,
        outputs: [(from: Int32, to: Int32)],
        before: Data? = nil
    ) {
        self.inside = inside
        insideDescriptors = descriptors
        self.input = input
        self.outputs = outputs
        self.before = before
    }

    /// A new terminal of the size of this one.
    static func terminal() throws -> ShellStreams {
        var ends: [Int32] = [-1, -1]
        try check(clx_terminal_open(&ends), "open a terminal")
        _ = clx_terminal_copy_size(1, ends[0])
        var settings = termios()
        tcgetattr(0, &settings)
        return ShellStreams(
            inside: .terminal(ends[1]),
            descriptors: [ends[1]],
            input: ends[0],
            outputs: [(ends[0], 1)],
            before: withUnsafeBytes(of: settings) { Data($0) }
        )
    }

    static func pipes() throws -> ShellStreams {
        var pipes = [[Int32]](repeating: [-1, -1], count: 3)
        for number in pipes.indices { try check(clx_pipe(&pipes[number], 65_536), "make a pipe") }
        return ShellStreams(
            inside: .pipes(input: pipes[0][0], output: pipes[1][1], errors: pipes[2][1]),
            descriptors: [pipes[0][0], pipes[1][1], pipes[2][1]],
            input: pipes[0][1],
            outputs: [(pipes[1][0], 1), (pipes[2][0], 2)]
        )
    }

    /// Begins to carry, once the command inside has its ends.
    func start() {
        for descriptor in insideDescriptors { close(descriptor) }
        if before != nil { setTerminal { cfmakeraw(&$0) } }
        for output in outputs {
            ended.enter()
            Thread.detachNewThread { [self] in
                Self.copy(output.from, to: output.to)
                ended.leave()
            }
        }
        // Nobody waits for it: a read of a terminal ends with the process only.
        Thread.detachNewThread { [self] in carryInput() }
    }

    /// Waits for what is still on its way, and gives the terminal back as it was.
    func finish() {
        _ = ended.wait(timeout: .now() + Self.patience)
        setTerminal { _ in }
    }

    private func carryInput() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if before != nil {
                _ = clx_terminal_copy_size(1, input)
                guard clx_wait_readable(0, Self.resizeIntervalMS) != 0 else { continue }
            }
            let count = read(0, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0, Self.writeAll(buffer.prefix(count), to: input) else { break }
        }
        // Of a pipe this is the end of the input; a terminal is both ways.
        if before == nil { close(input) }
    }

    private static func copy(_ from: Int32, to: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(from, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            // A terminal whose last process is gone says EIO.
            guard count > 0, writeAll(buffer.prefix(count), to: to) else { return }
        }
    }

    private static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }

    /// Changes the visitor's terminal from what it was before.
    private func setTerminal(_ change: (inout termios) -> Void) {
        guard let before else { return }
        var settings = termios()
        withUnsafeMutableBytes(of: &settings) { _ = before.copyBytes(to: $0) }
        change(&settings)
        tcsetattr(0, TCSADRAIN, &settings)
    }

    private static func check(_ result: Int32, _ attempt: String) throws {
        guard result < 0 else { return }
        throw CleanFailure(message: "Cannot \(attempt): \(String(cString: strerror(-result))).")
    }
}
