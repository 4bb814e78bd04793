/// What an agent is born with: `agent.json` in the instance's directory, readable by its owner only.
///
/// It holds no secret: the one-time token comes through the agent's standard input.
package struct AgentBootstrap: Codable, Sendable {
    package var instance: InstanceID
    /// Only from servers before there were one-time tokens: the secret of every call.
    package var token: String?
    /// A file that holds the control plane's address (`http://127.0.0.1:8080`, or `http+unix://%2Fsocket` where its
    /// port has TLS) as it is now: a restarted control plane may listen elsewhere.
    package var addressFile: String
    /// A directory that holds `gateway.sock`, the control plane's port for containers; bound into the sandbox.
    package var gatewayDirectory: String
    /// Socket of the job's holder of namespaces; all instances of a fleet share one.
    package var holderSocket: String
    /// Which of its fleet it is, from 0; `nil` from servers that did not say it.
    package var position: Int?
    /// Directories on the disks of stored objects, where the agent may give them second names.
    package var viewDirectories: [String]?
    /// Indices of the GPUs that belong to this instance alone.
    package var gpus: [Int]
    /// Seconds without a control plane after which the agent stops its container and itself.
    package var orphanTimeoutSeconds: Int

    package init(
        instance: InstanceID,
        addressFile: String,
        gatewayDirectory: String,
        holderSocket: String,
        position: Int = 0,
        viewDirectories: [String] = [],
        gpus: [Int] = [],
        orphanTimeoutSeconds: Int
    ) {
        self.instance = instance
        self.addressFile = addressFile
        self.gatewayDirectory = gatewayDirectory
        self.holderSocket = holderSocket
        self.position = position
        self.viewDirectories = viewDirectories
        self.gpus = gpus
        self.orphanTimeoutSeconds = orphanTimeoutSeconds
    }
}
