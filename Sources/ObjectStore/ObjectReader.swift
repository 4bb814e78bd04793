package import NIOCore

/// An open version of an object: what happens to the key afterwards does not reach it.
package struct ObjectReader: Sendable {
    package let record: ObjectRecord
    private let file: OpenFile

    /// Bytes read at once.
    package static let chunkSize = 1 << 20

    init(record: ObjectRecord, file: OpenFile) {
        self.record = record
        self.file = file
    }

    /// Hands over the bytes of a range in chunks of at most 1 MiB, reading one chunk ahead.
    ///
    /// - Parameters:
    ///   - range: Within the object.
    ///   - consume: Its suspension holds the reading back.
    /// - Throws: What `consume` throws, or `ObjectStoreError.damaged`.
    package func read(_ range: Range<Int>, _ consume: (ByteBuffer) async throws -> Void) async throws {
        precondition(range.lowerBound >= 0 && range.upperBound <= record.size, "a range outside the object")
        guard !range.isEmpty else { return }
        var chunk = try await self.chunk(at: range.lowerBound, of: range)
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

    private func chunk(at position: Int, of range: Range<Int>) async throws -> ByteBuffer {
        let end = min(position + Self.chunkSize, range.upperBound)
        return try await BlockingWork.run { [file] in try file.read(position..<end) }
    }
}
