import Crypto
import Foundation
import NIOCore
import ObjectStore
import Testing

@Suite struct MultipartTests {
    private let large = 5 << 20

    private func joined(_ parts: [ByteBuffer]) -> ByteBuffer {
        parts.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1) }
    }

    @Test(arguments: [[1, 2, 3], [3, 2, 1], [2, 3, 1], [3, 1, 2]])
    func `parts may come in any order`(order: [Int]) async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let upload = try await store.createUpload(ObjectKey("k"), in: bucket)
        let parts = [noise(large, seed: 1), noise(large, seed: 2), noise(1234, seed: 3)]
        var listed: [ListedPart] = []
        for number in order { listed.append(try await store.part(number, parts[number - 1], of: upload)) }
        listed.sort { $0.number < $1.number }
        let record = try await store.complete(upload, in: bucket, parts: listed)
        let md5s = parts.reduce(into: Data()) {
            $0 += Data(Insecure.MD5.hash(data: Data($1.readableBytesView)))
        }
        let md5 = Insecure.MD5.hash(data: md5s).map { String(format: "%02x", $0) }.joined()
        #expect(record.eTag == "\(md5)-3")
        #expect(record.size == 2 * large + 1234)
        #expect(try await store.open(ObjectKey("k"), in: bucket).whole() == joined(parts))
        #expect(record.parts?.range(ofPart: 3) == 2 * large..<2 * large + 1234)
        #expect(record.parts?.range(ofPart: 4) == nil)
        #expect(try temporary.files("incoming").isEmpty)
        #expect(try temporary.files("objects").count == 1)
        await #expect(throws: ObjectStoreError.noSuchUpload(upload.id)) {
            try await store.complete(upload, in: bucket, parts: listed)
        }
    }

    @Test func `parts of one size are never copied`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let upload = try await store.createUpload(ObjectKey("k"), in: bucket)
        let common = try #require(try temporary.files("incoming").first)
        let path = "\(temporary.folder)/incoming/\(common)"
        let inode = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        let listed = try await withThrowingTaskGroup { group in
            let first = try await store.part(1, noise(large), of: upload)
            for number in 2...4 {
                group.addTask {
                    try await store.part(number, noise(number == 4 ? 77 : large), of: upload)
                }
            }
            return try await group.reduce(into: [first]) { $0.append($1) }
        }
        #expect(try temporary.files("incoming") == [common])
        let record = try await store.complete(
            upload,
            in: bucket,
            parts: listed.sorted { $0.number < $1.number }
        )
        let result = try FileManager.default.attributesOfItem(atPath: store.filePath(of: record))
        #expect(result[.systemFileNumber] as? Int == inode)
        #expect(result[.size] as? Int == 3 * large + 77)
    }

    @Test func `parts of unequal sizes, gaps in the numbers and unlisted parts still make one right object`()
        async throws
    {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let sizes = [2: large, 5: large + 1, 6: large, 9: 3 * large, 100: 10]
        let upload = try await store.createUpload(ObjectKey("k"), in: bucket)
        var listed: [ListedPart] = []
        for number in sizes.keys.sorted() {
            listed.append(
                try await store.part(number, noise(sizes[number] ?? 0, seed: UInt64(number)), of: upload)
            )
        }
        let without6 = listed.filter { $0.number != 6 }
        let record = try await store.complete(upload, in: bucket, parts: without6)
        let expected = joined(without6.map { noise(sizes[$0.number] ?? 0, seed: UInt64($0.number)) })
        #expect(try await store.open(ObjectKey("k"), in: bucket).whole() == expected)
        #expect(record.parts?.count == 4)
        #expect(try temporary.files("incoming").isEmpty)
    }

    @Test func `parts whose length is not known beforehand are fine`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let upload = try await temporary.store.createUpload(ObjectKey("k"), in: bucket)
        var listed: [ListedPart] = []
        for number in 1...2 {
            var part = try await temporary.store.uploadPart(number, of: upload, length: nil)
            try await part.write(noise(large, seed: UInt64(number)))
            listed.append(ListedPart(number: number, eTag: try await part.finish().eTag))
        }
        _ = try await temporary.store.complete(upload, in: bucket, parts: listed)
        let whole = try await temporary.store.open(ObjectKey("k"), in: bucket).whole()
        #expect(whole == joined([noise(large, seed: 1), noise(large, seed: 2)]))
    }

    @Test func `a part sent again takes the place of the first, and the last attempt counts`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let upload = try await store.createUpload(ObjectKey("k"), in: bucket)
        let old = try await store.part(1, noise(large, seed: 8), of: upload)
        let two = try await store.part(2, noise(9, seed: 2), of: upload)
        let one = try await store.part(1, noise(large, seed: 1), of: upload)
        await #expect(throws: ObjectStoreError.invalidPart(number: 1)) {
            try await store.complete(upload, in: bucket, parts: [old, two])
        }
        _ = try await store.complete(upload, in: bucket, parts: [one, two])
        let whole = try await store.open(ObjectKey("k"), in: bucket).whole()
        #expect(whole == joined([noise(large, seed: 1), noise(9, seed: 2)]))
        #expect(try temporary.files("incoming").isEmpty)
    }

    @Test func `two attempts for one part at the same time do not mix`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let upload = try await store.createUpload(ObjectKey("k"), in: bucket)
        var first = try await store.uploadPart(1, of: upload, length: 2 * large)
        var second = try await store.uploadPart(1, of: upload, length: 2 * large)
        for _ in 0..<2 {
            try await first.write(noise(large, seed: 1))
            try await second.write(noise(large, seed: 2))
        }
        let won = ListedPart(number: 1, eTag: try await second.finish().eTag)
        let lost = ListedPart(number: 1, eTag: try await first.finish().eTag)
        await #expect(throws: ObjectStoreError.invalidPart(number: 1)) {
            try await store.complete(upload, in: bucket, parts: [won])
        }
        _ = try await store.complete(upload, in: bucket, parts: [lost])
        let whole = try await store.open(ObjectKey("k"), in: bucket).whole()
        #expect(whole == joined([noise(large, seed: 1), noise(large, seed: 1)]))
    }

    @Test func `an abandoned part leaves its place to the next attempt`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let upload = try await store.createUpload(ObjectKey("k"), in: bucket)
        func abandon() async throws {
            var part = try await store.uploadPart(1, of: upload, length: large)
            try await part.write(noise(3 << 20, seed: 9))
        }
        try await abandon()
        await #expect(throws: ObjectStoreError.wrongLength(announced: 10, received: 11)) {
            _ = try await store.part(2, noise(11), of: upload, length: 10)
        }
        await #expect(throws: ObjectStoreError.wrongLength(announced: 12, received: 11)) {
            _ = try await store.part(2, noise(11), of: upload, length: 12)
        }
        let one = try await store.part(1, noise(large, seed: 1), of: upload)
        _ = try await store.complete(upload, in: bucket, parts: [one])
        #expect(try await store.open(ObjectKey("k"), in: bucket).whole() == noise(large, seed: 1))
    }

    @Test func `a Complete that is refused can be repeated`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let upload = try await store.createUpload(ObjectKey("k"), in: bucket)
        let one = try await store.part(1, noise(large, seed: 1), of: upload)
        let two = try await store.part(2, noise(6, seed: 2), of: upload)
        let three = try await store.part(3, noise(7, seed: 3), of: upload)
        let wrong: [([ListedPart], ObjectStoreError)] = [
            ([two, one], .invalidPartOrder), ([one, one], .invalidPartOrder),
            ([one, two, three], .partTooSmall(number: 2, size: 6)),
            ([one, ListedPart(number: 4, eTag: one.eTag)], .invalidPart(number: 4)),
        ]
        for (parts, error) in wrong {
            await #expect(throws: error) { try await store.complete(upload, in: bucket, parts: parts) }
        }
        try await store.put("there", "k", in: bucket)
        await #expect(throws: ObjectStoreError.preconditionFailed(.absent)) {
            try await store.complete(upload, in: bucket, parts: [one, two], if: .absent)
        }
        #expect(try await store.text("k", in: bucket) == "there")
        #expect(try temporary.files("objects").count == 1)
        _ = try await store.complete(upload, in: bucket, parts: [one, two])
        let whole = try await store.open(ObjectKey("k"), in: bucket).whole()
        #expect(whole == joined([noise(large, seed: 1), noise(6, seed: 2)]))
        #expect(try temporary.files("objects").count == 1)
    }

    @Test func `an upload goes on after a restart`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let upload = try await temporary.store.createUpload(ObjectKey("k"), in: bucket)
        let one = try await temporary.store.part(1, noise(large, seed: 1), of: upload)
        let reopened = try temporary.reopened()
        let resumed = try await reopened.multipartUpload(upload.id, of: ObjectKey("k"), in: bucket)
        let two = try await reopened.part(2, noise(large, seed: 2), of: resumed)
        // Had the second part not found its place, it would have a file of its own.
        #expect(try temporary.files("incoming").count == 1)
        _ = try await reopened.complete(resumed, in: bucket, parts: [one, two])
        let whole = try await reopened.open(ObjectKey("k"), in: bucket).whole()
        #expect(whole == joined([noise(large, seed: 1), noise(large, seed: 2)]))
    }

    @Test func `aborting removes the parts`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let upload = try await temporary.store.createUpload(ObjectKey("k"), in: bucket)
        _ = try await temporary.store.part(2, noise(10), of: upload)
        _ = try await temporary.store.part(1, noise(10), of: upload)
        #expect(try temporary.files("incoming").count == 2)
        try await temporary.store.abort(upload)
        #expect(try temporary.files("incoming").isEmpty)
        await #expect(throws: ObjectStoreError.noSuchUpload(upload.id)) {
            _ = try await temporary.store.part(1, noise(10), of: upload)
        }
        await #expect(throws: ObjectStoreError.noSuchUpload(upload.id)) {
            try await temporary.store.abort(upload)
        }
    }

    @Test(arguments: [ChecksumAlgorithm.crc32, .crc32c, .crc64nvme])
    func `a full-object checksum of the parts is that of the bytes`(algorithm: ChecksumAlgorithm) async throws
    {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let upload = try await store.createUpload(
            ObjectKey("k"),
            in: bucket,
            checksum: algorithm,
            form: .fullObject
        )
        let one = try await store.part(1, noise(large, seed: 1), of: upload)
        let two = try await store.part(2, noise(99, seed: 2), of: upload)
        let whole = joined([noise(large, seed: 1), noise(99, seed: 2)])
        let reference = try await store.put(whole, "reference", in: bucket, checksum: algorithm)
        await #expect(throws: ObjectStoreError.self) {
            try await store.complete(upload, in: bucket, parts: [one, two], checksum: "AAAAAA==")
        }
        let record = try await store.complete(
            upload,
            in: bucket,
            parts: [one, two],
            checksum: reference.checksum?.value
        )
        #expect(record.checksum == reference.checksum)
    }

    @Test func `a composite checksum is the checksum of the parts' checksums`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let upload = try await store.createUpload(ObjectKey("k"), in: bucket, checksum: .sha256)
        let parts = [noise(large, seed: 1), noise(99, seed: 2)]
        var listed: [ListedPart] = []
        for (index, bytes) in parts.enumerated() {
            listed.append(try await store.part(index + 1, bytes, of: upload))
        }
        let record = try await store.complete(upload, in: bucket, parts: listed)
        let digests = parts.reduce(into: Data()) { $0 += Data(SHA256.hash(data: Data($1.readableBytesView))) }
        let value = Data(SHA256.hash(data: digests)).base64EncodedString() + "-2"
        #expect(record.checksum == ObjectChecksum(algorithm: .sha256, form: .composite, value: value))
    }

    @Test func `open uploads are listed by key, in pages`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        var ids: [String] = []
        for key in ["a", "b", "b", "c/1", "c/2", "d"] {
            ids.append(try await store.createUpload(ObjectKey(key), in: bucket).id)
        }
        var seen: [String] = []
        var query = ListQuery(limit: 2)
        var marker: String?
        repeat {
            let page = try await store.uploads(of: bucket, query, idMarker: marker)
            #expect(page.uploads.count <= 2)
            seen += page.uploads.map(\.id)
            query.startAfter = page.next?.key
            marker = page.next?.id
        } while marker != nil
        #expect(seen.count == 6)
        #expect(Set(seen) == Set(ids))
        let folded = try await store.uploads(of: bucket, ListQuery(delimiter: "/"), idMarker: nil)
        #expect(folded.commonPrefixes == ["c/"])
        #expect(folded.uploads.map(\.key.description) == ["a", "b", "b", "d"])
    }
}
