import Glibc

/// Unpacks a `.tar.gz` or `.tar` into a directory.
package struct ArchiveUnpacker: ~Copyable {
    private var reader: ArchiveReader
    private let target: ContainedDirectory
    private let limits: ArchiveLimits
    private var summary = Summary(files: 0, bytes: 0)
    /// Made last, so that nothing is ever written through one.
    private var links: [(path: String, target: String)] = []

    /// What came out.
    package struct Summary: Sendable, Equatable {
        /// Regular files.
        package var files: Int
        /// Bytes of their content.
        package var bytes: Int
    }

    /// Unpacks the file `archive` into the existing directory `directory`.
    ///
    /// - Throws: `ArchiveError`; what was unpacked until then stays.
    package static func unpack(
        _ archive: String,
        into directory: String,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) -> Summary {
        let file = unsafe open(archive, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system("Cannot open \(archive): \(lastError()).") }
        defer { close(file) }
        var unpacker = try ArchiveUnpacker(file, directory, limits)
        return try unpacker.run()
    }

    private init(_ file: Int32, _ directory: String, _ limits: ArchiveLimits) throws(ArchiveError) {
        let archive = try ArchiveReader(file, mostEntries: limits.entries)
        let opened = try ContainedDirectory(directory)
        reader = archive
        target = opened
        self.limits = limits
    }

    private mutating func run() throws(ArchiveError) -> Summary {
        while let header = try reader.next() { try unpack(header) }
        for link in links { try target.symbolicLink(link.path, to: link.target) }
        return summary
    }

    private mutating func unpack(_ header: TarHeader) throws(ArchiveError) {
        guard let path = try Self.contained(header.name) else {
            try reader.skip(header.size)
            return
        }
        switch header.kind {
        case .directory:
            try target.makeDirectory(path)
            try reader.skip(header.size)
        case .hardLink:
            guard let other = try Self.contained(header.link) else {
                throw .refused(entry: path, reason: "it links to the directory itself")
            }
            try target.link(path, to: other)
        case .symbolicLink:
            guard Self.staysInside(path, target: header.link) else {
                throw .refused(entry: path, reason: "it links to '\(header.link)', outside the archive")
            }
            links.append((path, header.link))
        case .file, .longName, .longLink, .extended, .global:
            try writeFile(path, header)
        }
    }

    private mutating func writeFile(_ path: String, _ header: TarHeader) throws(ArchiveError) {
        guard header.size <= limits.bytes - summary.bytes else {
            throw .tooLarge("more than \(limits.bytes) bytes")
        }
        let file = try target.createFile(path, mode: header.mode | 0o400)
        defer { close(file) }
        var left = header.size
        while left > 0 {
            let chunk = try reader.take(upTo: left)
            try writeAll(chunk, to: file)
            left -= chunk.count
        }
        try reader.skipPadding(after: header.size)
        summary.files += 1
        summary.bytes += header.size
    }

    /// The name without `.` parts and outer slashes; `nil` if it names the directory itself.
    ///
    /// - Throws: `ArchiveError.refused` for an absolute name or one with `..`.
    static func contained(_ name: String) throws(ArchiveError) -> String? {
        // The SDK's own archives begin with the entry "/", by which they mean the root of the archive.
        guard !name.hasPrefix("/") || name.allSatisfy({ $0 == "/" }) else {
            throw .refused(entry: name, reason: "its name is absolute")
        }
        let parts = name.split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else { throw .refused(entry: name, reason: "its name leads outside") }
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }

    /// Whether a symbolic link at `path` leads to somewhere below the root, read without following others.
    static func staysInside(_ path: String, target: String) -> Bool {
        guard !target.hasPrefix("/"), !target.isEmpty else { return false }
        var depth = path.split(separator: "/").count - 1
        for part in target.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return false }
        }
        return true
    }
}
