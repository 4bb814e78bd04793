import Glibc
import NIOCore

/// A range of a file as buffers of 1 MiB (smaller ones halve the speed of a loopback transfer).
struct FileChunks: AsyncSequence, Sendable {
    let path: String
    /// Bytes of the file.
    let range: Range<Int>

    func makeAsyncIterator() -> Iterator { Iterator(path: path, range: range) }

    /// Reads as it goes; the file is closed with the last copy of the iterator.
    struct Iterator: AsyncIteratorProtocol {
        private let file: OpenFile?
        private let path: String
        private var range: Range<Int>

        fileprivate init(path: String, range: Range<Int>) {
            file = OpenFile(path)
            self.path = path
            self.range = range
        }

        mutating func next() async throws -> ByteBuffer? {
            guard !range.isEmpty else { return nil }
            guard let file else { throw ObjectAccessError.file("Cannot read \(path).") }
            var buffer = ByteBufferAllocator().buffer(capacity: Swift.min(range.count, 1 << 20))
            let offset = range.lowerBound
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 1) { bytes in
                Swift.max(
                    0,
                    pread(file.number, bytes.baseAddress, Swift.min(bytes.count, range.count), offset)
                )
            }
            guard count > 0 else { throw ObjectAccessError.file("\(path) became shorter while it was sent.") }
            range = (range.lowerBound + count)..<range.upperBound
            return buffer
        }
    }
}

/// A file open for reading.
private final class OpenFile: Sendable {
    let number: Int32

    init?(_ path: String) {
        number = open(path, O_RDONLY | O_CLOEXEC)
        if number < 0 { return nil }
    }

    deinit { close(number) }
}
