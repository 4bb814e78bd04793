import CLinux
import Glibc
import NIOCore
import NIOPosix

/// Why an instance gave no connection.
struct ConnectFailure: Error, Equatable {
    /// What the system said, in words.
    let reason: String
}

/// Asks instances for sockets that are connected to their containers.
///
/// The exchange blocks for the length of a connect on the instance's loopback, so it runs on threads of its own.
enum Connector {
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: 4)
        threads.start()
        return threads
    }()

    /// A connected socket to the container of `target`, which the caller owns.
    ///
    /// - Parameters:
    ///   - target: The instance.
    ///   - limit: Longest wait for the container to take the connection.
    ///   - eventLoop: Where the outcome is delivered.
    /// - Returns: The descriptor, or `ConnectFailure`.
    static func socket(
        to target: RoutedTarget,
        within limit: TimeAmount,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<CInt> {
        threads.runIfActive(eventLoop: eventLoop) {
            let result = clx_connect_inside(
                target.connector,
                target.port,
                CInt(limit.nanoseconds / 1_000_000)
            )
            guard result >= 0 else { throw ConnectFailure(reason: describe(-result)) }
            return result
        }
    }

    private static func describe(_ code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "connection refused"
        case ETIMEDOUT: "no connection in time"
        default: String(cString: strerror(code))
        }
    }
}
