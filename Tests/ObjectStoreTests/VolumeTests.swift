import Foundation
import ObjectStore
import Resources
import Testing

/// Buckets whose objects are in directories of their own.
@Suite struct VolumeTests {
    private let temporary: TemporaryStoreWithVolume

    init() throws { temporary = try TemporaryStoreWithVolume() }

    @Test func `new objects of the buckets that fit go to the directory, others do not`() async throws {
        let store = try temporary.open()
        let (far, near) = (
            try await store.createBucket("far-1", in: temporary.scope),
            try await store.createBucket("near", in: temporary.scope)
        )
        let small = try await store.put("small", "k", in: far)
        let large = try await store.put(noise(3 << 20), "l", in: far)
        let other = try await store.put("small", "k", in: near)
        #expect(store.filePath(of: small).hasPrefix(temporary.volume + "/objects/"))
        #expect(store.filePath(of: large).hasPrefix(temporary.volume + "/objects/"))
        #expect(store.filePath(of: other).hasPrefix(temporary.root + "/objects/"))
        #expect(try await store.text("k", in: far) == "small")
        #expect(try await store.open(ObjectKey("l"), in: far).whole() == noise(3 << 20))
    }

    @Test func `an upload in parts is one file there, without a copy`() async throws {
        let store = try temporary.open()
        let bucket = try await store.createBucket("far", in: temporary.scope)
        let upload = try await store.createUpload(ObjectKey("k"), in: bucket)
        let parts = [noise(5 << 20, seed: 1), noise(100, seed: 2)]
        var listed: [ListedPart] = []
        for (number, part) in parts.enumerated() {
            listed.append(try await store.part(number + 1, part, of: upload))
        }
        let common = try #require(try temporary.files(in: "\(temporary.volume)/incoming").first)
        let inode = try temporary.inode(of: "\(temporary.volume)/incoming/\(common)")
        let record = try await store.complete(upload, in: bucket, parts: listed)
        #expect(try temporary.inode(of: store.filePath(of: record)) == inode)
        #expect(try temporary.files(in: "\(temporary.volume)/incoming").isEmpty)
        #expect(try temporary.files(in: "\(temporary.root)/incoming").isEmpty)
    }

    @Test func `objects stay where they are when the option goes, comes or changes`() async throws {
        let first = try temporary.open([])
        let bucket = try await first.createBucket("far", in: temporary.scope)
        try await first.put("before", "a", in: bucket)
        let open = try await first.createUpload(ObjectKey("open"), in: bucket)
        let second = try temporary.open()
        let part = try await second.part(1, noise(100), of: open)
        try await second.put("during", "b", in: bucket)
        let third = try temporary.open([])
        let moved = try await third.put("after", "c", in: bucket)
        #expect(third.filePath(of: moved).hasPrefix(temporary.root + "/objects/"))
        for (key, text) in ["a": "before", "b": "during", "c": "after"] {
            #expect(try await third.text(key, in: bucket) == text)
        }
        let whole = try await third.complete(open, in: bucket, parts: [part])
        #expect(try await third.open(ObjectKey("open"), in: bucket).whole() == noise(100))
        #expect(third.filePath(of: whole).hasPrefix(temporary.root + "/objects/"))
    }

    @Test func `copies come and go between directories`() async throws {
        let store = try temporary.open()
        let (far, near) = (
            try await store.createBucket("far", in: temporary.scope),
            try await store.createBucket("near", in: temporary.scope)
        )
        let source = try await store.put(noise(100_000), "k", in: far)
        let copy = try await store.copy(source, to: ObjectKey("k"), in: near)
        #expect(store.filePath(of: copy).hasPrefix(temporary.root + "/objects/"))
        try await store.delete(ObjectKey("k"), in: far)
        #expect(try temporary.files(in: "\(temporary.volume)/objects").isEmpty)
        #expect(try await store.open(ObjectKey("k"), in: near).whole() == noise(100_000))
    }

    @Test func `a start removes what a crash left in the directory`() async throws {
        let store = try temporary.open()
        let bucket = try await store.createBucket("far", in: temporary.scope)
        let record = try await store.put("kept", "k", in: bucket)
        let path = store.filePath(of: record)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let name = URL(fileURLWithPath: path).lastPathComponent.prefix(12) + "03e7"
        for place in [folder, temporary.volume + "/incoming"] {
            #expect(FileManager.default.createFile(atPath: "\(place)/\(name)", contents: Data("x".utf8)))
        }
        let again = try temporary.open([])
        #expect(try temporary.files(in: "\(temporary.volume)/objects").count == 1)
        #expect(try temporary.files(in: "\(temporary.volume)/incoming").isEmpty)
        #expect(try await again.text("k", in: bucket) == "kept")
    }

    @Test func `a disk that is not mounted is no empty one`() async throws {
        let store = try temporary.open()
        let bucket = try await store.createBucket("far", in: temporary.scope)
        try await store.put("kept", "k", in: bucket)
        try store.close()
        let elsewhere = temporary.volume + "-moved"
        try FileManager.default.moveItem(atPath: temporary.volume, toPath: elsewhere)
        for directories in [[], [BucketDirectory(buckets: "far*", path: temporary.volume)]] {
            // Gone, and as an empty mount point.
            for isThere in [false, true] {
                if isThere {
                    try FileManager.default.createDirectory(
                        atPath: temporary.volume,
                        withIntermediateDirectories: false
                    )
                }
                let failure = #expect(throws: VolumeError.self) { _ = try temporary.open(directories) }
                guard case .absent(temporary.volume, mark: _, files: 1) = failure else {
                    Issue.record("\(String(describing: failure))")
                    return
                }
                if isThere { try FileManager.default.removeItem(atPath: temporary.volume) }
            }
        }
        // Its mark tells it wherever it is mounted.
        let again = try temporary.open([BucketDirectory(buckets: "far*", path: elsewhere)])
        #expect(try await again.text("k", in: bucket) == "kept")
        try again.close()
        try FileManager.default.moveItem(atPath: elsewhere, toPath: temporary.volume)
        #expect(try await temporary.open().text("k", in: bucket) == "kept")
    }

    @Test func `a disk that goes away under a running store is no damage`() async throws {
        let store = try temporary.open()
        let bucket = try await store.createBucket("far", in: temporary.scope)
        let near = try await store.createBucket("near", in: temporary.scope)
        try await store.put("kept", "k", in: bucket)
        try await store.put("kept", "k", in: near)
        try FileManager.default.moveItem(atPath: temporary.volume, toPath: temporary.volume + "-away")
        await #expect(throws: ObjectStoreError.absentDirectory(path: temporary.volume)) {
            _ = try await store.open(ObjectKey("k"), in: bucket)
        }
        let report = try await store.scrub(before: .distantFuture, limit: 10)
        #expect(report.files == 1)
        #expect(report.absentDirectories == [temporary.volume])
        #expect(store.knownDamage.isEmpty)
        try FileManager.default.moveItem(atPath: temporary.volume + "-away", toPath: temporary.volume)
        #expect(try await store.text("k", in: bucket) == "kept")
        #expect(try await store.scrub(before: .distantFuture, limit: 10).files == 2)
    }

    @Test func `an empty volume may go`() async throws {
        let store = try temporary.open()
        let bucket = try await store.createBucket("far", in: temporary.scope)
        try await store.put("kept", "k", in: bucket)
        try await store.delete(ObjectKey("k"), in: bucket)
        try store.close()
        try FileManager.default.removeItem(atPath: temporary.volume)
        #expect(try temporary.open([]).allBuckets.count == 1)
        #expect(throws: VolumeError.noDirectory(temporary.volume)) { _ = try temporary.open() }
        try FileManager.default.createDirectory(
            atPath: temporary.volume,
            withIntermediateDirectories: false
        )
        try await temporary.open().put("again", "k", in: bucket)
    }

    @Test func `two stores do not share a directory, and a store not its own`() async throws {
        _ = try temporary.open()
        let other = try TemporaryStoreWithVolume()
        let directory = BucketDirectory(buckets: "*", path: temporary.volume)
        #expect(throws: VolumeError.foreign(temporary.volume)) { _ = try other.open([directory]) }
        for path in [temporary.root, temporary.root + "/objects"] {
            #expect(throws: VolumeError.isTheStore(path)) {
                _ = try temporary.open([BucketDirectory(buckets: "*", path: path)])
            }
        }
    }

    @Test func `a copy of the store is all in one directory`() async throws {
        let store = try temporary.open()
        let bucket = try await store.createBucket("far", in: temporary.scope)
        let record = try await store.put("kept", "k", in: bucket)
        let file = try #require(try StoredFile.all(inStore: temporary.root).first)
        #expect(file.path == store.filePath(of: record))
        #expect(file.path(inStore: "/copy").hasPrefix("/copy/objects/"))
    }
}

/// Directories of a store and of a volume that go away with the test.
private final class TemporaryStoreWithVolume: Sendable {
    let root: String
    let volume: String
    private let temporary: TemporaryStore

    var scope: Scope { temporary.scope }

    init() throws {
        temporary = try TemporaryStore()
        root = temporary.folder + "/store"
        volume = temporary.folder + "/volume"
        try FileManager.default.createDirectory(atPath: volume, withIntermediateDirectories: false)
    }

    /// Opens the store; buckets called `far…` are in the volume unless others are named.
    func open(_ directories: [BucketDirectory]? = nil) throws -> ObjectStore {
        let far = BucketDirectory(buckets: "far*", path: volume)
        return try ObjectStore(root: root, directories: directories ?? [far])
    }

    /// Names of the files below a directory.
    func files(in directory: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: directory)
            .filter { ($0.split(separator: "/").last?.utf8.count ?? 0) == 16 }
    }

    func inode(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }
}
