/// A file below the directory of a channel, as it was when the job was assembled.
package struct ListedFile: Sendable, Equatable {
    /// Below the directory of the channel, here and in the container.
    package let relativePath: String
    /// Bytes.
    package let size: Int
    package let version: Version

    package init(relativePath: String, size: Int, version: Version) {
        self.relativePath = relativePath
        self.size = size
        self.version = version
    }

    /// What is another one when the file was written or replaced.
    package struct Version: Sendable, Equatable, LosslessStringConvertible {
        /// Number of the file in its file system.
        package let inode: UInt64
        /// Nanoseconds since the epoch.
        package let modified: Int

        package init(inode: UInt64, modified: Int) {
            self.inode = inode
            self.modified = modified
        }

        package init?(_ description: String) {
            let parts = description.split(separator: " ")
            guard parts.count == 2, let inode = UInt64(parts[0]), let modified = Int(parts[1]) else {
                return nil
            }
            self.init(inode: inode, modified: modified)
        }

        package var description: String { "\(inode) \(modified)" }
    }
}
