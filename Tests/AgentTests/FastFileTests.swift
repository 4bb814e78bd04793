import Agent
import CLinux
import Foundation
import Glibc
import NIOCore
import Synchronization
import Testing

@Suite struct FastFileTreeTests {
    @Test func `a tree has the directories that paths name, and children in the order of names`() throws {
        let tree = try FastFileTree([
            (path: "b/x", size: 3, object: 0), (path: "b/y/z", size: 4, object: 1),
            (path: "a", size: 5, object: 2),
            (path: "empty/", size: 0, object: 3),
        ])
        func names(_ number: UInt64) -> [String] {
            guard case .directory(let directory) = tree[number]?.content else { return ["no directory"] }
            return directory.children.map { tree[$0]?.name ?? "?" }
        }
        #expect(names(FastFileTree.root) == ["a", "b", "empty"])
        let b = try #require(tree.child("b", of: FastFileTree.root))
        #expect(names(b) == ["x", "y"])
        let y = try #require(tree.child("y", of: b))
        let z = try #require(tree.child("z", of: y).flatMap { tree[$0] })
        guard case .file(let size, let object) = z.content else { throw Expected("a file") }
        #expect((size, object) == (4, 1))
        #expect(tree.child("nothing", of: b) == nil)
        #expect(tree.child("z", of: 99) == nil)
    }

    @Test(arguments: [["a", "a/b"], ["a/b", "a"], ["a", "a"], ["../a"], ["/a"], [""]])
    func `a path that cannot be a file is refused`(paths: [String]) {
        #expect(throws: UnsafePath.self) {
            _ = try FastFileTree(paths.map { (path: $0, size: 1, object: 0) })
        }
    }

    private struct Expected: Error {
        let what: String
        init(_ what: String) { self.what = what }
    }
}

@Suite struct BlockCacheTests {
    /// Objects whose bytes say where they are, and a list of what was fetched.
    private final class Shelf: Sendable {
        let fetched = Mutex<[Range<Int>]>([])

        func fetch(_ object: Int, _ range: Range<Int>) -> ByteBuffer {
            fetched.withLock { $0.append(range) }
            return ByteBuffer(bytes: range.map { Self.byte(object, $0) })
        }

        static func byte(_ object: Int, _ position: Int) -> UInt8 {
            UInt8(truncatingIfNeeded: object * 31 + position)
        }
    }

    @Test func `whatever is read, the bytes are right and each block is fetched once while it is kept`()
        async throws
    {
        let shelf = Shelf()
        let cache = BlockCache(blockSize: 64, capacity: 8, mostAhead: 3) { shelf.fetch($0, $1) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let size = 1000
            let start = Int.random(in: 0..<size, using: &random)
            let range = start..<min(size, start + Int.random(in: 1...200, using: &random))
            let object = Int.random(in: 0..<3, using: &random)
            let pieces = try await cache.read(range, of: object, size: size)
            #expect(
                pieces.flatMap { Array($0.readableBytesView) } == range.map { Shelf.byte(object, $0) }
            )
        }
        #expect(shelf.fetched.withLock(\.self).allSatisfy { $0.count <= 64 && $0.lowerBound % 64 == 0 })
    }

    @Test func `who reads on finds the next blocks under way, who jumps gets what he asks for`() async throws
    {
        let shelf = Shelf()
        let cache = BlockCache(blockSize: 10, capacity: 20, mostAhead: 4) { shelf.fetch($0, $1) }
        _ = try await cache.read(500..<505, of: 0, size: 1000)
        #expect(shelf.fetched.withLock(\.count) == 1)
        for block in 0..<10 { _ = try await cache.read(block * 10..<block * 10 + 10, of: 1, size: 1000) }
        // The last block that was asked for is 9, and four more were asked for ahead of it; a task may not have begun.
        let last = try await cache.read(130..<140, of: 1, size: 1000)
        #expect(last.first?.readableBytes == 10)
        #expect(shelf.fetched.withLock { $0.filter { $0.lowerBound < 140 }.count } == 14)
    }

    @Test func `a failure is not kept`() async throws {
        struct Away: Error {}
        let attempts = Atomic(0)
        let cache = BlockCache(blockSize: 10, capacity: 2, mostAhead: 0) { _, range in
            if attempts.add(1, ordering: .relaxed).newValue == 1 { throw Away() }
            return ByteBuffer(repeating: 7, count: range.count)
        }
        await #expect(throws: Away.self) { _ = try await cache.read(50..<55, of: 0, size: 100) }
        let bytes = try await cache.read(50..<55, of: 0, size: 100)
        #expect(bytes.map(\.readableBytes) == [5])
    }

    @Test func `an object that has become shorter is noticed`() async throws {
        let cache = BlockCache(blockSize: 10, capacity: 2, mostAhead: 0) { _, _ in
            ByteBuffer(repeating: 7, count: 3)
        }
        await #expect(throws: BlockCache.ShortObject.self) {
            _ = try await cache.read(0..<5, of: 0, size: 100)
        }
    }
}

private let canMount = geteuid() == 0 && access("/dev/fuse", R_OK | W_OK) == 0

@Suite(.enabled(if: canMount, "needs root and /dev/fuse"), .timeLimit(.minutes(2)))
struct FuseServerTests {
    @Test func `the kernel sees the files, reads them as they are and cannot change them`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "clary-fuse-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let large = 37 << 20
        let many = (0..<3000).map { (path: "many/file-\($0)", size: 1, object: 2) }
        let tree = try FastFileTree(
            [(path: "large", size: large, object: 0), (path: "deep/er/empty", size: 0, object: 1)] + many
        )
        var device: Int32 = -1
        let mount = clx_fuse_mount(-1, &device)
        try #require(mount >= 0)
        let failed = Mutex<[Int]>([])
        FuseServer(
            device: Descriptor(owning: device),
            tree: tree,
            owner: 0,
            cache: BlockCache { object, range in
                ByteBuffer(bytes: range.map { UInt8(truncatingIfNeeded: $0 &* 7 &+ ($0 >> 16)) })
            },
            failed: { object, _ in failed.withLock { $0.append(object) } }
        ).start()
        try #require(clx_move_mount(mount, folder) == 0)
        defer {
            umount2(folder, Int32(MNT_DETACH))
            close(mount)
            rmdir(folder)
        }
        try await onThread {
            let files = FileManager.default
            #expect(try files.contentsOfDirectory(atPath: folder).sorted() == ["deep", "large", "many"])
            #expect(try files.contentsOfDirectory(atPath: folder + "/many").count == 3000)
            #expect(try files.attributesOfItem(atPath: folder + "/large")[.size] as? Int == large)
            let content = try Data(contentsOf: URL(filePath: folder + "/large"))
            #expect(content.count == large)
            #expect(
                content.enumerated().allSatisfy { $1 == UInt8(truncatingIfNeeded: $0 &* 7 &+ ($0 >> 16)) }
            )
            #expect(try Data(contentsOf: URL(filePath: folder + "/deep/er/empty")).isEmpty)
            #expect(!files.fileExists(atPath: folder + "/deep/nothing"))
            #expect(open(folder + "/new", O_WRONLY | O_CREAT, 0o644) < 0)
            #expect(errno == EROFS)
        }
        #expect(failed.withLock(\.self) == [])
    }

    /// The file system is served by this process: its own threads must not all wait for it.
    private func onThread(_ work: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread { done.resume(with: Result { try work() }) }
        }
    }
}
