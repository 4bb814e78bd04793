import CLinux
import Glibc

/// Directories of the platform's that are an image's user's while its container runs.
///
/// Whose they were is read inside, where it is the owner as this container's user namespace knows it: afterwards nothing
/// is left that only the container's users could read or remove.
struct DirectoryLoan {
    private let entries: [Entry]

    private struct Entry {
        let directory: String
        let user: uid_t
        let group: gid_t
    }

    /// - Throws: `SystemError` if one is not there.
    init(of directories: [String], to user: ImageUser) throws(SystemError) {
        var entries: [Entry] = []
        for directory in directories {
            var facts = stat()
            guard stat(directory, &facts) == 0 else { throw SystemError("look at \(directory)", code: errno) }
            entries.append(Entry(directory: directory, user: facts.st_uid, group: facts.st_gid))
            // Root needs no permission.
            if user.user != 0 { clx_give_tree(directory, user.user, user.group) }
        }
        self.entries = entries
    }

    func giveBack() {
        for entry in entries { clx_give_tree(entry.directory, entry.user, entry.group) }
    }
}
