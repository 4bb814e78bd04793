import CLinux
import Foundation
import Glibc

/// The processes of a data directory's instances: agents, holders of namespaces, sandboxes and what runs in them.
struct InstanceProcesses {
    /// One process; its start tells it from a later one of the same number.
    struct Process: Hashable {
        let id: Int32
        /// In clock ticks since boot.
        let start: UInt64

        init(_ id: Int32) {
            self.id = id
            start = clx_process_start(id)
        }

        var isAlive: Bool { start != 0 && clx_process_start(id) == start }

        /// Ends it by force.
        func kill() {
            // The descriptor pins the process, so that the number cannot be somebody else's once it was checked.
            let descriptor = clx_pidfd_open(id)
            guard descriptor >= 0 else { return }
            if isAlive { clx_pidfd_signal(descriptor, SIGKILL) }
            close(descriptor)
        }
    }

    private let needle: [UInt8]
    private var seen: Set<Process> = []

    /// - Parameter dataDirectory: Absolute path.
    init(dataDirectory: String) { needle = Array("\(dataDirectory)/instances/".utf8) }

    /// Those that run now, among them every one that was seen before and still runs.
    mutating func running() -> Set<Process> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let ids = names.compactMap { Int32($0) }.filter { $0 != getpid() }
        let parents = Dictionary(ids.compactMap { id in Self.parent(of: id).map { (id, $0) } }) { first, _ in
            first
        }
        var found = Set(ids.filter { isNamed(in: $0) })
        // What runs inside a sandbox does not name the directory, but its parents do.
        var grows = true
        while grows {
            let children = parents.filter { found.contains($0.value) && !found.contains($0.key) }.map(\.key)
            found.formUnion(children)
            grows = !children.isEmpty
        }
        seen.formUnion(found.map { Process($0) })
        seen = seen.filter(\.isAlive)
        return seen
    }

    /// Whether the arguments of a process name the directory.
    private func isNamed(in id: Int32) -> Bool {
        guard let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return false }
        return line.firstRange(of: needle) != nil
    }

    static func parent(of id: Int32) -> Int32? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return nil }
        // The name in parentheses may itself hold spaces and parentheses.
        let text = String(decoding: data, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? Int32(fields[1]) : nil
    }
}
