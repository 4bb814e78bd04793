import AgentProtocol
import Foundation

/// Finds the entry process of a container on this machine, whoever runs the container.
enum ContainerEntry {
    /// The entry process of an instance; `nil` if it is not here, or is somebody's whose processes cannot be seen.
    ///
    /// A container's first process is ours, and sees the instance's directory as `/opt/ml`; the entry process is its child,
    /// as are those that it works with, which have its arguments.
    ///
    /// - Parameter instance: How the instance's name begins.
    /// - Returns: The oldest of the first process's children.
    static func process(ofInstance instance: String) -> InstanceProcesses.Process? {
        let ids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap {
            Int32($0)
        }
        let own = Set(ids.filter { isFirst($0) && sees($0, "/instances/\(instance)") })
        return ids.filter { id in
            !own.contains(id) && InstanceProcesses.parent(of: id).map(own.contains) ?? false
        }
        .map { InstanceProcesses.Process($0) }
        .min { ($0.start, $0.id) < ($1.start, $1.id) }
    }

    /// Whether it is our `init`, started by a loader or by itself.
    private static func isFirst(_ id: Int32) -> Bool {
        let words = (FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data())
            .split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return zip(words, words.dropFirst()).contains { $0 == (ContainerGateway.binary, "init") }
    }

    /// Whether what the process sees as `/opt/ml` is below a directory of this name.
    private static func sees(_ id: Int32, _ directory: String) -> Bool {
        text(of: "/proc/\(id)/mountinfo").split(separator: "\n").contains { line in
            let fields = line.split(separator: " ", maxSplits: 5)
            return fields.count > 5 && fields[4] == "/opt/ml" && fields[3].contains(directory)
        }
    }

    /// The kernel hands such a file out line by line: a short piece is not the last one.
    private static func text(of path: String) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else { return "" }
        var text = Data()
        // A process that has ended has nothing more to say.
        while let piece = try? file.read(upToCount: 1 << 16), !piece.isEmpty { text += piece }
        return String(decoding: text, as: UTF8.self)
    }
}
