import CLinux
import Glibc

/// Tries what an instance needs of the kernel, as a job's holder and launcher do it, in a process of its own that has
/// one thread: `clary probe-sandbox DIRECTORY [BWRAP]`.
///
/// Prints a line for each thing tried: its name, a tab, and nothing or the reason of its refusal.
struct SandboxProbe {
    /// What is tried, in this order.
    enum Step: String {
        case namespaces
        case network
        case overlay
        case sandbox
    }

    static let verb = "probe-sandbox"

    private let directory: String
    private let bubblewrap: String?

    /// Runs the probe and ends the process, if that is what the command line asks for.
    static func runIfAsked(_ arguments: [String]) {
        guard arguments.count >= 3, arguments[1] == verb else { return }
        SandboxProbe(directory: arguments[2], bubblewrap: arguments.count > 3 ? arguments[3] : nil).run()
        exit(0)
    }

    private func run() {
        let entered = clx_enter_job_namespaces(geteuid())
        report(.namespaces, entered, "unshare")
        guard entered >= 0 else { return }
        tryNetwork()
        tryOverlay()
        trySandbox()
    }

    private func tryNetwork() {
        let loopback = clx_link_up("lo")
        guard loopback >= 0 else { return report(.network, loopback, "bring lo up") }
        let bridge = clx_bridge_add("br0")
        guard bridge >= 0 else { return report(.network, bridge, "make a bridge") }
        var line: [Int32] = [-1, -1]
        let pair = clx_socket_pair(&line)
        guard pair >= 0 else { return report(.network, pair, "make a socket pair") }
        let child = clx_fork()
        if child == 0 {
            close(line[0])
            playInstance(line[1])
        }
        close(line[1])
        defer {
            close(line[0])
            var status: Int32 = 0
            if child > 0 { clx_wait(child, &status, 0) }
        }
        guard child > 0 else { return report(.network, child, "fork") }
        var entered: UInt8 = 1
        guard clx_receive(line[0], &entered, 1, nil, nil) == 1, entered == 0 else {
            return report(.network, -Int32(entered), "enter an instance's namespaces")
        }
        let hardware: [UInt8] = [0x02, 0, 0, 0, 0, 1]
        report(.network, clx_veth_add("v1", "eth0", child, "br0", hardware), "make a pair of interfaces")
    }

    /// The other end: enters its own namespaces, says how that went, and stays until the line is closed.
    private func playInstance(_ line: Int32) -> Never {
        clx_die_with_parent()
        var outcome = UInt8(clamping: -clx_enter_instance_namespaces())
        _ = clx_send(line, &outcome, 1, nil, 0)
        _ = clx_receive(line, &outcome, 1, nil, nil)
        _exit(0)
    }

    private func tryOverlay() {
        let folders = ["lower", "upper", "work", "target"].map { "\(directory)/\($0)" }
        for folder in folders {
            guard mkdir(folder, 0o700) == 0 else { return report(.overlay, -errno, "make \(folder)") }
        }
        report(.overlay, clx_mount_overlay(folders[0], folders[1], folders[2], folders[3]), "mount")
    }

    private func trySandbox() {
        guard let bubblewrap else { return }
        let words = [
            bubblewrap, "--unshare-user", "--uid", "0", "--gid", "0", "--cap-drop", "ALL", "--unshare-pid",
            "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc",
            "--dev", "/dev", "--tmpfs", "/tmp", "/bin/true",
        ]
        let complaints = "\(directory)/complaints"
        let file = open(complaints, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return report(.sandbox, -errno, "write \(complaints)") }
        defer { close(file) }
        var arguments = words.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        defer { for word in arguments { free(word) } }
        let child = clx_spawn(bubblewrap, &arguments, &environment, -1, file, file)
        guard child > 0 else { return report(.sandbox, child, "run \(bubblewrap)") }
        var status: Int32 = 0
        clx_wait(child, &status, 0)
        if clx_exit_code(status) == 0 { return say(.sandbox, "") }
        var bytes = [UInt8](repeating: 0, count: 1000)
        let count = max(0, pread(file, &bytes, bytes.count, 0))
        let text = String(decoding: bytes.prefix(count).map { $0 == 10 ? 32 : $0 }, as: UTF8.self)
        say(.sandbox, text.isEmpty ? "it ended with the raw status \(status)" : text)
    }

    private func report(_ step: Step, _ result: Int32, _ what: String) {
        say(step, result >= 0 ? "" : "\(what): \(String(cString: strerror(-result)))")
    }

    private func say(_ step: Step, _ reason: String) {
        let line = "\(step.rawValue)\t\(reason)\n"
        _ = write(STDOUT_FILENO, line, line.utf8.count)
    }
}
