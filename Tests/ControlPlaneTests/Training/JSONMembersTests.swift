import AgentProtocol
import ControlPlane
import Foundation
import Testing

struct JSONMembersTests {
    private func member(_ name: String, of text: String) -> String? {
        JSONMembers(of: Data(text.utf8))?[name].map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `values are given as they are written`() {
        let text = #" {"a" : 1.50 ,"b":[1, {"x":"]}"}],"c":"q\"}, ","d":{ "e" : null } , "f\u0041":true} "#
        #expect(member("a", of: text) == "1.50")
        #expect(member("b", of: text) == #"[1, {"x":"]}"}]"#)
        #expect(member("c", of: text) == #""q\"}, ""#)
        #expect(member("d", of: text) == #"{ "e" : null }"#)
        #expect(member("fA", of: text) == "true")
        #expect(member("x", of: text) == nil)
        #expect(member("a", of: "{}") == nil)
    }

    @Test(arguments: ["", "[1]", "{", #"{"a":}"#, "7", #"{"a":1"#])
    func `what is no object is none`(text: String) {
        #expect(JSONMembers(of: Data(text.utf8)).map { _ in true } == nil)
    }
}

struct OpenDirectoriesTests {
    private let directories = OpenDirectories(
        fileSystems: ["fs-1": "/mnt/one"],
        roots: ["/data", "/data/deep", "/other"]
    )

    @Test func `paths are found below what the administrator lists`() throws {
        let system = try directories.directory(ofFileSystem: "fs-1", path: "/a//b/./c/", isWritable: true)
        #expect(system.root == "/mnt/one" && system.path == "a/b/c" && system.isWritable)
        let file = try directories.directory(at: "file:///data/deep/set")
        #expect(file.root == "/data/deep" && file.path == "set" && !file.isWritable)
        #expect(try directories.directory(at: "file:///data").path.isEmpty)
    }

    @Test(arguments: [
        "file:///etc", "file:///database/x", "file:///data/../etc", "file://host/data", "file:///",
    ])
    func `what is not below a root is refused`(address: String) {
        #expect(throws: UnusableChannel.self) { try directories.directory(at: address) }
    }

    @Test func `an unknown file system and a way out of a known one are refused`() {
        #expect(throws: UnusableChannel.self) {
            try directories.directory(ofFileSystem: "fs-2", path: "/", isWritable: false)
        }
        #expect(throws: UnusableChannel.self) {
            try directories.directory(ofFileSystem: "fs-1", path: "/a/../../b", isWritable: false)
        }
    }
}
