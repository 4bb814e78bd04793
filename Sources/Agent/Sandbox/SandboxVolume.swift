import AgentProtocol
import CLinux
import Glibc

/// A directory or file of this machine that a channel shows as it is.
///
/// It was found below a directory that the administrator opened to jobs, and stays open until the sandbox has it: whoever
/// may write there could put a link in its place meanwhile.
final class SandboxVolume: Sendable {
    private let descriptor: Descriptor
    /// Where it was found.
    let path: String
    /// Where it will be mounted, below `/opt/ml`.
    let place: String
    let isDirectory: Bool
    let isWritable: Bool

    /// Where it is inside.
    var target: String { "/opt/ml\(place)" }

    /// A path that leads to it as long as this value lives.
    var open: String { "/proc/self/fd/\(descriptor.number)" }

    /// Finds it.
    ///
    /// - Throws: `InstanceFailure` if it is not there or lies outside its root, `SystemError`.
    init(_ source: DirectorySource, channel: String) throws {
        let number = Glibc.open(source.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else {
            throw InstanceFailure(
                blame: .platform,
                message:
                    "'\(source.root)', which the administrator lists, cannot be opened: \(String(cString: strerror(errno)))."
            )
        }
        let root = Descriptor(owning: number)
        let found = clx_open_beneath(
            root.number,
            source.path.isEmpty ? "." : source.path,
            Int32(CLX_O_PATH),
            0
        )
        guard found >= 0 else {
            throw InstanceFailure(
                blame: .client,
                message: """
                    Channel '\(channel)': '\(source.path)' below '\(source.root)' \
                    \(found == -EXDEV ? "leads out of it" : "cannot be opened: \(String(cString: strerror(-found)))").
                    """
            )
        }
        descriptor = Descriptor(owning: found)
        isWritable = source.isWritable
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/fd/\(found)", &buffer, buffer.count - 1)
        guard length > 0 else { throw SystemError("find '\(source.path)'", code: errno) }
        path = String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var facts = stat()
        guard fstat(found, &facts) == 0 else { throw SystemError("look at '\(path)'", code: errno) }
        isDirectory = facts.st_mode & S_IFMT == S_IFDIR
        let name = path.split(separator: "/").last.map(String.init) ?? "data"
        place = "/input/data/\(channel)" + (isDirectory ? "" : "/\(name)")
    }

    /// Makes the place where it will be mounted.
    func makePlace(at paths: InstancePaths) throws(SystemError) {
        guard isDirectory else {
            let slash = place.lastIndex(of: "/") ?? place.endIndex
            try SandboxLayout.makeDirectory(paths.opt + place[..<slash])
            return try SandboxLayout.write("", to: paths.opt + place)
        }
        try SandboxLayout.makeDirectory(paths.opt + place)
    }
}
