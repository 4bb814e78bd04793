import Foundation
import NIOCore
import ObjectStore
import Resources
import Testing

@Suite struct CustomerEncryptionTests {
    private let key = Data(repeating: 7, count: 32)

    @Test func `only the key that an object was made with gives its cipher`() throws {
        let mark = CustomerEncryption(key: key)
        let stored = try JSONDecoder().decode(CustomerEncryption.self, from: JSONEncoder().encode(mark))
        #expect(stored == mark)
        #expect(stored.cipher(key) != nil)
        #expect(stored.cipher(Data(repeating: 8, count: 32)) == nil)
        // Two objects with one key have nothing in common.
        #expect(CustomerEncryption(key: key) != mark)
    }

    @Test(arguments: [0, 1, 17, (1 << 20) + 5, 3_000_001])
    func `bytes are encrypted in the file and come back whole and in ranges`(size: Int) async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let bucket = try await temporary.bucket()
        let bytes = noise(size)
        var headers = ObjectHeaders()
        let mark = CustomerEncryption(key: key)
        headers.customerEncryption = mark
        let cipher = try #require(mark.cipher(key))
        var upload = try await store.upload(ObjectKey("k"), in: bucket, headers: headers, cipher: cipher)
        var rest = bytes
        while let piece = rest.readSlice(length: min(300_001, rest.readableBytes)), piece.readableBytes > 0 {
            try await upload.write(piece)
        }
        let record = try await upload.finish(AnnouncedDigests(length: size))
        #expect(record.size == size)
        let file = try Data(contentsOf: URL(filePath: store.filePath(of: record)))
        #expect(file.count == size)
        #expect(size < 16 || file != Data(bytes.readableBytesView))
        let reader = try await store.open(ObjectKey("k"), in: bucket)
        for range in [0..<size, 0..<min(size, 3), size / 3..<size, size / 2..<size / 2] {
            var read = ByteBuffer()
            try await reader.read(range, with: cipher) { read.writeImmutableBuffer($0) }
            #expect(read == bytes.getSlice(at: range.lowerBound, length: range.count))
        }
    }

    @Test func `a job is not given the file of an encrypted object, which would be noise to it`() async throws
    {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        try await temporary.store.put("open", "a", in: bucket)
        var headers = ObjectHeaders()
        headers.storageClass = "STANDARD_IA"
        let mark = CustomerEncryption(key: key)
        headers.customerEncryption = mark
        let cipher = try #require(mark.cipher(key))
        let store = temporary.store
        let upload = try await store.upload(
            ObjectKey("b"),
            in: bucket,
            headers: headers,
            cipher: cipher
        )
        _ = try await upload.finish()
        let near = try await store.objects(under: S3Location(bucket: "bucket-1", key: ""))
        #expect(near.map { $0.path == nil } == [false, true])
        let listed = try await store.list(bucket, ListQuery()).objects
        #expect(listed.map(\.isEncrypted) == [false, true])
        #expect(listed.map(\.headers.storageClass) == [nil, "STANDARD_IA"])
    }
}
