import Agent
import Foundation
import Glibc
import Testing

/// What is told of a program that could not be started.
struct ExecutableFaultTests {
    private let directory = FileManager.default.temporaryDirectory.path + "/fault-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    private func why(_ content: [UInt8], mode: mode_t = 0o755) throws -> String? {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Data(content).write(to: URL(filePath: directory + "/train"))
        chmod(directory + "/train", mode)
        return ExecutableFault("train", environment: ["PATH=/nowhere:\(directory)"], directory: "/")?.why
    }

    /// The head of a 64-bit program with one program header, which names a loader.
    private static func program(machine: UInt8, loader: String) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 256)
        bytes.replaceSubrange(0..<7, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1])
        (bytes[18], bytes[32], bytes[54], bytes[56]) = (machine, 64, 56, 1)
        (bytes[64], bytes[64 + 8], bytes[64 + 32]) = (3, 120, UInt8(loader.utf8.count + 1))
        bytes.replaceSubrange(120..<120 + loader.utf8.count, with: loader.utf8)
        return bytes
    }

    #if arch(arm64)
    private static let (here, elsewhere, name) = (183 as UInt8, 62 as UInt8, "amd64")
    #else
    private static let (here, elsewhere, name) = (62 as UInt8, 183 as UInt8, "arm64")
    #endif

    @Test func `a line end of Windows is named`() throws {
        #expect(try why(Array("#!/bin/sh\r\n".utf8))?.contains("(CR LF)") == true)
    }

    @Test func `an interpreter that is missing is named`() throws {
        let told = try why(Array("#!/bin/sh5 -e\n".utf8))
        #expect(told == "its first line asks for '/bin/sh5', which is not there")
    }

    @Test func `a file without a first line of a script is told`() throws {
        #expect(try why(Array("echo\n".utf8))?.contains("has no first line such as #!/bin/sh") == true)
    }

    @Test func `a program for another processor is told`() throws {
        let told = try why(Self.program(machine: Self.elsewhere, loader: "/lib/any"))
        #expect(told?.hasPrefix("it is a program for \(Self.name), and this machine is ") == true)
    }

    @Test func `a loader that is missing is named`() throws {
        let told = try why(Self.program(machine: Self.here, loader: "/lib/ld-other.so.1"))
        #expect(told?.contains("whose loader '/lib/ld-other.so.1' is not there") == true)
    }

    @Test func `a file that may not be run is told`() throws {
        #expect(try why(Array("#!/bin/sh\n".utf8), mode: 0o644)?.contains("is no executable file") == true)
    }

    @Test func `nothing is told of what is in order or not there`() throws {
        #expect(try why(Array("#!/bin/sh\n".utf8)) == nil)
        #expect(ExecutableFault("train", environment: ["PATH=/nowhere"], directory: "/") == nil)
        #expect(ExecutableFault("/bin/sh", environment: [], directory: "/") == nil)
    }
}
