import Glibc

/// What a `.tar.gz` or `.tar` would unpack to, read without unpacking it.
package struct ArchiveIndex: Sendable {
    /// Paths of files and of links, as they would lie below the directory.
    package private(set) var files: Set<String> = []
    /// Paths of directories, also of those that only lie on the way to files.
    package private(set) var directories: Set<String> = []
    /// What small files have that were asked for.
    package private(set) var contents: [String: [UInt8]] = [:]

    /// Names at the top, sorted.
    package var top: [String] {
        Set((files.union(directories)).compactMap { $0.split(separator: "/").first.map(String.init) })
            .sorted()
    }

    /// Bytes of the largest file whose content is kept, and of all of them together.
    private static let mostKept = (file: 1 << 18, all: 1 << 20)

    /// Reads the file `archive` from beginning to end; blocks while it does.
    ///
    /// - Parameters:
    ///   - archive: Its path.
    ///   - limits: How much may be read, of content that is decompressed and of entries.
    ///   - isWanted: Whether the content of a file of this path is to be kept.
    /// - Throws: `ArchiveError`, as `ArchiveUnpacker` would; `tooLarge` beyond the limits.
    package init(
        of archive: String,
        limits: ArchiveLimits,
        keeping isWanted: (String) -> Bool
    ) throws(ArchiveError) {
        let file = unsafe open(archive, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system("Cannot open \(archive): \(lastError()).") }
        defer { close(file) }
        var reader = try ArchiveReader(file, mostEntries: limits.entries)
        var (read, kept) = (0, 0)
        while let header = try reader.next() {
            // Links have no content, whatever their headers say; a size may be as large as a number can be.
            let size = header.kind == .hardLink || header.kind == .symbolicLink ? 0 : header.size
            guard size <= limits.bytes - read else { throw .tooLarge("more than \(limits.bytes) bytes") }
            read += size
            guard let path = try ArchiveUnpacker.contained(header.name) else {
                try reader.skip(header.size)
                continue
            }
            addParents(of: path)
            switch header.kind {
            case .directory:
                directories.insert(path)
                try reader.skip(header.size)
            case .hardLink:
                guard try ArchiveUnpacker.contained(header.link) != nil else {
                    throw .refused(entry: path, reason: "it links to the directory itself")
                }
                files.insert(path)
            case .symbolicLink:
                guard ArchiveUnpacker.staysInside(path, target: header.link) else {
                    throw .refused(entry: path, reason: "it links to '\(header.link)', outside the archive")
                }
                files.insert(path)
            case .file, .longName, .longLink, .extended, .global:
                files.insert(path)
                guard isWanted(path), header.size <= Self.mostKept.file,
                    kept + header.size <= Self.mostKept.all
                else {
                    try reader.skip(header.size)
                    continue
                }
                kept += header.size
                contents[path] = try reader.content(ofBytes: header.size)
            }
        }
    }

    private mutating func addParents(of path: String) {
        var parts = path.split(separator: "/")
        while parts.count > 1 {
            parts.removeLast()
            guard directories.insert(parts.joined(separator: "/")).inserted else { return }
        }
    }
}
