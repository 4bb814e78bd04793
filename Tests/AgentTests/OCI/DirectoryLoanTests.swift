import Agent
import CLinux
import Foundation
import Testing

/// Owners of files can be changed by root alone.
@Suite(.enabled(if: geteuid() == 0)) struct DirectoryLoanTests {
    private let user: ImageUser
    private let root: String

    init() throws {
        user = try ImageUser("77:78", passwd: "", group: "")
        root = FileManager.default.temporaryDirectory.appending(path: "loan-\(UUID())").path
        try FileManager.default.createDirectory(atPath: root + "/inner", withIntermediateDirectories: true)
        chown(root + "/inner", 5, 6)
    }

    private func owner(_ path: String) -> [UInt32] {
        var facts = stat()
        return stat(path, &facts) == 0 ? [facts.st_uid, facts.st_gid] : []
    }

    @Test func `what was lent is its owners' again, one in another too`() throws {
        defer { clx_remove_tree(root) }
        let loan = try DirectoryLoan(of: [root + "/inner", root], to: user)
        #expect(owner(root) == [77, 78] && owner(root + "/inner") == [77, 78])
        #expect(loan.giveBack() == [])
        #expect(owner(root) == [0, 0] && owner(root + "/inner") == [5, 6])
    }

    @Test func `what has gone cannot be taken back, and is named`() throws {
        defer { clx_remove_tree(root) }
        let loan = try DirectoryLoan(of: [root, root + "/inner"], to: user)
        clx_remove_tree(root + "/inner")
        #expect(loan.giveBack() == [SystemError("take \(root)/inner back", code: ENOENT)])
        #expect(owner(root) == [0, 0])
    }

    @Test func `one that cannot be lent is an error, and none is lent`() throws {
        defer { clx_remove_tree(root) }
        try Data().write(to: URL(filePath: root + "/zzz"))
        let error = #expect(throws: SystemError.self) {
            try DirectoryLoan(of: [root, root + "/inner", root + "/zzz"], to: user)
        }
        #expect(error?.code == ENOTDIR)
        #expect(owner(root) == [0, 0] && owner(root + "/inner") == [5, 6])
    }

    @Test func `nothing is lent where something is missing`() {
        defer { clx_remove_tree(root) }
        #expect(throws: SystemError.self) { try DirectoryLoan(of: [root, root + "/zzz"], to: user) }
        #expect(owner(root) == [0, 0] && owner(root + "/inner") == [5, 6])
    }
}
