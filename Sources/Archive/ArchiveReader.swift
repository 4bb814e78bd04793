/// Reads the entries of a `.tar.gz` or `.tar`, one after the other.
struct ArchiveReader: ~Copyable {
    private var input: GzipReader
    private var pending: ArraySlice<UInt8> = []
    private var sawEnd = false
    private var entries = 0
    private let mostEntries: Int

    /// Begins with a descriptor that it does not own.
    init(_ file: Int32, mostEntries: Int) throws(ArchiveError) {
        input = try GzipReader(input: file)
        self.mostEntries = mostEntries
    }

    /// The next file, directory or link with its whole name; `nil` at the end.
    ///
    /// Its content, if it has any, is to be taken or skipped before the next call.
    mutating func next() throws(ArchiveError) -> TarHeader? {
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
                entries += 1
                guard entries <= mostEntries else { throw .tooLarge("more than \(mostEntries) entries") }
                return header
            }
        }
        guard entries > 0 || sawEnd else { throw .malformed("it is empty") }
        return nil
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
        return try content(ofBytes: header.size)
    }

    /// The whole content of an entry.
    mutating func content(ofBytes size: Int) throws(ArchiveError) -> [UInt8] {
        var content: [UInt8] = []
        while content.count < size { content += try take(upTo: size - content.count) }
        try skipPadding(after: size)
        return content
    }

    /// Some of the content of the entry.
    ///
    /// - Parameter most: What is left of it, in bytes; 1 or more.
    /// - Returns: At least a byte.
    /// - Throws: `ArchiveError.malformed` if the archive ends before.
    mutating func take(upTo most: Int) throws(ArchiveError) -> ArraySlice<UInt8> {
        if pending.isEmpty { pending = try input.read(1 << 18)[...] }
        guard !pending.isEmpty else { throw .malformed("it ends within a file") }
        let piece = pending.prefix(most)
        pending = pending.dropFirst(piece.count)
        return piece
    }

    /// Passes over the content of the entry.
    mutating func skip(_ size: Int) throws(ArchiveError) {
        var left = size
        while left > 0 { left -= try take(upTo: left).count }
        try skipPadding(after: size)
    }

    /// Passes over what fills the last block of an entry whose content was taken.
    mutating func skipPadding(after size: Int) throws(ArchiveError) {
        var left = (TarHeader.blockSize - size % TarHeader.blockSize) % TarHeader.blockSize
        while left > 0 { left -= try take(upTo: left).count }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
