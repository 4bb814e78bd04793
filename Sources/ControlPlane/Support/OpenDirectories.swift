package import AgentProtocol

/// Directories of this machine that the administrator opens to jobs: file systems by their ids, and roots that `file://`
/// addresses may lie below.
package struct OpenDirectories: Sendable {
    private let fileSystems: [String: String]
    private let roots: [String]

    /// - Parameters:
    ///   - fileSystems: Id of an EFS or FSx file system → absolute path of its directory.
    ///   - roots: Absolute paths.
    package init(fileSystems: [String: String] = [:], roots: [String] = []) {
        self.fileSystems = fileSystems
        self.roots = roots
    }

    /// The directory of a file system.
    ///
    /// - Parameters:
    ///   - id: `fs-…`.
    ///   - path: Absolute path inside the file system.
    ///   - isWritable: Access mode `rw`.
    /// - Returns: What the agent mounts.
    /// - Throws: `UnusableChannel` if the administrator lists no such file system, or the path leads out of it.
    package func directory(
        ofFileSystem id: String,
        path: String,
        isWritable: Bool
    ) throws(UnusableChannel) -> DirectorySource {
        guard let root = fileSystems[id] else {
            throw UnusableChannel(
                message: """
                    the file system '\(id)' is not known here. The administrator names its directory with \
                    `clary serve --file-system \(id)=/path`
                    """
            )
        }
        return DirectorySource(root: root, path: try Self.inside(path[...], of: path), isWritable: isWritable)
    }

    /// The directory or file of a `file://` address; jobs may read it.
    ///
    /// - Throws: `UnusableChannel` if it is not below a root.
    package func directory(at address: String) throws(UnusableChannel) -> DirectorySource {
        guard address.hasPrefix("file:///") else {
            throw UnusableChannel(message: "'\(address)' is no file address. Write file:///absolute/path")
        }
        let path = address.dropFirst("file://".count)
        let root = roots.filter { path == $0 || path.hasPrefix($0 == "/" ? "/" : $0 + "/") }
            .max { $0.utf8.count < $1.utf8.count }
        guard let root else {
            throw UnusableChannel(
                message: """
                    '\(address)' is below no directory that the administrator opens to jobs. That is done with \
                    `clary serve --data-root /path`
                    """
            )
        }
        let rest = try Self.inside(path.dropFirst(root.count), of: address)
        return DirectorySource(root: root, path: rest, isWritable: false)
    }

    private static func inside(_ path: Substring, of address: String) throws(UnusableChannel) -> String {
        let parts = path.split(separator: "/")
        guard !parts.contains(".."), !path.utf8.contains(0) else {
            throw UnusableChannel(message: "'\(address)' has '..' in it, which leads out of directories")
        }
        return parts.filter { $0 != "." }.joined(separator: "/")
    }
}

/// A channel that cannot be brought in; becomes a ClientError.
package struct UnusableChannel: Error, Equatable {
    package let message: String
}
