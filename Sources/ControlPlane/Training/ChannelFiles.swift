import AgentProtocol
import Archive

/// Finds the files of a `file://` channel that are given out one by one, and writes them into its listing.
struct ChannelFiles {
    /// A directory, or a single file.
    let source: DirectorySource

    /// Writes the listing.
    ///
    /// - Parameter path: Where.
    /// - Returns: The directory that the listing's paths lie below, and what was written.
    /// - Throws: `UnusableChannel` for what cannot be read or is no file, `ListingError`.
    @concurrent func list(in path: String) async throws -> (DirectorySource, ChannelObjects.Written) {
        do {
            let root = try ContainedDirectory(source.root)
            var (directory, name) = (source, String?.none)
            if try !root.entry(source.path).isDirectory {
                let slash = source.path.lastIndex(of: "/")
                name = String(
                    source.path[(slash.map { source.path.index(after: $0) } ?? source.path.startIndex)...]
                )
                directory.path = slash.map { String(source.path[..<$0]) } ?? ""
            }
            let files = try root.directory(directory.path)
            var writer = try ObjectListingWriter(path: path)
            func append(_ entry: ContainedDirectory.Entry) throws {
                let version = ListedFile.Version(inode: entry.inode, modified: entry.modified)
                let file = ListedFile(relativePath: entry.path, size: entry.size, version: version)
                try writer.append(.file(file))
            }
            if let name {
                try append(files.entry(name))
            } else {
                try files.forEachFile(append)
            }
            try writer.finish()
            let written = ChannelObjects.Written(
                prefix: directory.address + "/",
                items: writer.count,
                bytes: writer.bytes
            )
            return (directory, written)
        } catch let error as ArchiveError {
            throw UnusableChannel(message: "\(source.address) cannot be read: \(error)")
        }
    }
}
