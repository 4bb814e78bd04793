import Agent
import Foundation
import Testing

@Suite struct OwnLibrariesTests {
    @Test func `libraries are shown under the names that a program asks for`() throws {
        let libraries = try #require(
            OwnLibraries(["/lib/x/libz.so.1", "/lib64/ld-linux-x86-64.so.2", "/lib/x/libc.so.6"])
        )
        #expect(
            libraries.binds == [
                "/lib64/ld-linux-x86-64.so.2:/run/clary/lib/ld-linux-x86-64.so.2:ro",
                "/lib/x/libz.so.1:/run/clary/lib/libz.so.1:ro",
                "/lib/x/libc.so.6:/run/clary/lib/libc.so.6:ro",
            ]
        )
        #expect(
            libraries.launcher == ["/run/clary/lib/ld-linux-x86-64.so.2", "--library-path", "/run/clary/lib"]
        )
        #expect(OwnLibraries(["/lib/libc.so.6"]) == nil)
    }

    @Test func `this program has a loader and the C library`() throws {
        let binds = try OwnLibraries.current().binds
        #expect(binds.contains { $0.contains("/libc.so.6:") })
    }

    @Test(arguments: [
        ("low 0\nhigh 1\noom 3\noom_kill 2\noom_group_kill 0\n", 2),
        ("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", 1), ("", 0),
    ])
    func `kills for memory are counted in both versions of control groups`(text: String, count: Int) {
        #expect(EngineLimits.count(in: Data(text.utf8)) == count)
    }
}
