import CLinux
import Glibc

/// An agent's line to the holder of its fleet's namespaces.
final class HolderConnection: Sendable {
    let socket: Descriptor
    private let userNamespace: Descriptor
    private let user: uid_t
    /// Whether the fleet has a way out.
    let hasUplink: Bool

    /// Takes over a connected socket and hears the holder's greeting: the job's user and its namespace.
    ///
    /// - Throws: `SystemError` if the holder says nothing or something else.
    init(owning number: Int32) throws(SystemError) {
        socket = Descriptor(owning: number)
        var bytes = [UInt8](repeating: 0, count: 256)
        var descriptor: Int32 = -1
        var count: Int32 = 1
        let length = try check(
            clx_receive(number, &bytes, bytes.count, &descriptor, &count),
            "hear from the holder of namespaces"
        )
        userNamespace = Descriptor(owning: descriptor)
        let greeting = (try? Records.decode(Array(bytes.prefix(Int(length)))).first) ?? []
        guard count == 1, greeting.count == 2, let user = uid_t(greeting[0]) else {
            throw SystemError("understand the holder of namespaces", code: EPROTO)
        }
        self.user = user
        hasUplink = greeting[1] == "open"
    }

    /// Whom a mount that we serve has to belong to, so that the job may use it.
    var mountOwner: FastFileChannel.Owner {
        foreignNamespace == nil ? .namespace(userNamespace.number) : .user(user)
    }

    /// The job's user namespace, if the job is another user than the agent.
    var foreignNamespace: Int32? { user == geteuid() ? nil : userNamespace.number }
}
