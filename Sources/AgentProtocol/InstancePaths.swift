/// What lies where in the directory of an instance that runs on this machine.
package struct InstancePaths: Sendable {
    /// The instance's directory, absolute.
    package let root: String

    package init(_ root: String) { self.root = root }

    /// `AgentBootstrap`, readable by its owner only.
    package var bootstrap: String { root + "/agent.json" }
    /// What the agent itself has to say, for people.
    package var agentLog: String { root + "/agent.log" }
    /// Complaints of bubblewrap and of PID 1.
    package var sandboxLog: String { root + "/sandbox.log" }
    /// Socket of the connector (`clx_connect_inside`).
    package var connector: String { root + "/connect.sock" }
    /// Socket of the fleet's holder of namespaces, in the directory of its first instance.
    package var holder: String { root + "/holder.sock" }
    /// The holder's own words.
    package var holderLog: String { root + "/holder.log" }
    /// Of a visit to what is left of a failed instance: the socket and the log of its holder, and the file that is locked
    /// while somebody is inside.
    package var visit: String { root + "/visit.sock" }
    package var visitLog: String { root + "/visit.log" }
    package var visitLock: String { root + "/visit.lock" }
    /// The container's `/opt/ml`.
    package var opt: String { root + "/ml" }
    /// The container's `/etc`.
    package var etc: String { root + "/etc" }
    /// The container's `/tmp`.
    package var temporary: String { root + "/tmp" }
    /// The instance's own place in a directory on the disk of stored objects.
    package func view(in viewDirectory: String) -> String {
        "\(viewDirectory)/\(root.suffix(from: root.lastIndex(of: "/").map(root.index(after:)) ?? root.startIndex))"
    }
    /// Hard links of the channels' objects, or links to where those are on another disk, changes of the job on top of them, and overlayfs' own directory.
    package var lower: String { root + "/lower" }
    package var upper: String { root + "/upper" }
    package var work: String { root + "/work" }
    /// The container's own changes of what it shares with others, such as its environment.
    package var layers: String { root + "/layers" }
    /// Checkpoints whose path in the container is outside `/opt/ml`.
    package var checkpoints: String { root + "/checkpoints" }
    /// TensorBoard's files where their path in the container is outside `/opt/ml`.
    package var tensorBoard: String { root + "/tensorboard" }
    /// Telemetry that waits for the control plane.
    package var spool: String { root + "/spool" }
    /// What the container sees of the agent: the socket of its credentials.
    package var credentials: String { root + "/credentials" }
    /// What a container of an engine sees of the agent: the socket of its line.
    package var line: String { root + "/line" }
    /// Where another container of the same instance has all of this, from the second on.
    package func companion(_ number: Int) -> InstancePaths {
        InstancePaths("\(root)/container-\(number)")
    }
    /// Archives on their way.
    package var staging: String { root + "/staging" }
    /// What a channel consists of (`ObjectListing`).
    package func listing(of channel: String) -> String { "\(staging)/listing-\(channel)" }
}
