import Glibc
import Resources

/// What a channel consists of, in a file: read item by item, whatever its length.
///
/// A job may have millions of objects, so they are in no document that is held or written as a whole. Each item is a
/// header of 13 bytes (length of what follows it, kind, size of the object), then its texts; numbers are little-endian.
package final class ObjectListing: Sendable {
    private let descriptor: Int32
    /// Where the items begin, and the end of the file.
    private let offsets: [UInt64]
    /// Bytes of all objects.
    package let bytes: Int
    /// Whether every object has a file on this machine.
    package let isNear: Bool

    /// Number of items.
    package var count: Int { offsets.count - 1 }

    static let headerSize = 13
    static let (nearObject, farObject, literal, file): (UInt8, UInt8, UInt8, UInt8) = (0, 1, 2, 3)

    /// Opens a listing.
    ///
    /// - Throws: `ListingError` if it cannot be read or is none.
    package init(path: String) throws(ListingError) {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else {
            throw ListingError("Cannot open \(path): \(String(cString: strerror(errno))).")
        }
        do {
            let walk = try Walk(number)
            descriptor = number
            offsets = walk.offsets
            bytes = walk.bytes
            isNear = walk.isNear
        } catch {
            close(number)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// The item at a position.
    package func item(_ position: Int) throws(ListingError) -> Item {
        let start = Int(offsets[position])
        let length = Int(offsets[position + 1]) - start
        let record = try Self.read(descriptor, at: start, length)
        var reader = Fields(record[Self.headerSize...])
        if record[4] == Self.literal { return .literal(Array(record[Self.headerSize...])) }
        if record[4] == Self.file {
            let (path, text) = (try reader.text(), try reader.text())
            guard let version = ListedFile.Version(text) else {
                throw ListingError("The listing of a channel is damaged.")
            }
            return .file(ListedFile(relativePath: path, size: Self.size(record[...]), version: version))
        }
        let (bucket, key, path) = (try reader.text(), try reader.text(), try reader.text())
        let (eTag, near) = (try reader.text(), try reader.text())
        return .object(
            DataObject(
                location: S3Location(bucket: bucket, key: key),
                relativePath: path,
                size: Self.size(record[...]),
                nearPath: record[4] == Self.nearObject ? near : nil,
                eTag: eTag.isEmpty ? nil : eTag
            )
        )
    }

    package enum Item: Sendable {
        case object(DataObject)
        case file(ListedFile)
        /// Bytes that stand for themselves: a value in an augmented manifest.
        case literal([UInt8])
    }

    fileprivate static func size(_ header: ArraySlice<UInt8>) -> Int {
        (0..<8).reduce(0) { $0 | Int(header[header.startIndex + 5 + $1]) << (8 * $1) }
    }

    fileprivate static func read(_ file: Int32, at offset: Int, _ length: Int) throws(ListingError) -> [UInt8]
    {
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            while got < length {
                let status = pread(file, buffer.baseAddress.map { $0 + got }, length - got, offset + got)
                if status < 0 && errno == EINTR { continue }
                guard status > 0 else { break }
                got += status
            }
            count = got
        }
        guard got == length else { throw ListingError("The listing of a channel is cut off.") }
        return bytes
    }

    /// The first look at a listing: where its items are.
    private struct Walk {
        var offsets: [UInt64] = [0]
        var bytes = 0
        var isNear = true

        init(_ file: Int32) throws(ListingError) {
            var facts = stat()
            guard fstat(file, &facts) == 0 else {
                throw ListingError("The listing of a channel cannot be read.")
            }
            let end = facts.st_size
            var chunkStart = 0
            var chunk: [UInt8] = []
            var position = 0
            while position < end {
                if position + headerSize > chunkStart + chunk.count {
                    chunkStart = position
                    chunk = try read(file, at: position, min(1 << 18, end - position))
                    guard chunk.count >= headerSize else {
                        throw ListingError("The listing of a channel is cut off.")
                    }
                }
                let header = chunk[(position - chunkStart)...].prefix(headerSize)
                let length = (0..<4).reduce(0) { $0 | Int(header[header.startIndex + $1]) << (8 * $1) }
                if header[header.startIndex + 4] != literal {
                    bytes += size(header)
                    if header[header.startIndex + 4] == farObject { isNear = false }
                }
                position += headerSize + length
                offsets.append(UInt64(position))
            }
            guard position == end else { throw ListingError("The listing of a channel is cut off.") }
        }
    }

    /// The texts of an item.
    private struct Fields {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        mutating func text() throws(ListingError) -> String {
            guard rest.count >= 4 else { throw ListingError("The listing of a channel is damaged.") }
            let length = (0..<4).reduce(0) { $0 | Int(rest[rest.startIndex + $1]) << (8 * $1) }
            guard rest.count >= 4 + length else { throw ListingError("The listing of a channel is damaged.") }
            let text = rest.dropFirst(4).prefix(length)
            rest = rest.dropFirst(4 + length)
            return String(decoding: text, as: UTF8.self)
        }
    }
}

/// Writes an `ObjectListing`.
package struct ObjectListingWriter: ~Copyable {
    private let file: Int32
    private var buffer: [UInt8] = []
    /// Items so far.
    package private(set) var count = 0
    /// Bytes of the objects so far, and of literals.
    package private(set) var bytes = 0

    /// Makes the file.
    package init(path: String) throws(ListingError) {
        file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw ListingError("Cannot write \(path): \(String(cString: strerror(errno))).")
        }
        buffer.reserveCapacity(1 << 18)
    }

    deinit { if file >= 0 { close(file) } }

    package mutating func append(_ item: ObjectListing.Item) throws(ListingError) {
        switch item {
        case .literal(let content):
            begin(ObjectListing.literal, length: content.count, size: content.count)
            buffer += content
            bytes += content.count
        case .object(let object):
            append(
                object.nearPath == nil ? ObjectListing.farObject : ObjectListing.nearObject,
                [
                    object.location.bucket, object.location.key, object.relativePath, object.eTag ?? "",
                    object.nearPath ?? "",
                ],
                size: object.size
            )
        case .file(let file):
            append(ObjectListing.file, [file.relativePath, "\(file.version)"], size: file.size)
        }
        count += 1
        if buffer.count >= 1 << 18 - 4096 { try flush() }
    }

    /// Writes what is still in memory.
    package mutating func finish() throws(ListingError) { try flush() }

    private mutating func append(_ kind: UInt8, _ texts: [String], size: Int) {
        begin(kind, length: texts.reduce(0) { $0 + 4 + $1.utf8.count }, size: size)
        for text in texts {
            number(text.utf8.count, bytes: 4)
            buffer += text.utf8
        }
        bytes += size
    }

    private mutating func begin(_ kind: UInt8, length: Int, size: Int) {
        number(length, bytes: 4)
        buffer.append(kind)
        number(size, bytes: 8)
    }

    private mutating func number(_ value: Int, bytes: Int) {
        for byte in 0..<bytes { buffer.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }

    private mutating func flush() throws(ListingError) {
        var offset = 0
        while offset < buffer.count {
            let written = buffer.withUnsafeBytes {
                write(file, $0.baseAddress.map { $0 + offset }, $0.count - offset)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else {
                throw ListingError(
                    "The listing of a channel cannot be written: \(String(cString: strerror(errno)))."
                )
            }
            offset += written
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// A listing that cannot be read or written.
package struct ListingError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
