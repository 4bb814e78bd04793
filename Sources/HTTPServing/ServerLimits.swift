/// Sizes and times that keep one client from taking a server's memory or connections.
package struct ServerLimits: Sendable {
    /// Bytes of one header field, name and value together; more is answered with 431.
    package var headerFieldBytes = 32 << 10
    /// Bytes of all header fields of one request; more is answered with 431.
    package var headerListBytes = 128 << 10
    /// How long a connection may stay without completing a head or sending a piece of a body it owes.
    package var idleTimeout: Duration = .seconds(300)
    /// How long requests in flight may still take when the server shuts down.
    package var shutdownGrace: Duration = .seconds(20)

    package init() {}
}
