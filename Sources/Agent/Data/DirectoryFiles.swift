import AgentProtocol
import Archive
import Glibc
import NIOCore

/// The files of a `file://` channel, read where they are: below a directory that the administrator has opened to jobs, and
/// only as long as they are what they were when the job was assembled.
final class DirectoryFiles: Sendable {
    private let directory: ContainedDirectory
    private let address: String

    /// Opens the directory: whoever may write there could put a link in its place meanwhile.
    ///
    /// - Throws: `InstanceFailure` if it is not there or lies outside its root.
    init(_ source: DirectorySource, channel: String) throws(InstanceFailure) {
        address = source.address
        let root: ContainedDirectory
        do { root = try ContainedDirectory(source.root) } catch {
            throw InstanceFailure(
                blame: .platform,
                message: "'\(source.root)', which the administrator lists, cannot be opened: \(error)"
            )
        }
        do { directory = try root.directory(source.path) } catch {
            throw InstanceFailure(
                blame: .client,
                message: "Channel '\(channel)': \(source.address): \(error)"
            )
        }
    }

    /// A file for messages.
    func address(of file: ListedFile) -> String { "\(address)/\(file.relativePath)" }

    /// Opens a file for reading.
    ///
    /// - Throws: `InstanceFailure` if it is gone or another one than it was.
    func open(_ file: ListedFile) throws(InstanceFailure) -> Descriptor {
        let number: Int32
        do { number = try directory.openFile(file.relativePath) } catch { throw lost(file, "\(error)") }
        let opened = Descriptor(owning: number)
        try check(opened.number, is: file)
        return opened
    }

    /// - Throws: `InstanceFailure` if an open file was written to since the job was created.
    func check(_ opened: Int32, is file: ListedFile) throws(InstanceFailure) {
        let entry: ContainedDirectory.Entry
        do {
            entry = try ContainedDirectory.entry(of: opened, file.relativePath)
        } catch { throw lost(file, "\(error)") }
        guard entry.size == file.size, entry.inode == file.version.inode,
            entry.modified == file.version.modified
        else { throw changed(file) }
    }

    /// A part of a file.
    ///
    /// - Throws: `InstanceFailure`, `SystemError`.
    func read(_ file: ListedFile, _ range: Range<Int>) throws -> ByteBuffer {
        let opened = try open(file)
        var buffer = ByteBufferAllocator().buffer(capacity: range.count)
        while buffer.readableBytes < range.count {
            let position = range.lowerBound + buffer.readableBytes
            var status = 0
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: range.upperBound - position) { room in
                repeat {
                    status = pread(opened.number, room.baseAddress, range.upperBound - position, position)
                } while status < 0 && errno == EINTR
                return max(0, status)
            }
            guard status >= 0 else { throw SystemError("read \(address(of: file))", code: errno) }
            guard status > 0 else { throw changed(file) }
        }
        return buffer
    }

    /// Written, replaced or cut since the job was created.
    func changed(_ file: ListedFile) -> InstanceFailure { lost(file, "It is not what it was.") }

    private func lost(_ file: ListedFile, _ reason: String) -> InstanceFailure {
        InstanceFailure(
            blame: .client,
            message: """
                Data download failed: \(address(of: file)) was changed or deleted after the job was created. \(reason) \
                Run the job again, and leave its data alone meanwhile.
                """
        )
    }
}
