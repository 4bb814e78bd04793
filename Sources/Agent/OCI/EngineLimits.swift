package import Foundation

/// What the engine's control group has done to the container, seen from inside.
package enum EngineLimits {
    /// Control groups of version 2, and of version 1.
    private static let files = [
        "/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control",
    ]

    /// Whether the kernel has killed a process for the container's memory.
    static var haveKilled: Bool {
        files.contains { count(in: FileManager.default.contents(atPath: $0) ?? Data()) > 0 }
    }

    /// The number behind `oom_kill`.
    package static func count(in content: Data) -> Int {
        for line in String(decoding: content, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == "oom_kill" { return Int(words[1]) ?? 0 }
        }
        return 0
    }
}
