import Foundation
import ObjectStore
import Resources
import Testing

@Suite struct RecoveryTests {
    @Test func `a start keeps what was acknowledged and removes everything else`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let record = try await temporary.store.put("kept", "k", in: bucket)
        let upload = try await temporary.store.createUpload(ObjectKey("open"), in: bucket)
        _ = try await temporary.store.part(1, noise(100), of: upload)
        let path = temporary.store.filePath(of: record)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        // As if the power had gone between the rename and the commit, and in the middle of a body.
        let stray = "00000001000003e7"
        for leftover in ["\(folder)/\(stray)", "\(temporary.folder)/incoming/\(stray)"] {
            #expect(FileManager.default.createFile(atPath: leftover, contents: Data("x".utf8)))
        }
        let reopened = try temporary.reopened()
        #expect(try temporary.files("objects").count == 1)
        #expect(try temporary.files("incoming").count == 1)
        let again = try reopened.bucket("bucket-1")
        #expect(again == bucket)
        #expect(try await reopened.text("k", in: again) == "kept")
        let resumed = try await reopened.multipartUpload(upload.id, of: ObjectKey("open"), in: again)
        #expect(try await reopened.parts(of: resumed, after: 0, limit: 10).map(\.size) == [100])
    }

    @Test func `an overwritten object whose file could not be removed goes at the next start`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let record = try await temporary.store.put("old", "k", in: bucket)
        let path = temporary.store.filePath(of: record)
        // A folder in the file's place cannot be unlinked: the removal fails as a full or broken disk would make it.
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try await temporary.store.put("new", "k", in: bucket)
        #expect(FileManager.default.fileExists(atPath: path))
        try FileManager.default.removeItem(atPath: path)
        #expect(FileManager.default.createFile(atPath: path, contents: Data("old".utf8)))
        let reopened = try temporary.reopened()
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try await reopened.text("k", in: bucket) == "new")
    }

    @Test func `runs do not reuse file numbers`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        var files = [try await temporary.store.put("x", "0", in: bucket).file]
        for run in 1...3 { files.append(try await temporary.reopened().put("x", "\(run)", in: bucket).file) }
        #expect(Set(files).count == 4)
        #expect(try temporary.files("objects").count == 4)
    }

    @Test func `a damaged object is said to be damaged, not missing`() async throws {
        let temporary = try TemporaryStore()
        let bucket = try await temporary.bucket()
        let record = try await temporary.store.put("hello", "k", in: bucket)
        let path = temporary.store.filePath(of: record)
        try Data("hel".utf8).write(to: URL(fileURLWithPath: path))
        await #expect(throws: ObjectStoreError.damaged(path: path)) {
            _ = try await temporary.store.open(ObjectKey("k"), in: bucket)
        }
    }
}
