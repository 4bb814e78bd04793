/// What the control plane asks of an instance; fetched by one long poll,
/// `GET /_clary/agent/v1/instances/{id}/commands?after=<sequence>`.
package struct Command: Codable, Sendable {
    /// Grows from command to command of an instance, also across a restart of the control plane.
    package var sequence: Int
    package var action: Action

    package init(sequence: Int, action: Action) {
        self.sequence = sequence
        self.action = action
    }

    package enum Action: Codable, Sendable {
        /// SIGTERM to the entry process, SIGKILL after `graceSeconds`; artifacts are still sent.
        case stop(cause: ContainerExit.Cause, graceSeconds: Int)
        /// All instances of the job have ended: the first one packs everyone's artifacts.
        /// The paths are the peers' `/opt/ml` directories where the instances share a disk.
        case collect(peerDirectories: [String])
        /// Nothing more is wanted: clean up and end.
        case release
    }
}

/// Reply to the long poll; empty when nothing happened for 25 s.
package struct CommandList: Codable, Sendable {
    package var commands: [Command]

    package init(commands: [Command]) { self.commands = commands }
}
