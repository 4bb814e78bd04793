import Archive
import Foundation
import Testing

/// A directory that is removed at the end.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("archive-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ content: String, to name: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try content.write(to: url, atomically: false, encoding: .utf8)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    /// Runs Python, the referee of the format.
    func python(_ script: String, _ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}

@Suite struct ArchiveTests {
    @Test func `what is packed comes out as it was, long names and empty files included`() throws {
        let (from, to) = (try Scratch(), try Scratch())
        let long = String(repeating: "n", count: 180)
        try from.write("model", to: "model.bin")
        try from.write("", to: "empty")
        try from.write("deep", to: "a/b/\(long)")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o750],
            ofItemAtPath: "\(from.path)/model.bin"
        )
        let archive = "\(to.path)/archive.tar.gz"
        let summary = try #require(try ArchivePacker.pack([from.path], to: archive))
        #expect(summary.files == 3)
        #expect(summary.skipped == [])
        let out = try Scratch()
        let unpacked = try ArchiveUnpacker.unpack(archive, into: out.path)
        #expect((unpacked.files, unpacked.bytes) == (3, 9))
        #expect(try out.read("model.bin") == "model")
        #expect(try out.read("empty") == "")
        #expect(try out.read("a/b/\(long)") == "deep")
        let mode = try FileManager.default.attributesOfItem(atPath: "\(out.path)/model.bin")[
            .posixPermissions
        ]
        #expect(mode as? Int == 0o750)
    }

    @Test func `an archive that begins with the root itself is the SDK's own`() throws {
        let (from, to) = (try Scratch(), try Scratch())
        try from.write("model", to: "code/inference.py")
        let archive = "\(to.path)/model.tar.gz"
        _ = try to.python(
            "import os,sys,tarfile; tarfile.open(sys.argv[1], 'w:gz').add(sys.argv[2], arcname=os.path.sep)",
            archive,
            from.path
        )
        _ = try ArchiveUnpacker.unpack(archive, into: to.path)
        #expect(try to.read("code/inference.py") == "model")
    }

    @Test func `Python's tarfile reads what is packed`() throws {
        let (from, to) = (try Scratch(), try Scratch())
        let long = String(repeating: "ü", count: 120)
        try from.write("model", to: "sub/\(long)")
        try from.write(String(repeating: "0123456789", count: 100_000), to: "big")
        let archive = "\(to.path)/archive.tar.gz"
        _ = try ArchivePacker.pack([from.path], to: archive)
        let listing = try to.python(
            "import sys,tarfile; print([(m.name,m.size) for m in tarfile.open(sys.argv[1]).getmembers()])",
            archive
        )
        #expect(listing == "[('big', 1000000), ('sub', 0), ('sub/\(long)', 5)]\n")
    }

    @Test(arguments: ["GNU_FORMAT", "PAX_FORMAT", "USTAR_FORMAT"])
    func `archives of Python's tarfile are read in each of its formats`(format: String) throws {
        let (scratch, out) = (try Scratch(), try Scratch())
        let long =
            format == "USTAR_FORMAT"
            ? "d/" + String(repeating: "n", count: 90) : String(repeating: "d/n", count: 80)
        let archive = "\(scratch.path)/a.tar.gz"
        _ = try scratch.python(
            """
            import io,sys,tarfile
            with tarfile.open(sys.argv[1],'w:gz',format=getattr(tarfile,sys.argv[2])) as t:
                for name in ('./model', sys.argv[3]):
                    m=tarfile.TarInfo(name); m.size=5; t.addfile(m,io.BytesIO(b'hello'))
                m=tarfile.TarInfo('hard'); m.type=tarfile.LNKTYPE; m.linkname='./model'; t.addfile(m)
                m=tarfile.TarInfo('soft'); m.type=tarfile.SYMTYPE; m.linkname='model'; t.addfile(m)
            """,
            archive,
            format,
            long
        )
        _ = try ArchiveUnpacker.unpack(archive, into: out.path)
        for name in ["model", long, "hard", "soft"] { #expect(try out.read(name) == "hello") }
    }

    @Test func `directories are merged, the first one's files first`() throws {
        let (first, second, to) = (try Scratch(), try Scratch(), try Scratch())
        try first.write("1", to: "same")
        try second.write("2", to: "same")
        try second.write("2", to: "other")
        let archive = "\(to.path)/a.tar.gz"
        let summary = try ArchivePacker.pack([first.path, second.path, "\(to.path)/absent"], to: archive)
        #expect(summary?.files == 2)
        let out = try Scratch()
        _ = try ArchiveUnpacker.unpack(archive, into: out.path)
        #expect(try out.read("same") == "1")
        #expect(try out.read("other") == "2")
    }

    @Test func `empty directories make no archive`() throws {
        let (from, to) = (try Scratch(), try Scratch())
        try FileManager.default.createDirectory(
            atPath: "\(from.path)/empty",
            withIntermediateDirectories: true
        )
        let archive = "\(to.path)/a.tar.gz"
        #expect(try ArchivePacker.pack([from.path], to: archive) == nil)
        #expect(!FileManager.default.fileExists(atPath: archive))
    }

    @Test func `links that lead outside are left out, links inside count as their file`() throws {
        let (from, to) = (try Scratch(), try Scratch())
        try from.write("model", to: "model")
        try FileManager.default.createSymbolicLink(
            atPath: "\(from.path)/inside",
            withDestinationPath: "model"
        )
        try FileManager.default.createSymbolicLink(
            atPath: "\(from.path)/outside",
            withDestinationPath: "/etc/passwd"
        )
        try FileManager.default.createSymbolicLink(atPath: "\(from.path)/up", withDestinationPath: "..")
        let summary = try ArchivePacker.pack([from.path], to: "\(to.path)/a.tar.gz")
        #expect(summary?.files == 2)
        #expect(summary?.skipped == ["outside", "up"])
    }
}

@Suite struct HostileArchiveTests {
    /// Builds an archive of one entry and unpacks it.
    private func unpack(_ entry: String, limits: ArchiveLimits = ArchiveLimits()) throws -> Scratch {
        let (scratch, out) = (try Scratch(), try Scratch())
        let archive = "\(scratch.path)/a.tar.gz"
        _ = try scratch.python(
            """
            import io,sys,tarfile
            with tarfile.open(sys.argv[1],'w:gz') as t:
                def file(name,size=3):
                    m=tarfile.TarInfo(name); m.size=size; t.addfile(m,io.BytesIO(b'x'*size))
                def link(name,target,kind=tarfile.SYMTYPE):
                    m=tarfile.TarInfo(name); m.type=kind; m.linkname=target; t.addfile(m)
                exec(sys.argv[2])
            """,
            archive,
            entry
        )
        _ = try ArchiveUnpacker.unpack(archive, into: out.path, limits: limits)
        return out
    }

    @Test(arguments: [
        "file('../x')", "file('/x')", "file('a/../../x')", "link('x','/etc/passwd')", "link('x','../y')",
        "link('a/x','../../y')", "link('x','/etc/passwd',tarfile.LNKTYPE)",
        "link('d','a/../..')", "link('x','y',tarfile.FIFOTYPE)", "link('x','y',tarfile.CHRTYPE)",
    ])
    func `an entry that leads outside or is no file is refused`(entry: String) throws {
        let error = #expect(throws: ArchiveError.self) { _ = try unpack(entry) }
        guard case .refused = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a file is never written through a link of the archive`() throws {
        // The link is made last, so the file becomes a real directory's; then the link cannot take its place.
        #expect(throws: ArchiveError.self) { _ = try unpack("link('d','e'); file('d/x')") }
    }

    @Test func `sizes and counts are bounded`() throws {
        #expect(throws: ArchiveError.tooLarge("more than 10 bytes")) {
            _ = try unpack("file('a',8); file('b',3)", limits: ArchiveLimits(bytes: 10))
        }
        #expect(throws: ArchiveError.tooLarge("more than 2 entries")) {
            _ = try unpack("file('a'); file('b'); file('c')", limits: ArchiveLimits(entries: 2))
        }
    }

    @Test func `an archive that is cut or damaged says so`() throws {
        let (from, to) = (try Scratch(), try Scratch())
        // Numbers that do not repeat, so that the archive stays large.
        try from.write((0..<20_000).map { "\($0 * $0)" }.joined(), to: "f")
        let archive = "\(to.path)/a.tar.gz"
        _ = try ArchivePacker.pack([from.path], to: archive)
        var data = try Data(contentsOf: URL(fileURLWithPath: archive))
        try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: archive))
        #expect(throws: ArchiveError.malformed("the compressed data ends early")) {
            _ = try ArchiveUnpacker.unpack(archive, into: to.path)
        }
        for index in 200..<400 { data[index] ^= 0x5A }
        try data.write(to: URL(fileURLWithPath: archive))
        #expect(throws: ArchiveError.self) { _ = try ArchiveUnpacker.unpack(archive, into: to.path) }
        try Data("this is no archive at all".utf8).write(to: URL(fileURLWithPath: archive))
        #expect(throws: ArchiveError.malformed("it ends within a header")) {
            _ = try ArchiveUnpacker.unpack(archive, into: to.path)
        }
    }
}
