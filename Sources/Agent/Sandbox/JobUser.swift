import CLinux
import Glibc
import Resources

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
        // The same fleet is the same user after a restart.
        let user = first + FNV1a.hash(socket) % count
        return clx_can_shift(directory, user) >= 0 ? user : own
    }

    /// Whether jobs whose files lie below `directory` are users of their own; otherwise why not.
    package static func problem(below directory: String) -> String? {
        guard geteuid() == 0 else { return "Clary does not run as root" }
        let status = clx_can_shift(directory, first)
        return status >= 0 ? nil : "ID-mapped mounts are refused: \(String(cString: strerror(-status)))"
    }
}
