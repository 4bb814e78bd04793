import CLinux
import Checksums
import Glibc
import NIOCore

/// An open file: positioned reads and writes, closed with the last reference.
///
/// Every call may block; errors are `ObjectStoreError`.
final class OpenFile: Sendable {
    let path: String
    let descriptor: CInt

    enum Mode { case read, write, create }

    init(_ path: String, _ mode: Mode) throws(ObjectStoreError) {
        self.path = path
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .write: O_RDWR
            case .create: O_RDWR | O_CREAT | O_EXCL
            }
        descriptor = open(path, flags | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw .last("open", path) }
        if mode == .read { _ = posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_SEQUENTIAL)) }
    }

    deinit { close(descriptor) }

    /// Writes a whole buffer; its first byte goes to `offset`.
    func write(_ buffer: ByteBuffer, at offset: Int) throws(ObjectStoreError) {
        let failure: ObjectStoreError? = buffer.withUnsafeReadableBytes { bytes in
            var done = 0
            while done < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
                let count = pwrite(descriptor, rest.baseAddress, rest.count, offset + done)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return .last("write", path) }
                done += count
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Reads a range that the file is known to have.
    ///
    /// - Throws: `ObjectStoreError.damaged` if the file ends before it.
    func read(_ range: Range<Int>) throws(ObjectStoreError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: range.count)
        while buffer.readableBytes < range.count {
            let missing = range.count - buffer.readableBytes
            let offset = range.lowerBound + buffer.readableBytes
            var code: CInt = 0
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: missing) { space in
                let count = pread(descriptor, space.baseAddress, missing, offset)
                if count < 0 { code = errno }
                return max(count, 0)
            }
            if code == EINTR { continue }
            if code != 0 { throw .failed("read", path, code) }
            if count == 0 { throw .damaged(path: path) }
        }
        return buffer
    }

    /// The check of a range that the file is known to have.
    ///
    /// It goes through a piece of memory that stays in the processor's cache, at several times the speed of reading it
    /// into a buffer of its own; afterwards the range is in the page cache.
    ///
    /// - Throws: `ObjectStoreError.damaged` if the file ends before it.
    func crc32c(of range: Range<Int>) throws(ObjectStoreError) -> UInt32 {
        let failure: ObjectStoreError?
        var check = CRC32C()
        (check, failure) = withUnsafeTemporaryAllocation(byteCount: 128 << 10, alignment: 64) { space in
            var check = CRC32C()
            var position = range.lowerBound
            while position < range.upperBound {
                let count = pread(
                    descriptor,
                    space.baseAddress,
                    min(space.count, range.upperBound - position),
                    position
                )
                if count < 0, errno == EINTR { continue }
                if count < 0 { return (check, .last("read", path)) }
                if count == 0 { return (check, .damaged(path: path)) }
                check.update(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: space[..<count])))
                position += count
            }
            return (check, nil)
        }
        if let failure { throw failure }
        return check.value
    }

    /// Copies a range of another file without bringing it into this process; its first byte goes to `offset` here.
    func copy(_ range: Range<Int>, of source: OpenFile, to offset: Int) throws(ObjectStoreError) {
        guard lseek(descriptor, offset, SEEK_SET) >= 0 else { throw .last("seek", path) }
        var position = range.lowerBound
        while position < range.upperBound {
            let count = sendfile(
                descriptor,
                source.descriptor,
                &position,
                min(range.upperBound - position, 1 << 30)
            )
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw .last("copy", path) }
            if count == 0 { throw .damaged(path: source.path) }
        }
    }

    /// Has the disk begin with what was written, so that little is left when `synchronize` waits for all of it.
    ///
    /// Only a hint: what goes wrong, `synchronize` reports.
    func beginFlushing(_ range: Range<Int>) {
        clx_begin_flushing(descriptor, Int64(range.lowerBound), Int64(range.count))
    }

    /// Waits until the bytes and the length are on the disk.
    func synchronize() throws(ObjectStoreError) {
        guard fsync(descriptor) == 0 else { throw .last("fsync", path) }
    }

    /// Has the next read come from the disk.
    func forgetCache() { _ = posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_DONTNEED)) }

    /// By what it is seen that a file was written.
    struct Stamp: Equatable, Sendable {
        let size: Int
        private let seconds: Int
        private let nanoseconds: Int

        fileprivate init(_ facts: stat) {
            size = Int(facts.st_size)
            (seconds, nanoseconds) = (facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec)
        }

        /// Of the file of this path; `nil` if there is none.
        init?(_ path: String) {
            var facts = stat()
            guard stat(path, &facts) == 0 else { return nil }
            self.init(facts)
        }
    }

    func stamp() throws(ObjectStoreError) -> Stamp {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw .last("stat", path) }
        return Stamp(facts)
    }

    /// Has what is not in memory of a range be read soon.
    func beginReading(_ range: Range<Int>) {
        _ = posix_fadvise(descriptor, range.lowerBound, range.count, Int32(POSIX_FADV_WILLNEED))
    }

    /// The length in bytes.
    func size() throws(ObjectStoreError) -> Int {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw .last("stat", path) }
        return facts.st_size
    }
}

extension ObjectStoreError {
    /// The error of the system call that just failed.
    static func last(_ operation: String, _ path: String) -> ObjectStoreError {
        failed(operation, path, errno)
    }

    static func failed(_ operation: String, _ path: String, _ code: CInt) -> ObjectStoreError {
        switch code {
        case ENOSPC, EDQUOT: .outOfSpace(path: path)
        default: .fileFailure(operation: operation, path: path, code: code)
        }
    }
}
