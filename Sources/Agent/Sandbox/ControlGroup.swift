package import AgentProtocol
import Foundation
import Glibc

/// An instance's control group (cgroup version 2): limits that the kernel keeps itself.
///
/// Where none can be made, `clary init` watches memory and processes, and CPUs are kept by affinity; both stay in force
/// beside a group, because they explain a failure in better words.
package struct ControlGroup: Sendable {
    /// The group's directory in the hierarchy.
    package let directory: String

    /// Beyond the instance's own limit: for the processes that make the sandbox.
    private static let slack = 64 << 20
    /// Microseconds over which CPU time is shared out (`cpu.max`).
    private static let period = 100_000

    /// Makes the group of one instance.
    ///
    /// - Parameters:
    ///   - name: The instance's.
    ///   - parent: Directory that `ControlGroupTree` found.
    ///   - limits: What it may use.
    ///   - processes: Most processes and threads.
    /// - Throws: `SystemError` if the kernel refuses.
    package init(
        named name: String,
        under parent: String,
        limits: InstanceLimits,
        processes: Int
    ) throws(SystemError) {
        directory = parent + "/instance-" + name
        try SandboxLayout.makeDirectory(directory)
        try set("memory.max", String(limits.memory + Self.slack))
        try set("pids.max", String(processes))
        try set("cpu.max", "\(limits.cpus * Self.period) \(Self.period)")
        // Without swap a job ends when its memory does, instead of becoming slow. Not every kernel has the file.
        try? set("memory.swap.max", "0")
    }

    /// A descriptor that moves the process that writes `0` to it into the group, whoever that is: the kernel asks for the
    /// rights of whom opened it.
    func entrance() throws(SystemError) -> Descriptor {
        let number = open(directory + "/cgroup.procs", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw SystemError("open \(directory)/cgroup.procs", code: errno) }
        return Descriptor(owning: number)
    }

    /// Whether the kernel has killed a process of the group for its memory.
    package var hasRunOutOfMemory: Bool {
        let events = FileManager.default.contents(atPath: directory + "/memory.events") ?? Data()
        return String(decoding: events, as: UTF8.self).split(separator: "\n").contains { line in
            let words = line.split(separator: " ")
            return words.first == "oom_kill" && words.last.flatMap { Int($0) } ?? 0 > 0
        }
    }

    /// Removes the group; one that still has processes stays for the next start of the platform.
    package func remove() { rmdir(directory) }

    private func set(_ file: String, _ value: String) throws(SystemError) {
        try SandboxLayout.write(value, to: directory + "/" + file)
    }
}

/// The part of the hierarchy of control groups that is Clary's.
package struct ControlGroupTree: Sendable {
    /// Where the hierarchy is mounted; another directory in tests.
    private let root: String
    /// Path of this process's own group in it, such as `/system.slice/clary.service`; `nil` without version 2.
    private let own: String?

    /// The group of the platform's own processes: one with controllers for its children may have no processes itself
    /// (the kernel's rule of no internal processes).
    private static let platform = "clary-platform"
    private static let controllers: Set<String> = ["cpu", "memory", "pids"]

    /// - Parameters:
    ///   - root: Where the hierarchy is mounted.
    ///   - membership: The text of `/proc/self/cgroup`.
    package init(root: String = "/sys/fs/cgroup", membership: String? = nil) {
        self.root = root
        let file = FileManager.default.contents(atPath: "/proc/self/cgroup") ?? Data()
        let lines = (membership ?? String(decoding: file, as: UTF8.self)).split(separator: "\n")
        let isUnified = SandboxLayout.exists(root + "/cgroup.controllers")
        own = isUnified ? lines.first { $0.hasPrefix("0::/") }.map { String($0.dropFirst(3)) } : nil
    }

    /// The directory below which instances may have groups of their own; `nil` where the machine delegates none.
    package var parent: String? {
        guard let own else { return nil }
        let directory = root + own
        let candidate =
            directory.hasSuffix("/" + Self.platform)
            ? String(directory.dropLast(Self.platform.count + 1)) : directory
        return isOpen(candidate) ? candidate : nil
    }

    /// Makes the server's group ready for instances; does nothing where the group is not delegated or not Clary's alone.
    ///
    /// - Parameter processes: The server's own: they move into a group of their own.
    package func prepare(processes: Set<Int32>) {
        guard let own, !own.hasSuffix("/" + Self.platform) else { return removeEmpty() }
        let directory = root + own
        let members = words(directory + "/cgroup.procs").compactMap { Int32($0) }
        guard Self.controllers.isSubset(of: words(directory + "/cgroup.controllers")),
            Set(members).isSubset(of: processes), access(directory + "/cgroup.subtree_control", W_OK) == 0
        else { return }
        do {
            let inner = directory + "/" + Self.platform
            try SandboxLayout.makeDirectory(inner)
            for process in members { try SandboxLayout.write(String(process), to: inner + "/cgroup.procs") }
            let wanted = Self.controllers.sorted().map { "+" + $0 }.joined(separator: " ")
            try SandboxLayout.write(wanted, to: directory + "/cgroup.subtree_control")
        } catch {
            // Not delegated after all: the watchdogs keep the limits.
            return
        }
        removeEmpty()
    }

    /// Groups of instances whose agents were killed.
    private func removeEmpty() {
        guard let parent else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix("instance-") { rmdir(parent + "/" + name) }
    }

    private func isOpen(_ directory: String) -> Bool {
        access(directory, W_OK) == 0
            && Self.controllers.isSubset(
                of: words(directory + "/cgroup.subtree_control").map { word in
                    // A real file lists names; what was written to it has signs.
                    word.hasPrefix("+") ? String(word.dropFirst()) : word
                }
            )
    }

    private func words(_ path: String) -> [String] {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
            .split { $0 == " " || $0 == "\n" }.map(String.init)
    }
}
