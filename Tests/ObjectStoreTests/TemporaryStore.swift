import Foundation
import NIOCore
import ObjectStore
import Resources
import Testing

/// A store in a folder of its own that goes away with the test.
final class TemporaryStore: Sendable {
    let folder: String
    let store: ObjectStore
    let scope = Scope(account: .standard, region: .standard)

    /// - Parameter rest: As the store's.
    /// - Throws: As the store.
    init(rest: Duration = .seconds(1)) throws {
        folder = NSTemporaryDirectory() + "clary-objects-\(UUID().uuidString)"
        store = try ObjectStore(root: folder, rest: rest)
    }

    deinit {
        // SQLite removes its own files as a store closes, which may be at this moment.
        for attempt in 1...10 {
            do {
                return try FileManager.default.removeItem(atPath: folder)
            } catch {
                if attempt == 10 { Issue.record(error) }
            }
        }
    }

    /// The same folder opened once more, as after a crash.
    func reopened() throws -> ObjectStore { try ObjectStore(root: folder) }

    /// Names of the files below a folder of the store.
    func files(_ part: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(folder)/\(part)")
            .filter { !$0.hasSuffix("/") && ($0.split(separator: "/").last?.utf8.count ?? 0) == 16 }
            .sorted()
    }

    func bucket(_ name: String = "bucket-1") async throws -> Bucket {
        try await store.createBucket(name, in: scope)
    }
}

extension ObjectStore {
    @discardableResult
    func put(
        _ text: String,
        _ key: String,
        in bucket: Bucket,
        headers: ObjectHeaders = ObjectHeaders(),
        checksum: ChecksumAlgorithm? = nil,
        announced: AnnouncedDigests = AnnouncedDigests(),
        if condition: WriteCondition = .none
    ) async throws -> ObjectRecord {
        try await put(
            ByteBuffer(string: text),
            key,
            in: bucket,
            headers: headers,
            checksum: checksum,
            announced: announced,
            if: condition
        )
    }

    @discardableResult
    func put(
        _ bytes: ByteBuffer,
        _ key: String,
        in bucket: Bucket,
        headers: ObjectHeaders = ObjectHeaders(),
        checksum: ChecksumAlgorithm? = nil,
        announced: AnnouncedDigests = AnnouncedDigests(),
        if condition: WriteCondition = .none
    ) async throws -> ObjectRecord {
        var upload = try await upload(ObjectKey(key), in: bucket, headers: headers, checksum: checksum)
        var rest = bytes
        while let piece = rest.readSlice(length: min(300_000, rest.readableBytes)), piece.readableBytes > 0 {
            try await upload.write(piece)
        }
        return try await upload.finish(announced, if: condition)
    }

    func text(_ key: String, in bucket: Bucket) async throws -> String {
        String(buffer: try await open(ObjectKey(key), in: bucket).whole())
    }

    func part(
        _ number: Int,
        _ bytes: ByteBuffer,
        of upload: MultipartUpload,
        length: Int? = nil,
        checksum: ChecksumAlgorithm? = nil
    ) async throws -> ListedPart {
        var part = try await uploadPart(
            number,
            of: upload,
            length: length ?? bytes.readableBytes,
            checksum: checksum
        )
        try await part.write(bytes)
        return ListedPart(number: number, eTag: try await part.finish().eTag)
    }
}

extension ObjectReader {
    func whole() async throws -> ByteBuffer {
        var bytes = ByteBuffer()
        try await read(0..<record.size) { bytes.writeImmutableBuffer($0) }
        return bytes
    }
}

/// Bytes that differ from place to place and from seed to seed.
func noise(_ count: Int, seed: UInt64 = 1) -> ByteBuffer {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    var buffer = ByteBuffer()
    buffer.reserveCapacity(count + 8)
    while buffer.readableBytes < count {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        buffer.writeInteger(state)
    }
    return buffer.getSlice(at: 0, length: count) ?? ByteBuffer()
}
