import Checksums
package import NIOCore

/// An open version of an object: what happens to the key afterwards does not reach it.
///
/// Every block is compared with its digest before a byte of it is handed over; see `BlockDigests`.
package struct ObjectReader: Sendable {
    package let record: ObjectRecord
    private let file: OpenFile
    /// `nil` for a file that was stored before there were digests, and that the scrub has not reached yet.
    private let blocks: BlockMap?
    private let onDamage: @Sendable (_ reason: String) async -> Void

    /// Bytes read at once.
    package static let chunkSize = 1 << 20

    init(
        record: ObjectRecord,
        file: OpenFile,
        blocks: BlockMap?,
        onDamage: @escaping @Sendable (_ reason: String) async -> Void
    ) {
        self.record = record
        self.file = file
        self.blocks = blocks
        self.onDamage = onDamage
    }

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

    /// The first chunk of a range, so that a reply can still say that it is damaged; `nil` for an empty range.
    ///
    /// - Throws: `ObjectStoreError.damaged`.
    package func first(of range: Range<Int>) async throws -> ByteBuffer? {
        precondition(range.lowerBound >= 0 && range.upperBound <= record.size, "a range outside the object")
        return range.isEmpty ? nil : try await chunk(at: range.lowerBound, of: range)
    }

    private func chunk(at position: Int, of range: Range<Int>) async throws -> ByteBuffer {
        do {
            return try await BlockingWork.run { [file, blocks] in
                guard let blocks else {
                    let end = min(position + Self.chunkSize, range.upperBound)
                    return try file.read(position..<end)
                }
                let (block, digest) = blocks.block(at: position)
                let bytes = try file.read(block)
                guard bytes.crc32c == digest else { throw ObjectStoreError.damaged(path: file.path) }
                let wanted = position..<min(block.upperBound, range.upperBound)
                return bytes.getSlice(at: wanted.lowerBound - block.lowerBound, length: wanted.count)
                    ?? ByteBuffer()
            }
        } catch ObjectStoreError.damaged(let path) {
            await onDamage("The bytes at \(position) are not what was written.")
            throw ObjectStoreError.damaged(path: path)
        }
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
