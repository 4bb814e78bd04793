import Glibc

/// Packs directories into one `.tar.gz`.
package enum ArchivePacker {
    /// What was packed.
    package struct Summary: Sendable, Equatable {
        /// Regular files.
        package var files: Int
        /// Bytes of the archive.
        package var bytes: Int
        /// What was neither a file nor a directory, and so left out.
        package var skipped: [String]
    }

    /// Packs the union of `roots`: where two hold the same path, the first one's file counts.
    ///
    /// - Parameters:
    ///   - roots: Absolute paths; one that does not exist is empty.
    ///   - archive: File to write, replaced if it exists.
    /// - Returns: `nil`, and no file, if there is nothing but empty directories.
    /// - Throws: `ArchiveError.system` if a file cannot be read or the archive not be written.
    package static func pack(_ roots: [String], to archive: String) throws(ArchiveError) -> Summary? {
        var skipped: [String] = []
        var seen: Set<String> = []
        var plan: [(root: Int, entry: ContainedDirectory.Entry)] = []
        for (position, root) in roots.enumerated() where unsafe access(root, F_OK) == 0 {
            for entry in try ContainedDirectory(root).list(skipped: &skipped)
            where seen.insert(entry.path).inserted {
                plan.append((position, entry))
            }
        }
        let files = plan.count { !$0.entry.isDirectory }
        guard files > 0 else { return nil }
        let total = plan.reduce(0) { $0 + $1.entry.size }

        let output = unsafe open(archive, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw .system("Cannot write \(archive): \(lastError()).") }
        defer { close(output) }
        // Small archives are made small; large ones are made soon.
        var writer = try GzipWriter(output: output, level: total > 32 << 20 ? 1 : 6)
        for (root, entry) in plan { try write(entry, below: roots[root], to: &writer) }
        try writer.write([UInt8](repeating: 0, count: 2 * TarHeader.blockSize)[...])
        try writer.finish()
        return Summary(files: files, bytes: writer.written, skipped: skipped)
    }

    private static func write(
        _ entry: ContainedDirectory.Entry,
        below root: String,
        to writer: inout GzipWriter
    ) throws(ArchiveError) {
        let modified = entry.modified / 1_000_000_000
        if entry.isDirectory {
            let header = TarHeader(
                name: entry.path + "/",
                kind: .directory,
                size: 0,
                mode: entry.mode,
                modified: modified
            )
            try writer.write(header.blocks[...])
            return
        }
        let file = try ContainedDirectory(root).openFile(entry.path)
        defer { close(file) }
        let header = TarHeader(
            name: entry.path,
            kind: .file,
            size: entry.size,
            mode: entry.mode,
            modified: modified
        )
        try writer.write(header.blocks[...])
        var left = entry.size
        while left > 0 {
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: min(left, 1 << 18)) { buffer, count in
                unsafe count = max(0, read(file, buffer.baseAddress, buffer.count))
            }
            guard !chunk.isEmpty else {
                throw .system("Cannot pack '\(entry.path)': it became shorter meanwhile.")
            }
            try writer.write(chunk[...])
            left -= chunk.count
        }
        let padding = (TarHeader.blockSize - entry.size % TarHeader.blockSize) % TarHeader.blockSize
        if padding > 0 { try writer.write([UInt8](repeating: 0, count: padding)[...]) }
    }
}
