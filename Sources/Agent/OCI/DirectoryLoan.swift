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

    /// - Throws: `SystemError` if one is not there; then nothing was lent.
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
        for directory in directories { clx_give_tree(directory, user.user, user.group) }
    }

    /// The outer ones first, so that one in another is its own owner's in the end.
    package func giveBack() {
        for entry in entries { clx_give_tree(entry.directory, entry.user, entry.group) }
    }
}
