import Foundation
import Glibc

/// Where this program's own file is.
enum ExecutablePath {
    /// Absolute path, links resolved.
    static var current: String {
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return CommandLine.arguments[0]
        }
        // proc(5): so it is said that the file was replaced, by an upgrade; what is there now is Clary too.
        let mark = " (deleted)"
        return path.hasSuffix(mark) ? String(path.dropLast(mark.count)) : path
    }

    /// This process, and its parent if that is the same program.
    static var ownProcesses: Set<Int32> {
        let parent = getppid()
        let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(parent)/exe")
        return program == current ? [getpid(), parent] : [getpid()]
    }
}
