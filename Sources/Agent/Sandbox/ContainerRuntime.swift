import AgentProtocol

/// What makes the containers of one instance: namespaces of our own, or a container engine.
///
/// Either way the container's first process is `clary init`, and what it says and hears is the same.
protocol ContainerRuntime: Sendable {
    /// Starts a container.
    ///
    /// - Throws: `LaunchFailure`, of which those at the stage `.overlay` go away with copies in the place of overlays.
    func launch(_ plan: SandboxPlan) async throws -> RunningContainer
    /// The container's specification with what only the runtime knows.
    func complete(_ spec: ContainerSpec) -> ContainerSpec
    /// Whose a mount has to be that the agent serves and the container sees; `nil` where it can see none.
    var mountOwner: FastFileChannel.Owner? { get }
    /// Last words of what stands between agent and container, for a failure's text.
    func complaints() -> String
}
