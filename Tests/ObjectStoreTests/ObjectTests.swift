import Crypto
import Foundation
import NIOCore
import ObjectStore
import Testing

@Suite struct ObjectTests {
    @Test func `an object comes back as it went in, with its MD5 as ETag`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        var headers = ObjectHeaders()
        headers.contentType = "text/csv"
        headers.metadata = ["colour": "blue"]
        let record = try await temporary.store.put("hello", "a/b.csv", in: bucket, headers: headers)
        #expect(record.eTag == "5d41402abc4b2a76b9719d911017c592")
        let head = try await temporary.store.head(ObjectKey("a/b.csv"), in: bucket)
        #expect(head == record)
        #expect(head.headers == headers)
        #expect(try await temporary.store.text("a/b.csv", in: bucket) == "hello")
    }

    @Test(arguments: [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5_000_003])
    func `every size comes back, whole and in ranges`(size: Int) async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let bytes = noise(size)
        let record = try await temporary.store.put(bytes, "k", in: bucket, checksum: .sha256)
        #expect(record.size == size)
        let sha = Data(SHA256.hash(data: Data(bytes.readableBytesView))).base64EncodedString()
        #expect(record.checksum == ObjectChecksum(algorithm: .sha256, form: .fullObject, value: sha))
        let reader = try await temporary.store.open(ObjectKey("k"), in: bucket)
        #expect(try await reader.whole() == bytes)
        guard size > 2 else { return }
        var middle = ByteBuffer()
        try await reader.read(1..<size - 1) { middle.writeImmutableBuffer($0) }
        #expect(middle == bytes.getSlice(at: 1, length: size - 2))
    }

    @Test(arguments: [
        (ChecksumAlgorithm.crc32, "NhCmhg=="), (.crc32c, "mnG7TA=="), (.crc64nvme, "M3eFcAZSQlc="),
        (.sha1, "qvTGHdzF6KLavt4PO0gs2a6pQ00="), (.sha256, "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
    ])
    func `every checksum is computed beside the MD5`(algorithm: ChecksumAlgorithm, value: String) async throws
    {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let record = try await temporary.store.put("hello", "k", in: bucket, checksum: algorithm)
        #expect(record.checksum == ObjectChecksum(algorithm: algorithm, form: .fullObject, value: value))
        #expect(try await temporary.store.head(ObjectKey("k"), in: bucket).checksum == record.checksum)
    }

    @Test func `a reader and a hard link keep the version that was overwritten`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let old = noise(3 << 20, seed: 1)
        let record = try await store.put(old, "k", in: bucket)
        let reader = try await store.open(ObjectKey("k"), in: bucket)
        let link = temporary.folder + "/link"
        try FileManager.default.linkItem(atPath: store.filePath(of: record), toPath: link)
        try await store.put("new", "k", in: bucket)
        #expect(try await reader.whole() == old)
        #expect(FileManager.default.contents(atPath: link) == Data(old.readableBytesView))
        #expect(try await store.text("k", in: bucket) == "new")
        #expect(!FileManager.default.fileExists(atPath: store.filePath(of: record)))
        #expect(try temporary.files("objects").count == 1)
    }

    @Test func `an upload that is dropped leaves nothing`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        try await temporary.store.put("old", "k", in: bucket)
        func abandon(after sizes: Int..., onDisk files: Int) async throws {
            var upload = try await temporary.store.upload(ObjectKey("k"), in: bucket)
            for size in sizes { try await upload.write(noise(size)) }
            #expect(try temporary.files("incoming").count == files)
        }
        try await abandon(after: 100, onDisk: 0)
        try await abandon(after: 100, 70_000, onDisk: 1)
        #expect(try temporary.files("incoming").isEmpty)
        #expect(try temporary.files("objects").count == 1)
        #expect(try await temporary.store.text("k", in: bucket) == "old")
    }

    @Test func `bytes that are not what was announced change nothing`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        try await temporary.store.put("old", "k", in: bucket)
        let wrong: [(AnnouncedDigests, ObjectStoreError)] = [
            (.init(length: 4), .wrongLength(announced: 4, received: 5)),
            (
                .init(md5: Data(repeating: 0, count: 16)),
                .digestMismatch(
                    digest: "MD5",
                    expected: "AAAAAAAAAAAAAAAAAAAAAA==",
                    computed: "XUFAKrxLKna5cZ2REBfFkg=="
                )
            ),
            (
                .init(checksum: "AAAAAA=="),
                .digestMismatch(digest: "CRC32", expected: "AAAAAA==", computed: "NhCmhg==")
            ),
        ]
        for (announced, error) in wrong {
            await #expect(throws: error) {
                try await temporary.store.put(
                    "hello",
                    "k",
                    in: bucket,
                    checksum: .crc32,
                    announced: announced
                )
            }
        }
        #expect(try await temporary.store.text("k", in: bucket) == "old")
        #expect(try temporary.files("incoming").isEmpty)
        #expect(try temporary.files("objects").count == 1)
    }

    @Test func `a write whose condition does not hold changes nothing`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let first = try await store.put("first", "k", in: bucket, if: .absent)
        await #expect(throws: ObjectStoreError.preconditionFailed(.absent)) {
            try await store.put("second", "k", in: bucket, if: .absent)
        }
        await #expect(throws: ObjectStoreError.preconditionFailed(.matches(["other"]))) {
            try await store.put("second", "k", in: bucket, if: .matches(["other"]))
        }
        await #expect(throws: ObjectStoreError.noSuchKey(try ObjectKey("none"))) {
            try await store.put("second", "none", in: bucket, if: .matches([first.eTag]))
        }
        #expect(try await store.text("k", in: bucket) == "first")
        #expect(try temporary.files("objects").count == 1)
        try await store.put("second", "k", in: bucket, if: .matches([first.eTag]))
        #expect(try await store.text("k", in: bucket) == "second")
    }

    @Test func `of many writers under the condition that there is no object exactly one wins`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let winners = await withTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    do {
                        try await temporary.store.put("\(number)", "k", in: bucket, if: .absent)
                        return 1
                    } catch {
                        return 0
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(winners == 1)
        #expect(try temporary.files("objects").count == 1)
    }

    @Test func `deleting is idempotent and removes the file`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        for key in ["a", "b", "c"] { try await store.put(key, key, in: bucket) }
        try await store.delete(ObjectKey("a"), in: bucket)
        try await store.delete(ObjectKey("a"), in: bucket)
        let keys = try ["b", "none", "b"].map { Deletion(try ObjectKey($0)) }
        for outcome in try await store.delete(keys, in: bucket) { _ = try outcome.get() }
        #expect(try temporary.files("objects").count == 1)
        await #expect(throws: ObjectStoreError.noSuchKey(try ObjectKey("a"))) {
            try await store.head(ObjectKey("a"), in: bucket)
        }
        #expect(try await store.text("c", in: bucket) == "c")
    }

    @Test func `a copy shares the bytes and survives its source`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        var headers = ObjectHeaders()
        headers.contentType = "text/plain"
        let source = try await store.put("hello", "a", in: bucket, headers: headers, checksum: .crc32)
        let copy = try await store.copy(source, to: ObjectKey("b"), in: bucket)
        #expect(copy.eTag == source.eTag)
        #expect(copy.checksum == source.checksum)
        #expect(copy.headers == headers)
        let inode = { (record: ObjectRecord) in
            try FileManager.default.attributesOfItem(atPath: store.filePath(of: record))[.systemFileNumber]
                as? Int
        }
        #expect(try inode(copy) == inode(source))
        try await store.delete(ObjectKey("a"), in: bucket)
        #expect(try await store.text("b", in: bucket) == "hello")
        let replaced = try await store.copy(copy, to: ObjectKey("b"), in: bucket, headers: ObjectHeaders())
        #expect(replaced.headers.contentType == nil)
        #expect(try await store.text("b", in: bucket) == "hello")
        await #expect(throws: ObjectStoreError.noSuchKey(try ObjectKey("a"))) {
            try await store.copy(source, to: ObjectKey("c"), in: bucket)
        }
    }

    @Test func `keys that paths could not hold are just names`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let keys = [
            "..", "../../etc/passwd", "//", "/", "a//b", "a/./b", "é", "e\u{301}", "nul\u{0}after", "%2F",
            "a b+c",
            "emoji 🦜", String(repeating: "k", count: 1024),
        ]
        for (number, key) in keys.enumerated() { try await temporary.store.put("\(number)", key, in: bucket) }
        for (number, key) in keys.enumerated() {
            #expect(try await temporary.store.text(key, in: bucket) == "\(number)")
        }
        let listed = try await temporary.store.list(bucket, ListQuery()).objects.map(\.key)
        #expect(listed == (try keys.map { try ObjectKey($0) }.sorted()))
        #expect(throws: ObjectStoreError.keyTooLong(bytes: 1025)) {
            try ObjectKey(String(repeating: "k", count: 1025))
        }
        #expect(throws: ObjectStoreError.emptyKey) { try ObjectKey("") }
    }

    @Test func `tags change without touching the object`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let record = try await temporary.store.put("x", "k", in: bucket)
        try await temporary.store.setTags(["team": "blue"], of: ObjectKey("k"), in: bucket)
        let tagged = try await temporary.store.head(ObjectKey("k"), in: bucket)
        #expect(tagged.headers.tags == ["team": "blue"])
        #expect(tagged.file == record.file)
        #expect(tagged.modified == record.modified)
    }
}
