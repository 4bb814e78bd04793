import CLinux
import Glibc

/// Directories of the platform's that are an image's user's while its container runs.
///
/// Whose they were is read inside, where it is the owner as this container's user namespace knows it: afterwards nothing
/// is left that only the container's users could read or remove.
package struct DirectoryLoan {
    private let entries: [Entry]

    private struct Entry {
        let directory: String
        let user: uid_t
        let group: gid_t
    }

    /// - Throws: `SystemError` if one is not there or cannot be lent; then none is lent.
    package init(of directories: [String], to user: ImageUser) throws(SystemError) {
        var entries: [Entry] = []
        // One may lie in another: whose all of them are is read before the first is lent.
        for directory in directories.sorted() {
            var facts = stat()
            guard stat(directory, &facts) == 0 else { throw SystemError("look at \(directory)", code: errno) }
            entries.append(Entry(directory: directory, user: facts.st_uid, group: facts.st_gid))
        }
        self.entries = entries
        // Root needs no permission.
        guard user.user != 0 else { return }
        do {
            for directory in directories {
                try check(
                    clx_give_tree(directory, user.user, user.group),
                    "give \(directory) to the image's user (\(user.user):\(user.group))"
                )
            }
        } catch {
            // What stands in the way of one may stand in the way of this too: the first reason is the one to tell.
            _ = giveBack()
            throw error
        }
    }

    /// The outer ones first, so that one in another is its own owner's in the end.
    ///
    /// - Returns: What has stayed the image's user's, and why.
    package func giveBack() -> [SystemError] {
        entries.compactMap { entry in
            let status = clx_give_tree(entry.directory, entry.user, entry.group)
            return status < 0 ? SystemError("take \(entry.directory) back", code: -status) : nil
        }
    }
}
