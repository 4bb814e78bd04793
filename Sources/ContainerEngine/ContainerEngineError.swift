/// What a container engine did not do; `what` it was (`start the container`) comes from its caller.
package enum ContainerEngineError: Error, Equatable {
    /// Nobody answers at the socket.
    case unreachable(socket: String, reason: String)
    case refused(what: String, status: Int, message: String)
    /// The answer was not there in time.
    case late(what: String, limit: Duration)
    /// For so long it told nothing new of a pull; `bytes` of what it knew of were there.
    case stalled(what: String, silence: Duration, bytes: Int, totalBytes: Int)
    /// Its connection ended in the middle of an answer.
    case cutShort(what: String, reason: String)
    /// Its answer about something (`the image x:1`) is none that is known.
    case unreadable(what: String, reason: String)
    /// Nobody waits for the answer any more.
    case cancelled
}

extension ContainerEngineError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let socket, let reason):
            "The container engine at \(socket) does not answer: \(reason)"
        case .refused(let what, let status, let message):
            // A stream's failure comes after a success was announced.
            (200..<300).contains(status)
                ? "The container engine did not \(what): \(message)"
                : "The container engine did not \(what) (status \(status)): \(message)"
        case .late(let what, let limit):
            "The container engine did not \(what) within \(limit.components.seconds) s."
        case .stalled(let what, let silence, let bytes, let total):
            """
            The container engine was to \(what) and has told of no progress for \(silence.components.seconds) s, after \
            \(total > 0 ? "\(bytes) of \(total) bytes" : "no bytes").
            """
        case .cutShort(let what, let reason):
            "The container engine ended the connection before it could \(what): \(reason)"
        case .unreadable(let what, let reason):
            "What the container engine says of \(what) cannot be read: \(reason)"
        case .cancelled: "Nobody waits for the container engine any more."
        }
    }
}
