import Archive
import Foundation
import Testing

@Suite struct ContainedDirectoryTests {
    private func files(below scratch: Scratch) throws -> [ContainedDirectory.Entry] {
        var found: [ContainedDirectory.Entry] = []
        try ContainedDirectory(scratch.path).forEachFile { found.append($0) }
        return found
    }

    @Test func `files come in the order of their paths' bytes`() throws {
        let scratch = try Scratch()
        let paths = [".hidden", "a-b", "a/1", "a/deep/2", "a/deep-", "a0", "b", "ä", "é/x"]
        for path in paths.shuffled() { try scratch.write(path, to: path) }
        let found = try files(below: scratch)
        #expect(
            found.map(\.path) == paths.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        )
        #expect(found.allSatisfy { $0.size == $0.path.utf8.count && !$0.isDirectory && $0.inode > 0 })
    }

    @Test func `a link to a file inside is that file`() throws {
        let scratch = try Scratch()
        try scratch.write("content", to: "a/file")
        try FileManager.default.createSymbolicLink(
            atPath: "\(scratch.path)/link",
            withDestinationPath: "a/file"
        )
        let found = try files(below: scratch)
        #expect(found.map(\.path) == ["a/file", "link"])
        #expect(found.map(\.size) == [7, 7] && found[0].inode == found[1].inode)
    }

    @Test(arguments: [
        ("/etc/passwd", "leads out of its directory"), ("../outside", "leads out of its directory"),
        ("nowhere", "No such file"), ("folder", "is a link to a directory"),
    ])
    func `a link to anything else is refused by its name`(target: String, words: String) throws {
        let scratch = try Scratch()
        try scratch.write("x", to: "folder/file")
        try FileManager.default.createSymbolicLink(
            atPath: "\(scratch.path)/link",
            withDestinationPath: target
        )
        let refusal = #expect(throws: ArchiveError.self) { try files(below: scratch) }
        let text = "\(try #require(refusal))"
        #expect(text.contains("'link'") && text.contains(words))
    }

    @Test func `a directory below does not lead out of its own`() throws {
        let scratch = try Scratch()
        try scratch.write("x", to: "inner/file")
        try scratch.write("y", to: "outer")
        let inner = try ContainedDirectory(scratch.path).directory("inner")
        #expect(try inner.entry("file").size == 1)
        #expect(try inner.entry("").isDirectory)
        #expect(throws: ArchiveError.self) { try inner.entry("../outer") }
        #expect(throws: ArchiveError.self) {
            _ = try ContainedDirectory(scratch.path).directory("../")
        }
    }
}
