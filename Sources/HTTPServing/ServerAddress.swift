/// Where a server listens.
package enum ServerAddress: Sendable, Hashable, CustomStringConvertible {
    /// A host name or address and a port; port 0 asks for a free one.
    case tcp(host: String, port: Int)
    /// A socket file; one that a dead server left behind is replaced.
    case unix(path: String)

    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        }
    }

    /// The port of a TCP address.
    package var port: Int? {
        guard case .tcp(_, let port) = self else { return nil }
        return port
    }
}

/// Where a server does listen: never port 0.
package typealias BoundAddress = ServerAddress
