import Foundation

/// Where this program's own file is.
enum ExecutablePath {
    /// Absolute path, links resolved.
    static var current: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
    }
}
