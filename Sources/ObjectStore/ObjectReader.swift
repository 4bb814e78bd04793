import Checksums
package import NIOCore

/// An open version of an object: what happens to the key afterwards does not reach it.
///
/// Every block is compared with its digest before a byte of it is handed over (see `BlockDigests`), unless it just was.
package struct ObjectReader: Sendable {
    package let record: ObjectRecord
    private let path: String
    private let stamp: OpenFile.Stamp
    private let bytes: Bytes
    private let recent: RecentReads
    private let onDamage: @Sendable (_ reason: String) async -> Void

    private enum Bytes {
        /// All of a small object, which were read as it was opened.
        case memory(ByteBuffer)
        /// Without blocks: a file that was stored before there were digests, and that the scrub has not reached yet.
        case file(OpenFile, BlockMap?)
    }

    /// Bytes read at once.
    package static let chunkSize = 1 << 20
    /// Largest object that is read as it is opened.
    private static let smallSize = 64 << 10

    /// Blocks.
    ///
    /// - Throws: `ObjectStoreError.damaged`.
    init(
        _ record: ObjectRecord,
        _ file: OpenFile,
        _ stamp: OpenFile.Stamp,
        _ blocks: BlockMap?,
        _ recent: RecentReads,
        onDamage: @escaping @Sendable (_ reason: String) async -> Void
    ) throws {
        self.record = record
        self.stamp = stamp
        self.recent = recent
        self.onDamage = onDamage
        path = file.path
        bytes =
            record.size > Self.smallSize
            ? .file(file, blocks) : .memory(try Self.chunk(at: 0, of: 0..<record.size, file, blocks))
    }

    /// Whether the bytes are here, and no file is open.
    var isInMemory: Bool { if case .memory = bytes { true } else { false } }

    /// Whether the file still is what it was when it was opened.
    var isUnchanged: Bool { OpenFile.Stamp(path) == stamp }

    /// Hands over the bytes of a range in chunks of at most 1 MiB, reading one chunk ahead.
    ///
    /// - Parameters:
    ///   - range: Within the object.
    ///   - first: The first chunk, if the caller has read it already.
    ///   - consume: Its suspension holds the reading back.
    /// - Throws: What `consume` throws, or `ObjectStoreError.damaged`.
    package func read(
        _ range: Range<Int>,
        startingWith first: ByteBuffer? = nil,
        _ consume: (ByteBuffer) async throws -> Void
    ) async throws {
        guard var chunk = try await first.orElse({ try await self.first(of: range) }) else { return }
        var position = range.lowerBound + chunk.readableBytes
        while position < range.upperBound {
            let start = position
            async let next = self.chunk(at: start, of: range)
            try await consume(chunk)
            chunk = try await next
            position += chunk.readableBytes
        }
        try await consume(chunk)
    }

    /// Hands over parts of the file itself, for whoever can send them without reading them into this process.
    ///
    /// A part has been compared with its digests, which also brought it into the page cache, while the one before it
    /// was on its way.
    ///
    /// - Parameters:
    ///   - range: Within the object, which is longer than a chunk.
    ///   - consume: Its suspension holds the reading back.
    /// - Throws: What `consume` throws, or `ObjectStoreError.damaged`.
    package func readInPlace(
        _ range: Range<Int>,
        _ consume: (FileRange) async throws -> Void
    ) async throws {
        guard !range.isEmpty else { return }
        guard case .file(let file, let blocks) = bytes else { preconditionFailure("no file is open") }
        var part = try await compared(from: range.lowerBound, of: range, file, blocks)
        while part.range.upperBound < range.upperBound {
            let start = part.range.upperBound
            async let next = compared(from: start, of: range, file, blocks)
            try await consume(part)
            part = try await next
        }
        try await consume(part)
    }

    /// Bytes of whole blocks that are compared and handed over at once.
    private static let stretch = 4 << 20

    private func compared(
        from start: Int,
        of range: Range<Int>,
        _ file: OpenFile,
        _ blocks: BlockMap?
    ) async throws -> FileRange {
        try await reportingDamage(at: start) { [record, stamp, recent] in
            let limit = min(start + Self.stretch, range.upperBound)
            guard let blocks, !recent.hasCompared(start..<limit, of: record.file, stamp) else {
                file.beginReading(start..<limit)
                return FileRange(file, start..<limit)
            }
            var end = start
            while end < limit {
                let (block, digest) = blocks.block(at: end)
                guard try file.crc32c(of: block) == digest else {
                    throw ObjectStoreError.damaged(path: file.path)
                }
                recent.note(block, of: record.file, stamp)
                end = min(block.upperBound, range.upperBound)
            }
            return FileRange(file, start..<end)
        }
    }

    /// The first chunk of a range, so that a reply can still say that it is damaged; `nil` for an empty range.
    ///
    /// - Throws: `ObjectStoreError.damaged`.
    package func first(of range: Range<Int>) async throws -> ByteBuffer? {
        precondition(range.lowerBound >= 0 && range.upperBound <= record.size, "a range outside the object")
        guard !range.isEmpty else { return nil }
        return try await chunk(at: range.lowerBound, of: range)
    }

    private func chunk(at position: Int, of range: Range<Int>) async throws -> ByteBuffer {
        switch bytes {
        case .memory(let bytes):
            return bytes.getSlice(at: position, length: range.upperBound - position) ?? ByteBuffer()
        case .file(let file, let blocks):
            return try await reportingDamage(at: position) {
                try Self.chunk(at: position, of: range, file, blocks)
            }
        }
    }

    /// The bytes of a range that are in the block of one of them, and behind it; blocks.
    private static func chunk(
        at position: Int,
        of range: Range<Int>,
        _ file: OpenFile,
        _ blocks: BlockMap?
    ) throws -> ByteBuffer {
        guard let blocks, !range.isEmpty else {
            return try file.read(position..<min(position + chunkSize, range.upperBound))
        }
        let (block, digest) = blocks.block(at: position)
        let bytes = try file.read(block)
        guard bytes.crc32c == digest else { throw ObjectStoreError.damaged(path: file.path) }
        let wanted = position..<min(block.upperBound, range.upperBound)
        return bytes.getSlice(at: wanted.lowerBound - block.lowerBound, length: wanted.count) ?? ByteBuffer()
    }

    private func reportingDamage<Value: Sendable>(
        at position: Int,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        do {
            return try await BlockingWork.run(body)
        } catch ObjectStoreError.damaged(let path) {
            await onDamage("The bytes at \(position) are not what was written.")
            throw ObjectStoreError.damaged(path: path)
        }
    }
}

/// Bytes of an open file, which stays open as long as `owner` is there.
package struct FileRange: Sendable {
    package let descriptor: CInt
    package let range: Range<Int>
    package let owner: any AnyObject & Sendable

    fileprivate init(_ file: OpenFile, _ range: Range<Int>) {
        descriptor = file.descriptor
        self.range = range
        owner = file
    }
}

extension ByteBuffer {
    /// The check of the readable bytes.
    var crc32c: UInt32 {
        withUnsafeReadableBytes { bytes in
            var check = CRC32C()
            check.update(RawSpan(_unsafeBytes: bytes))
            return check.value
        }
    }
}

extension Optional {
    fileprivate func orElse(_ other: () async throws -> Wrapped?) async rethrows -> Wrapped? {
        if let self { return self }
        return try await other()
    }
}
