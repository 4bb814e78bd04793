import Foundation
import Glibc

/// Where this program's own file is.
enum ExecutablePath {
    /// Absolute path, links resolved.
    static var current: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
    }

    /// This process, and its parent if that is the same program.
    static var ownProcesses: Set<Int32> {
        let parent = getppid()
        let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(parent)/exe")
        return program == current ? [getpid(), parent] : [getpid()]
    }
}
