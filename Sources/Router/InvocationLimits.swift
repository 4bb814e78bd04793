package import NIOCore

/// Sizes and times of an invocation (the service's own by default).
package struct InvocationLimits: Sendable {
    /// Bytes of a request or reply body.
    package var bodyBytes = 6_291_456
    /// How long a container may take to take a connection.
    package var connectTime = TimeAmount.milliseconds(250)
    /// How long an invocation may take until the container's answer is complete.
    package var answerTime = TimeAmount.seconds(60)
    /// Open connections to one instance per event loop; further requests wait for one of them.
    package var connectionsPerInstance = 128
    /// How long a connection is kept unused.
    package var idleTime = TimeAmount.seconds(20)

    package init() {}
}
