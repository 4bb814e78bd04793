import CLinux
import Glibc

/// How the agent and PID 1 of a container that an engine started find each other: a socket in a directory that only this
/// container sees, which takes one connection.
///
/// What a sandbox's PID 1 inherits travels through it: then both are the same program with the same line.
package final class ContainerLine: Sendable {
    private let listener: Descriptor

    /// The directory and the socket in it, as the container sees them.
    static let directory = "/run/clary/line"
    package static let socketName = "init.sock"
    static var socket: String { "\(directory)/\(socketName)" }

    /// Listens in a directory.
    ///
    /// - Throws: `SystemError`.
    package init(in directory: String) throws(SystemError) {
        let path = "\(directory)/\(Self.socketName)"
        listener = Descriptor(
            owning: try check(
                clx_unix_listen(path, Int32(SOCK_SEQPACKET.rawValue), 1),
                "listen at \(path)"
            )
        )
        // Root of a user namespace may be nobody here; who can reach the directory is the container alone.
        chmod(path, 0o666)
    }

    /// The connection of PID 1, which then has `descriptors`; `nil` if it has not come within `milliseconds`.
    ///
    /// - Throws: `SystemError`.
    package func accept(
        within milliseconds: Int32,
        handing descriptors: [Int32]
    ) throws(SystemError) -> Parcel? {
        guard clx_wait_readable(listener.number, milliseconds) > 0 else { return nil }
        let line = Descriptor(owning: try check(clx_accept(listener.number), "hear from the container"))
        let greeting: [UInt8] = [1]
        try check(
            clx_send(line.number, greeting, 1, descriptors, Int32(descriptors.count)),
            "reach PID 1 of the container"
        )
        return Parcel(line)
    }

    /// PID 1's side: afterwards its descriptors are those of a sandbox's.
    ///
    /// - Throws: `SystemError` if nobody listens or says what is expected.
    static func take(from socket: String) throws(SystemError) {
        let line = try check(
            clx_unix_connect(socket, Int32(SOCK_SEQPACKET.rawValue)),
            "reach the agent at \(socket)"
        )
        var descriptors: [Int32] = [-1, -1, -1]
        var count = Int32(descriptors.count)
        var greeting: UInt8 = 0
        try check(clx_receive(line, &greeting, 1, &descriptors, &count), "hear from the agent")
        guard Int(count) == descriptors.count else { throw SystemError("hear from the agent", code: EPROTO) }
        try check(clx_place([line] + descriptors, Int32(descriptors.count + 1), 3), "place descriptors")
        for number in [line] + descriptors where number > 6 { close(number) }
    }
}
