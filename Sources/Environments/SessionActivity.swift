import Foundation

/// What the processes of a session have done so far, by which one that waits for ever is told from one that works.
///
/// uv prints nothing while it loads or builds packages: what it loads it writes down, and what it decides costs time.
struct SessionActivity {
    /// Bytes that they have printed.
    private let printed: Int
    /// By process: one that ends takes its numbers with it.
    private let processes: [String: Work]

    private struct Work {
        /// Bytes.
        let written: Int
        /// Hundredths of a second.
        let computed: Int
    }

    /// A timer that fires costs less than this, in hundredths of a second between two looks.
    private static let idle = 10

    /// - Parameters:
    ///   - leader: Its session's number.
    ///   - printed: Bytes that came through its pipe.
    init(of leader: pid_t, printed: Int = 0) {
        self.printed = printed
        // Without /proc nothing is seen to move but what is printed.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var processes: [String: Work] = [:]
        for name in names where name.first?.isNumber == true {
            processes[name] = Self.work(of: name, in: leader)
        }
        self.processes = processes
    }

    /// Whether anything has happened since the look before.
    func isProgress(since earlier: SessionActivity) -> Bool {
        if printed > earlier.printed || Set(processes.keys) != Set(earlier.processes.keys) { return true }
        return processes.contains { name, work in
            guard let before = earlier.processes[name] else { return true }
            return work.written > before.written || work.computed >= before.computed + Self.idle
        }
    }

    /// `nil` for a process of another session, or one that has ended.
    private static func work(of process: String, in leader: pid_t) -> Work? {
        // The name in parentheses may hold spaces and parentheses; state, parent, group and session follow it (proc(5)).
        guard let line = text("/proc/\(process)/stat"), let end = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 12, fields[3] == "\(leader)" else { return nil }
        let written = text("/proc/\(process)/io")?.split(separator: "\n")
            .first { $0.hasPrefix("wchar: ") }.flatMap { Int($0.dropFirst("wchar: ".count)) }
        return Work(written: written ?? 0, computed: (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0))
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
