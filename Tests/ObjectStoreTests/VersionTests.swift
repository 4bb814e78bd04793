import Foundation
import NIOCore
import ObjectStore
import Testing

@Suite struct VersionTests {
    let temporary: TemporaryStore

    init() throws { temporary = try TemporaryStore() }

    private var store: ObjectStore { temporary.store }

    private func versionedBucket() async throws -> Bucket {
        let bucket = try await temporary.bucket()
        try await store.setVersioning(.enabled, of: bucket)
        return bucket
    }

    private func text(_ key: String, _ version: VersionID, in bucket: Bucket) async throws -> String {
        String(buffer: try await store.open(ObjectKey(key), version: version, in: bucket).whole())
    }

    @Test func `every write of a bucket with versioning is kept`() async throws {
        let bucket = try await versionedBucket()
        let first = try await store.put("1", "k", in: bucket)
        let second = try await store.put("2", "k", in: bucket)
        #expect(first.version != second.version)
        #expect(try await store.text("k", in: bucket) == "2")
        #expect(try await text("k", first.version, in: bucket) == "1")
        #expect(try temporary.files("objects").count == 2)
    }

    @Test func `deleting the latest version brings the one before back`() async throws {
        let bucket = try await versionedBucket()
        try await store.put("1", "k", in: bucket)
        let second = try await store.put("2", "k", in: bucket)
        _ = try await store.delete([Deletion(ObjectKey("k"), version: second.version)], in: bucket)[0].get()
        #expect(try await store.text("k", in: bucket) == "1")
        #expect(try temporary.files("objects").count == 1)
    }

    @Test func `a delete marker hides the key and nothing is lost`() async throws {
        let bucket = try await versionedBucket()
        let kept = try await store.put("1", "k", in: bucket)
        let marker = try await store.delete(ObjectKey("k"), in: bucket)
        #expect(marker.isMarker)
        await #expect(throws: ObjectStoreError.self) { try await store.head(ObjectKey("k"), in: bucket) }
        #expect(try await store.list(bucket, ListQuery()).objects.isEmpty)
        #expect(try await text("k", kept.version, in: bucket) == "1")
        let version = try #require(marker.version)
        _ = try await store.delete([Deletion(ObjectKey("k"), version: version)], in: bucket)[0].get()
        #expect(try await store.text("k", in: bucket) == "1")
    }

    @Test func `a suspended bucket has one null version beside the others`() async throws {
        let bucket = try await versionedBucket()
        let kept = try await store.put("1", "k", in: bucket)
        try await store.setVersioning(.suspended, of: bucket)
        for text in ["2", "3"] {
            let written = try await store.put(text, "k", in: bucket)
            #expect(written.version == .null)
        }
        let page = try await store.versions(of: bucket, ListQuery())
        #expect(page.entries.map(\.version) == [.null, kept.version])
        #expect(try temporary.files("objects").count == 2)
        let marker = try await store.delete(ObjectKey("k"), in: bucket)
        #expect(marker.version == .null && marker.isMarker)
        #expect(try temporary.files("objects").count == 1)
    }

    @Test func `a locked version stays`() async throws {
        let bucket = try await versionedBucket()
        var headers = ObjectHeaders()
        headers.retention = ObjectRetention(mode: .governance, until: .distantFuture)
        let record = try await store.put("1", "k", in: bucket, headers: headers)
        var deletion = Deletion(try ObjectKey("k"), version: record.version)
        let refused = try await store.delete([deletion], in: bucket)[0]
        #expect(refused == .failure(.locked(try ObjectKey("k"))))
        deletion.bypassesGovernance = true
        _ = try await store.delete([deletion], in: bucket)[0].get()
        await #expect(throws: ObjectStoreError.self) { try await store.head(ObjectKey("k"), in: bucket) }
    }

    @Test func `versions outlive a restart and their files are no strays`() async throws {
        let bucket = try await versionedBucket()
        let first = try await store.put("1", "k", in: bucket)
        try await store.put("2", "k", in: bucket)
        try store.close()
        let again = try temporary.reopened()
        let present = try again.bucket("bucket-1")
        #expect(present.versioning == .enabled)
        let reader = try await again.open(ObjectKey("k"), version: first.version, in: present)
        #expect(String(buffer: try await reader.whole()) == "1")
        #expect(try await again.strayFiles().isEmpty)
        #expect(try StoredFile.all(inStore: temporary.folder).count == 2)
    }
}

@Suite struct DamageTests {
    let temporary: TemporaryStore

    init() throws { temporary = try TemporaryStore() }

    private func flip(_ record: ObjectRecord, at offset: UInt64) throws {
        let file = try FileHandle(forUpdating: URL(filePath: temporary.store.filePath(of: record)))
        try file.seek(toOffset: offset)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: offset)
        try file.write(contentsOf: [byte ^ 1])
        try file.close()
    }

    @Test func `a damaged block is not handed over, the others are`() async throws {
        let bucket = try await temporary.bucket()
        let bytes = noise(3 << 20 + 17)
        let record = try await temporary.store.put(bytes, "k", in: bucket)
        try flip(record, at: 1 << 20 + 5)
        let reader = try await temporary.store.open(ObjectKey("k"), in: bucket)
        await #expect(throws: ObjectStoreError.self) { try await reader.whole() }
        var read = ByteBuffer()
        try await reader.read(2 << 20 + 1..<3 << 20 + 17) { read.writeImmutableBuffer($0) }
        #expect(read == bytes.getSlice(at: 2 << 20 + 1, length: 1 << 20 + 16))
        #expect(temporary.store.knownDamage.map(\.object) == ["s3://bucket-1/k"])
    }

    @Test func `parts of the file are handed over up to a damaged block`() async throws {
        let bucket = try await temporary.bucket()
        let size = 9 << 20 + 17
        let record = try await temporary.store.put(noise(size), "k", in: bucket)
        func ranges(_ range: Range<Int>) async throws -> [Range<Int>] {
            let reader = try await temporary.store.open(ObjectKey("k"), in: bucket)
            var ranges: [Range<Int>] = []
            try await reader.readInPlace(range) { ranges.append($0.range) }
            return ranges
        }
        for range in [0..<size, 5..<6, 7..<(5 << 20), (4 << 20)..<(8 << 20), (3 << 20 + 1)..<size] {
            let found = try await ranges(range)
            #expect(found.first?.lowerBound == range.lowerBound && found.last?.upperBound == range.upperBound)
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        }
        #expect(try await ranges(3..<3) == [])
        try flip(record, at: 7 << 20 + 5)
        #expect(try await ranges(0..<(7 << 20)).last?.upperBound == 7 << 20)
        let reader = try await temporary.store.open(ObjectKey("k"), in: bucket)
        var reached = 0
        await #expect(throws: ObjectStoreError.self) {
            try await reader.readInPlace(0..<size) { reached = $0.range.upperBound }
        }
        #expect(reached <= 7 << 20)
        #expect(temporary.store.knownDamage.map(\.object) == ["s3://bucket-1/k"])
    }

    @Test func `a small damaged object cannot be opened`() async throws {
        let bucket = try await temporary.bucket()
        let record = try await temporary.store.put("a few bytes", "k", in: bucket)
        try flip(record, at: 3)
        await #expect(throws: ObjectStoreError.self) {
            try await temporary.store.open(ObjectKey("k"), in: bucket)
        }
        #expect(temporary.store.knownDamage.map(\.object) == ["s3://bucket-1/k"])
    }

    @Test func `the blocks of parts begin with the parts, also in a copy`() async throws {
        let bucket = try await temporary.bucket()
        let store = temporary.store
        let upload = try await store.createUpload(ObjectKey("k"), in: bucket)
        let sizes = [5 << 20 + 3, 5 << 20, 99]
        var parts: [ListedPart] = []
        for (number, size) in sizes.enumerated() {
            parts.append(try await store.part(number + 1, noise(size, seed: UInt64(number + 1)), of: upload))
        }
        let record = try await store.complete(upload, in: bucket, parts: parts)
        let copy = try await store.copy(record, to: ObjectKey("copy"), in: bucket)
        for key in ["k", "copy"] {
            let whole = try await store.open(ObjectKey(key), in: bucket).whole()
            #expect(whole.readableBytes == record.size)
        }
        try flip(copy, at: 5 << 20 + 3)
        let reader = try await store.open(ObjectKey("copy"), in: bucket)
        await #expect(throws: ObjectStoreError.self) { _ = try await reader.first(of: 5 << 20 + 3..<6 << 20) }
        #expect(try await reader.first(of: 5 << 20..<5 << 20 + 3)?.readableBytes == 3)
        let report = try await store.scrub(before: .distantFuture, limit: 10)
        #expect(report.damaged.count == 2 && report.files == 2)
    }
}
