import Glibc
import NIOCore

/// Why a server could not listen.
package enum ServerStartError: Error, Equatable, CustomStringConvertible {
    case addressInUse(ServerAddress)
    case permissionDenied(ServerAddress)
    /// The host is no address of this machine.
    case notOurAddress(ServerAddress)
    case failed(ServerAddress, reason: String)

    package var description: String {
        switch self {
        case .addressInUse(.unix(let path)):
            "The socket \(path) is in use by another process. Stop it or choose another path."
        case .addressInUse(let address):
            "Port \(address.port ?? 0) is in use: another process listens on \(address). Stop it or choose another port."
        case .permissionDenied(let address):
            "Not allowed to listen on \(address). Ports below 1024 need privileges: choose a higher one."
        case .notOurAddress(let address):
            "Cannot listen on \(address): the host is no address of this machine. Choose 127.0.0.1 or 0.0.0.0."
        case .failed(let address, let reason):
            "Cannot listen on \(address): \(reason)."
        }
    }

    /// Tells what a failed bind means.
    init(_ error: any Error, binding address: ServerAddress) {
        guard let code = (error as? IOError)?.errnoCode else {
            self = .failed(address, reason: "\(error)")
            return
        }
        self =
            switch code {
            case EADDRINUSE: .addressInUse(address)
            case EACCES, EPERM: .permissionDenied(address)
            case EADDRNOTAVAIL: .notOurAddress(address)
            default: .failed(address, reason: "\(error)")
            }
    }
}
