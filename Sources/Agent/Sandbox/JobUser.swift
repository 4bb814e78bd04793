import CLinux
import Glibc

/// The user that a job's processes are outside of their namespaces.
///
/// Where the platform runs as root, each fleet is a user of its own who owns no file: what its instances need is shown to
/// them through ID-mapped mounts, in which root's files look like theirs. Elsewhere a job is the platform's own user, and
/// only the walls of its namespaces stand between them.
package enum JobUser {
    /// Users from here on belong to nobody: above what systemd gives to containers, below what is no user id.
    private static let first: uid_t = 0x7000_0000
    private static let count: uid_t = 0x0FFF_FFFF

    /// The user of the fleet whose holder listens at `socket`, in the directory that its files lie in.
    static func choose(for socket: String) -> uid_t {
        let own = geteuid()
        let directory = String(socket[..<(socket.lastIndex(of: "/") ?? socket.startIndex)])
        guard own == 0 else { return own }
        let user = first + hash(socket) % count
        return clx_can_shift(directory, user) >= 0 ? user : own
    }

    /// Whether jobs whose files lie below `directory` are users of their own; otherwise why not.
    package static func problem(below directory: String) -> String? {
        guard geteuid() == 0 else { return "Clary does not run as root" }
        let status = clx_can_shift(directory, first)
        return status >= 0 ? nil : "ID-mapped mounts are refused: \(String(cString: strerror(-status)))"
    }

    /// FNV-1a (Fowler, Noll, Vo): the same fleet is the same user after a restart.
    private static func hash(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
