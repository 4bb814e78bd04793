import ControlPlane
import Foundation
import Testing

@Suite struct PackageShelvesTests {
    private let folder = URL.temporaryDirectory.appending(path: "clary-\(UUID().uuidString)").path()

    private func entry(_ path: String, age days: Double) throws -> String {
        let place = "\(folder)/\(path)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: "\(place)/complete"))
        let date = Date.now.addingTimeInterval(-days * 86_400)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: place)
        return place
    }

    private func sweep() async throws {
        try await PackageShelves(directory: "\(folder)/packages").sweep(
            before: Date.now.addingTimeInterval(-86_400)
        )
    }

    @Test func `what nobody has used goes, and with the last of it what was fetched`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let old = try entry("packages/a/overlays/old", age: 9)
        let cache = try entry("packages/a/uv", age: 0)
        let recent = try entry("packages/b/overlays/recent", age: 0)
        let kept = try entry("packages/b/uv", age: 9)
        try await sweep()
        #expect(
            [old, cache, recent, kept].map { FileManager.default.fileExists(atPath: $0) } == [
                false, false, true, true,
            ]
        )
    }

    @Test func `what is in use stays`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let used = try entry("packages/a/overlays/used", age: 9)
        let lock = open("\(used)/complete", O_RDONLY)
        flock(lock, LOCK_SH)
        try await sweep()
        #expect(FileManager.default.fileExists(atPath: used))
        close(lock)
        try await sweep()
        #expect(!FileManager.default.fileExists(atPath: used))
    }

    @Test func `a link that a job has left leads nowhere`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let foreign = try entry("home/precious", age: 9)
        _ = try entry("packages/a", age: 0)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/packages/a/overlays",
            withDestinationPath: "\(folder)/home"
        )
        _ = try entry("packages/b/overlays", age: 0)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/packages/b/overlays/link",
            withDestinationPath: foreign
        )
        try await sweep()
        #expect(FileManager.default.fileExists(atPath: "\(foreign)/complete"))
    }
}
