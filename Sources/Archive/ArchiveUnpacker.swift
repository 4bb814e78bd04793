import Glibc

/// Unpacks a `.tar.gz` or `.tar` into a directory.
package struct ArchiveUnpacker: ~Copyable {
    private var input: GzipReader
    private var pending: ArraySlice<UInt8> = []
    private let target: ContainedDirectory
    private let limits: ArchiveLimits
    private var summary = Summary(files: 0, bytes: 0)
    private var entries = 0
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
        let reader = try GzipReader(input: file)
        let opened = try ContainedDirectory(directory)
        input = reader
        target = opened
        self.limits = limits
    }

    private mutating func run() throws(ArchiveError) -> Summary {
        var longName: String?
        var longLink: String?
        var attributes: [String: String] = [:]
        while var header = try nextHeader() {
            switch header.kind {
            case .longName: longName = Self.text(try metadata(header))
            case .longLink: longLink = Self.text(try metadata(header))
            case .extended: attributes = try TarHeader.attributes(try metadata(header))
            case .global: _ = try metadata(header)
            case .file, .directory, .hardLink, .symbolicLink:
                header.name = attributes["path"] ?? longName ?? header.name
                header.link = attributes["linkpath"] ?? longLink ?? header.link
                if let size = attributes["size"].flatMap({ Int($0) }), size >= 0 { header.size = size }
                (longName, longLink, attributes) = (nil, nil, [:])
                try unpack(header)
            }
        }
        guard entries > 0 || sawEnd else { throw .malformed("it is empty") }
        for link in links { try target.symbolicLink(link.path, to: link.target) }
        return summary
    }

    private var sawEnd = false

    private mutating func unpack(_ header: TarHeader) throws(ArchiveError) {
        entries += 1
        guard entries <= limits.entries else { throw .tooLarge("more than \(limits.entries) entries") }
        guard let path = try Self.contained(header.name) else {
            try skip(header.size)
            return
        }
        switch header.kind {
        case .directory:
            try target.makeDirectory(path)
            try skip(header.size)
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
        guard summary.bytes + header.size <= limits.bytes else {
            throw .tooLarge("more than \(limits.bytes) bytes")
        }
        let file = try target.createFile(path, mode: header.mode | 0o400)
        defer { close(file) }
        var left = header.size
        while left > 0 {
            let chunk = try take(upTo: left)
            try writeAll(chunk, to: file)
            left -= chunk.count
        }
        try skipPadding(after: header.size)
        summary.files += 1
        summary.bytes += header.size
    }

    /// The next header, `nil` at the end.
    private mutating func nextHeader() throws(ArchiveError) -> TarHeader? {
        while true {
            var block: [UInt8] = []
            while block.count < TarHeader.blockSize {
                if pending.isEmpty {
                    pending = try input.read(1 << 18)[...]
                    if pending.isEmpty {
                        // Some writers leave the closing zeros out; half a header is no end, though.
                        guard block.isEmpty else { throw .malformed("it ends within a header") }
                        return nil
                    }
                }
                let piece = pending.prefix(TarHeader.blockSize - block.count)
                block += piece
                pending = pending.dropFirst(piece.count)
            }
            guard block.allSatisfy({ $0 == 0 }) else { return try TarHeader(block) }
            sawEnd = true
            return nil
        }
    }

    /// The content of an entry that describes another.
    private mutating func metadata(_ header: TarHeader) throws(ArchiveError) -> [UInt8] {
        guard header.size <= 1 << 20 else { throw .tooLarge("a name of more than 1 MB") }
        var content: [UInt8] = []
        while content.count < header.size { content += try take(upTo: header.size - content.count) }
        try skipPadding(after: header.size)
        return content
    }

    private mutating func take(upTo most: Int) throws(ArchiveError) -> ArraySlice<UInt8> {
        if pending.isEmpty { pending = try input.read(1 << 18)[...] }
        guard !pending.isEmpty else { throw .malformed("it ends within a file") }
        let piece = pending.prefix(most)
        pending = pending.dropFirst(piece.count)
        return piece
    }

    private mutating func skip(_ size: Int) throws(ArchiveError) {
        var left = size
        while left > 0 { left -= try take(upTo: left).count }
        try skipPadding(after: size)
    }

    private mutating func skipPadding(after size: Int) throws(ArchiveError) {
        var left = (TarHeader.blockSize - size % TarHeader.blockSize) % TarHeader.blockSize
        while left > 0 { left -= try take(upTo: left).count }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
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
