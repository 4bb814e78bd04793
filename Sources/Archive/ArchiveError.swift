/// Why an archive could not be made or unpacked.
package enum ArchiveError: Error, Equatable, CustomStringConvertible {
    /// A call that the system refused: what was tried and `errno`'s text.
    case system(String)
    /// Not a tar file, or one that ends early; the text says where.
    case malformed(String)
    /// An entry that would lie outside, or is neither file nor directory nor a link that stays inside.
    case refused(entry: String, reason: String)
    /// More than the bounds allow.
    case tooLarge(String)

    package var description: String {
        switch self {
        case .system(let text): text
        case .malformed(let text): "The archive is damaged or not a tar.gz file: \(text)."
        case .refused(let entry, let reason): "The archive's entry '\(entry)' is refused: \(reason)."
        case .tooLarge(let text): "The archive is too large: \(text)."
        }
    }
}

/// How much may come out of an archive.
package struct ArchiveLimits: Sendable {
    /// Bytes of all files.
    package var bytes: Int
    package var entries: Int

    package init(bytes: Int = 1 << 40, entries: Int = 10_000_000) {
        self.bytes = bytes
        self.entries = entries
    }
}

extension ArchiveError {
    /// Whether the archive itself is at fault.
    package var isClientsFault: Bool {
        switch self {
        case .system: false
        case .malformed, .refused, .tooLarge: true
        }
    }
}
