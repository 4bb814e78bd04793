package import NIOCore
import NIOPosix
import Synchronization

/// Answers `InvokeEndpoint` inside the pipelines of an HTTP server.
package final class InferenceRouter: Sendable {
    let directory: EndpointDirectory
    let authorizer: any InvocationAuthorizer
    let limits: InvocationLimits
    let onReply: @Sendable (_ status: Int, _ duration: Duration) -> Void
    private let pools = Mutex<[ObjectIdentifier: NIOLoopBound<UpstreamPool>]>([:])

    /// Makes a router without connections.
    ///
    /// - Parameters:
    ///   - directory: The endpoints that can be invoked.
    ///   - authorizer: Checks each call.
    ///   - limits: Sizes and times.
    ///   - onReply: Told of every answer, on an event loop.
    package init(
        directory: EndpointDirectory,
        authorizer: some InvocationAuthorizer,
        limits: InvocationLimits = InvocationLimits(),
        onReply: @escaping @Sendable (_ status: Int, _ duration: Duration) -> Void = { _, _ in }
    ) {
        self.directory = directory
        self.authorizer = authorizer
        self.limits = limits
        self.onReply = onReply
    }

    /// A handler for one connection; must be called on the event loop of the connection's pipeline.
    package func makeHandler() -> any ChannelHandler {
        guard let eventLoop = MultiThreadedEventLoopGroup.currentEventLoop else {
            preconditionFailure("Handlers are made where their connections live: on an event loop.")
        }
        return InvocationHandler(router: self, pool: pool(of: eventLoop))
    }

    private func pool(of eventLoop: any EventLoop) -> UpstreamPool {
        let id = ObjectIdentifier(eventLoop)
        if let known = pools.withLock({ $0[id] }) { return known.value }
        let pool = UpstreamPool(eventLoop: eventLoop, limits: limits)
        let bound = NIOLoopBound(pool, eventLoop: eventLoop)
        pools.withLock { $0[id] = bound }
        return pool
    }
}
