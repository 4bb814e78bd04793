import DataFormats
import Glibc

/// A system call that failed on a file.
struct FileError: Error, Equatable, CustomStringConvertible {
    let path: String
    let code: Int32

    var description: String { "\(path): \(String(cString: strerror(code)))" }
}

/// An open file, read from the start.
final class FileSource: ByteSource {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(FileError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func read(into buffer: inout [UInt8], atMost count: Int) throws(FileError) -> Int {
        var status = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { space, initialised in
            repeat {
                status = Glibc.read(descriptor, space.baseAddress, count)
            } while status < 0 && errno == EINTR
            initialised = max(status, 0)
        }
        guard status >= 0 else { throw FileError(path: path, code: errno) }
        buffer.append(contentsOf: bytes)
        return bytes.count
    }

    /// The whole file.
    static func contents(of path: String) throws(FileError) -> [UInt8] {
        let file = try FileSource(path: path)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(try Files.size(of: path))
        while try file.read(into: &bytes, atMost: 1 << 20) > 0 {}
        return bytes
    }
}

/// Plain file operations.
enum Files {
    /// An entry of a folder.
    struct Entry: Comparable {
        let name: String
        let isFolder: Bool

        static func < (left: Entry, right: Entry) -> Bool { left.name < right.name }
    }

    /// Entries of a folder by name, without `.` and `..`; links count as what they point to.
    static func entries(of folder: String) throws(FileError) -> [Entry] {
        guard let stream = opendir(folder) else { throw FileError(path: folder, code: errno) }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            entries.append(Entry(name: name, isFolder: mode(of: "\(folder)/\(name)") & S_IFMT == S_IFDIR))
        }
        return entries.sorted()
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isFolder(_ path: String) -> Bool { mode(of: path) & S_IFMT == S_IFDIR }

    /// Size in bytes; 0 if there is no such file.
    static func size(of path: String) throws(FileError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError(path: path, code: errno) }
        return Int(status.st_size)
    }

    /// Writes a file that is either whole or not there: beside its place first, then renamed.
    static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let draft = "\(path).part"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(path: draft, code: errno) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                let code = errno
                close(descriptor)
                unlink(draft)
                throw FileError(path: path, code: code)
            }
            written += count
        }
        guard close(descriptor) == 0, rename(draft, path) == 0 else {
            throw FileError(path: path, code: errno)
        }
    }

    /// Makes a folder and those above it.
    static func makeFolder(_ path: String) throws(FileError) {
        if isFolder(path) { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try makeFolder(String(path[..<slash]))
        }
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw FileError(path: path, code: errno) }
    }

    static func remove(_ path: String) { unlink(path) }

    private static func mode(of path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : 0
    }
}
