import Archive
import Foundation
import Testing

@Suite struct ArchiveIndexTests {
    private func archive(_ script: String, in scratch: Scratch) throws -> String {
        let path = "\(scratch.path)/archive.tar.gz"
        let head = """
            import io, sys, tarfile
            archive = tarfile.open(sys.argv[1], "w:gz")
            def add(name, content=b"", **fields):
                info = tarfile.TarInfo(name)
                info.size = len(content)
                for field, value in fields.items(): setattr(info, field, value)
                archive.addfile(info, io.BytesIO(content))
            """
        _ = try scratch.python("\(head)\n\(script)\narchive.close()", path)
        return path
    }

    @Test func `files, directories and the wanted contents are listed`() throws {
        let scratch = try Scratch()
        let path = try archive(
            """
            add("/", type=tarfile.DIRTYPE)
            add("./train.py", b"x" * 1000)
            add("a/b/" + "n" * 180, b"deep")
            add("requirements.txt", b"numpy")
            add("link.py", type=tarfile.SYMTYPE, linkname="train.py")
            """,
            in: scratch
        )
        let index = try ArchiveIndex(of: path, limits: ArchiveLimits()) { $0.hasSuffix(".txt") }
        let deep = "a/b/" + String(repeating: "n", count: 180)
        #expect(index.files == ["train.py", "requirements.txt", "link.py", deep])
        #expect(index.directories == ["a", "a/b"])
        #expect(index.top == ["a", "link.py", "requirements.txt", "train.py"])
        #expect(index.contents == ["requirements.txt": Array("numpy".utf8)])
    }

    @Test(arguments: [
        "add('../x')", "add('/etc/x')", "add('x', type=tarfile.SYMTYPE, linkname='../y')",
        "add('x', type=tarfile.FIFOTYPE)",
    ])
    func `what is not unpacked is refused`(script: String) throws {
        let scratch = try Scratch()
        let path = try archive(script, in: scratch)
        let error = #expect(throws: ArchiveError.self) {
            try ArchiveIndex(of: path, limits: ArchiveLimits()) { _ in false }
        }
        guard case .refused = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `more than the limits is not read`() throws {
        let scratch = try Scratch()
        let path = try archive("add('x', b'0' * 5000); add('y')", in: scratch)
        #expect(throws: ArchiveError.tooLarge("more than 4999 bytes")) {
            try ArchiveIndex(of: path, limits: ArchiveLimits(bytes: 4999)) { _ in false }
        }
        #expect(throws: ArchiveError.tooLarge("more than 1 entries")) {
            try ArchiveIndex(of: path, limits: ArchiveLimits(entries: 1)) { _ in false }
        }
    }

    @Test func `a size as large as a number can be is too large`() throws {
        let scratch = try Scratch()
        let path = try archive(
            "add('a', b'1'); add('x', pax_headers={'size': str(2**63 - 1)})",
            in: scratch
        )
        #expect(throws: ArchiveError.self) {
            try ArchiveIndex(of: path, limits: ArchiveLimits()) { _ in false }
        }
        #expect(throws: ArchiveError.self) { try ArchiveUnpacker.unpack(path, into: scratch.path) }
    }
}
