import Agent
import Testing

@Suite struct ImageUserTests {
    private static let passwd = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n"
    private static let group = "root:x:0:\nstaff:x:50:app,other\napp:x:1001:\nmore:x:60:app\n"

    private static func user(_ text: String) throws -> ImageUser {
        try ImageUser(text, passwd: passwd, group: group)
    }

    @Test func `names and numbers are found in the image's files`() throws {
        let root = try Self.user("")
        #expect((root.user, root.group, root.home) == (0, 0, "/root"))
        let app = try Self.user("app")
        #expect((app.user, app.group, app.home) == (1000, 1001, "/home/app"))
        #expect(app.groups == [1001, 50, 60])
        #expect(try Self.user("1000") == app)
    }

    @Test func `a group that is named is the only one`() throws {
        let app = try Self.user("app:staff")
        #expect((app.group, app.groups) == (50, [50]))
        #expect(try Self.user("app:77").group == 77)
    }

    @Test func `a number needs no name`() throws {
        let user = try Self.user("4711")
        #expect((user.user, user.group, user.home) == (4711, 0, "/"))
        #expect(try ImageUser("5:6", passwd: "", group: "").group == 6)
    }

    @Test func `a name that the image lacks is refused`() {
        #expect(throws: ImageUser.Unknown.self) { try Self.user("nobody") }
        #expect(throws: ImageUser.Unknown.self) { try Self.user("app:wheel") }
    }
}
