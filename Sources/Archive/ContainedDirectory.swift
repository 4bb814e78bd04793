import CLinux
import Glibc

/// A directory whose content somebody else controls: no path given to it, and no symbolic link in it, leads outside.
package struct ContainedDirectory: ~Copyable, Sendable {
    private let root: Int32

    /// - Throws: `ArchiveError.system` if `path` is not a directory that can be opened.
    package init(_ path: String) throws(ArchiveError) {
        unsafe root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw .system("Cannot open the directory \(path): \(lastError()).") }
    }

    private init(owning descriptor: Int32) { root = descriptor }

    deinit { close(root) }

    /// A directory below, which its own paths do not lead out of either; the empty path is this one.
    package func directory(_ path: String) throws(ArchiveError) -> ContainedDirectory {
        let found = unsafe clx_open_beneath(root, path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY, 0)
        guard found >= 0 else { throw Self.refusal(of: path, found) }
        return ContainedDirectory(owning: found)
    }

    /// One regular file or directory.
    package struct Entry: Sendable, Hashable {
        /// Relative, parts joined by `/`.
        package let path: String
        package let isDirectory: Bool
        /// Bytes.
        package let size: Int
        /// Permission bits.
        package let mode: Int
        /// Nanoseconds since the epoch.
        package let modified: Int
        /// Number of the file in its file system.
        package let inode: UInt64

        init(path: String, _ facts: stat) {
            self.path = path
            isDirectory = facts.st_mode & S_IFMT == S_IFDIR
            size = isDirectory ? 0 : facts.st_size
            mode = Int(facts.st_mode & 0o7777)
            modified = facts.st_mtim.tv_sec * 1_000_000_000 + facts.st_mtim.tv_nsec
            inode = UInt64(facts.st_ino)
        }
    }

    /// The regular file or directory at a path; a link counts as what it leads to.
    ///
    /// - Throws: `ArchiveError.system` if it is something else, is not there, or lies outside.
    package func entry(_ path: String) throws(ArchiveError) -> Entry {
        let file = unsafe clx_open_beneath(root, path.isEmpty ? "." : path, Int32(CLX_O_PATH), 0)
        guard file >= 0 else { throw Self.refusal(of: path, file) }
        defer { close(file) }
        return try Self.entry(of: file, path)
    }

    /// The regular file or directory behind a descriptor.
    package static func entry(of file: Int32, _ path: String) throws(ArchiveError) -> Entry {
        var facts = stat()
        guard unsafe fstat(file, &facts) == 0 else {
            throw .system("Cannot look at '\(path)': \(lastError()).")
        }
        guard [S_IFREG, S_IFDIR].contains(facts.st_mode & S_IFMT) else {
            throw .system("'\(path)' is neither a file nor a directory.")
        }
        return Entry(path: path, facts)
    }

    /// Hands every regular file below over, in the order of their paths' bytes, as an object store lists keys.
    ///
    /// No more is held than the names in one directory and those above it. Links to files inside count as these files.
    ///
    /// - Throws: `ArchiveError.system` for anything else that is neither file nor directory, or what `body` throws.
    package func forEachFile(_ body: (Entry) throws -> Void) throws {
        try walk("", depth: 0, body)
    }

    private func walk(_ parent: String, depth: Int, _ body: (Entry) throws -> Void) throws {
        guard depth < 256 else { throw ArchiveError.tooLarge("directories are nested more than 256 deep") }
        for name in try namesInKeyOrder(of: parent) {
            let isDirectory = name.hasSuffix("/")
            let path = (parent.isEmpty ? "" : parent + "/") + (isDirectory ? String(name.dropLast()) : name)
            let entry = try entry(path)
            guard entry.isDirectory == isDirectory else {
                throw ArchiveError.system("'\(path)' is a link to a directory, and these are not followed.")
            }
            if isDirectory {
                try walk(path, depth: depth + 1, body)
            } else {
                try body(entry)
            }
        }
    }

    private static func refusal(of path: String, _ status: Int32) -> ArchiveError {
        .system(
            status == -EXDEV
                ? "'\(path)' leads out of its directory." : "Cannot open '\(path)': \(lastError(-status))."
        )
    }

    /// Everything below, parents before their children, in the order of the names; links that lead to a regular file
    /// inside count as that file, everything else is left out and named in `skipped`.
    package func list(skipped: inout [String]) throws(ArchiveError) -> [Entry] {
        var result: [Entry] = []
        try list(below: "", depth: 0, into: &result, skipped: &skipped)
        return result
    }

    private func list(
        below parent: String,
        depth: Int,
        into result: inout [Entry],
        skipped: inout [String]
    ) throws(ArchiveError) {
        guard depth < 256 else { throw .tooLarge("directories are nested more than 256 deep") }
        for name in try names(in: parent) {
            let path = parent.isEmpty ? name : "\(parent)/\(name)"
            let file = unsafe clx_open_beneath(root, path, Int32(CLX_O_PATH) | O_NOFOLLOW, 0)
            guard file >= 0 else { continue }  // It vanished meanwhile.
            defer { close(file) }
            var facts = stat()
            guard unsafe fstat(file, &facts) == 0 else { continue }
            if facts.st_mode & S_IFMT == S_IFLNK {
                let target = unsafe clx_open_beneath(root, path, Int32(CLX_O_PATH), 0)
                defer { if target >= 0 { close(target) } }
                guard target >= 0, unsafe fstat(target, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
                    skipped.append(path)
                    continue
                }
            }
            guard [S_IFREG, S_IFDIR].contains(facts.st_mode & S_IFMT) else {
                skipped.append(path)
                continue
            }
            let entry = Entry(path: path, facts)
            result.append(entry)
            if entry.isDirectory { try list(below: path, depth: depth + 1, into: &result, skipped: &skipped) }
        }
    }

    private func names(in path: String) throws(ArchiveError) -> [String] {
        try namesAndTypes(in: path).map(\.name).sorted()
    }

    /// The names in a directory, those of directories with a slash, in the order of their bytes.
    private func namesInKeyOrder(of path: String) throws(ArchiveError) -> [String] {
        var names: [String] = []
        for (name, type) in try namesAndTypes(in: path) {
            var isDirectory = Int(type) == DT_DIR
            // Not every file system says what it lists.
            if Int(type) == DT_UNKNOWN {
                let whole = path.isEmpty ? name : "\(path)/\(name)"
                let file = unsafe clx_open_beneath(root, whole, Int32(CLX_O_PATH) | O_NOFOLLOW, 0)
                defer { if file >= 0 { close(file) } }
                var facts = stat()
                guard file >= 0, unsafe fstat(file, &facts) == 0 else { throw Self.refusal(of: whole, file) }
                isDirectory = facts.st_mode & S_IFMT == S_IFDIR
            }
            names.append(isDirectory ? name + "/" : name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func namesAndTypes(in path: String) throws(ArchiveError) -> [(name: String, type: UInt8)] {
        let directory = unsafe clx_open_beneath(root, path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY, 0)
        guard directory >= 0 else { throw .system("Cannot list '\(path)': \(lastError(-directory)).") }
        guard let entries = unsafe fdopendir(directory) else {
            close(directory)
            throw .system("Cannot list '\(path)': \(lastError()).")
        }
        defer { unsafe closedir(entries) }
        var names: [(name: String, type: UInt8)] = []
        while let entry = unsafe readdir(entries) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { names.append((name, unsafe entry.pointee.d_type)) }
        }
        return names
    }

    /// Opens a regular file for reading; the caller closes it.
    package func openFile(_ path: String) throws(ArchiveError) -> Int32 {
        // A job may swap a file for a FIFO, whose opening would wait for ever.
        let file = unsafe clx_open_beneath(root, path, O_RDONLY | O_NONBLOCK, 0)
        guard file >= 0 else { throw .system("Cannot read '\(path)': \(lastError(-file)).") }
        var facts = stat()
        guard unsafe fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(file)
            throw .system("Cannot read '\(path)': it is not a regular file.")
        }
        return file
    }

    /// Makes a new file for writing (an old one is replaced) and the directories above it; the caller closes it.
    package func createFile(_ path: String, mode: Int) throws(ArchiveError) -> Int32 {
        try makeDirectories(above: path)
        try remove(path)
        let file = unsafe clx_open_beneath(
            root,
            path,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
            UInt32(mode & 0o777)
        )
        guard file >= 0 else { throw .system("Cannot write '\(path)': \(lastError(-file)).") }
        // The process's mask does not apply to what an archive says.
        fchmod(file, mode_t(mode & 0o777))
        return file
    }

    /// Makes a directory and those above it; one that exists is kept.
    package func makeDirectory(_ path: String) throws(ArchiveError) {
        try makeDirectories(above: path)
        try withParent(of: path) { (parent, name) throws(ArchiveError) in
            guard unsafe mkdirat(parent, name, 0o755) != 0, errno != EEXIST else { return }
            throw .system("Cannot make the directory '\(path)': \(lastError()).")
        }
    }

    /// Makes `path` a second name of the regular file `target`.
    package func link(_ path: String, to target: String) throws(ArchiveError) {
        let file = try openFile(target)
        defer { close(file) }
        try makeDirectories(above: path)
        try remove(path)
        try withParent(of: path) { (parent, name) throws(ArchiveError) in
            guard unsafe linkat(AT_FDCWD, "/proc/self/fd/\(file)", parent, name, AT_SYMLINK_FOLLOW) != 0
            else { return }
            throw .system("Cannot link '\(path)': \(lastError()).")
        }
    }

    /// Makes a symbolic link; the caller has made sure that it stays inside.
    package func symbolicLink(_ path: String, to target: String) throws(ArchiveError) {
        try makeDirectories(above: path)
        try remove(path)
        try withParent(of: path) { (parent, name) throws(ArchiveError) in
            guard unsafe symlinkat(target, parent, name) != 0 else { return }
            throw .system("Cannot link '\(path)': \(lastError()).")
        }
    }

    private func remove(_ path: String) throws(ArchiveError) {
        try withParent(of: path) { (parent, name) throws(ArchiveError) in
            guard unsafe unlinkat(parent, name, 0) != 0, errno != ENOENT else { return }
            throw .system("Cannot replace '\(path)': \(lastError()).")
        }
    }

    private func makeDirectories(above path: String) throws(ArchiveError) {
        guard let slash = path.lastIndex(of: "/") else { return }
        let parent = String(path[..<slash])
        let known = unsafe clx_open_beneath(root, parent, Int32(CLX_O_PATH) | O_DIRECTORY, 0)
        if known >= 0 {
            close(known)
        } else {
            try makeDirectory(parent)
        }
    }

    private func withParent(
        of path: String,
        _ body: (Int32, String) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let above = slash.map { String(path[..<$0]) } ?? "."
        let parent = unsafe clx_open_beneath(root, above, O_RDONLY | O_DIRECTORY, 0)
        guard parent >= 0 else { throw .system("Cannot open '\(above)': \(lastError(-parent)).") }
        defer { close(parent) }
        try body(parent, name)
    }
}
