import AgentProtocol
import Glibc

/// Everything that one start of a container needs.
struct SandboxPlan: Sendable {
    var container: ContainerSpec
    var host: String
    /// Of its address, from 1.
    var index: Int
    var limits: InstanceLimits
    var network: NetworkAccess
    var gatewayDirectory: String
    /// Absolute paths on this machine.
    var bubblewrap: String
    var executable: String
    var overlays: [LaunchRequest.Overlay]
    /// What the container may change for itself (`SandboxLayout.prepareLayers`); without its layer it only reads it.
    var layers: [LaunchRequest.Overlay] = []
    /// Directories that are channels.
    var volumes: [SandboxVolume] = []
    /// Channels whose files are fetched when they are read.
    var fastFiles: [FastFileChannel] = []
    var modelIsReadOnly: Bool
    var checkpointPath: String?
    var tensorBoardPath: String?
    var gpus: [Int]
    /// Where among this machine's CPUs those of this instance begin.
    var cpuOffset: Int
    var machine: RootFileSystem
    /// What the entry process reads and writes.
    var streams = EntrySpec.Streams.output
}

extension SandboxPlan {
    /// The sandbox of an instance.
    ///
    /// - Parameters:
    ///   - assignment: What it has to do.
    ///   - bootstrap: What its agent was born with.
    ///   - paths: Where it lies.
    ///   - executable: The product's own binary.
    ///   - overlays: Of its channels.
    ///   - machine: What of this machine's root it sees.
    /// - Throws: `InstanceFailure` if there is no bubblewrap.
    init(
        _ assignment: Assignment,
        _ bootstrap: AgentBootstrap,
        at paths: InstancePaths,
        executable: String,
        overlays: [LaunchRequest.Overlay],
        machine: RootFileSystem
    ) throws(InstanceFailure) {
        self.init(
            container: assignment.container,
            host: assignment.host,
            index: bootstrap.firstIndex(of: assignment)
                + (assignment.hosts.firstIndex(of: assignment.host) ?? 0),
            limits: assignment.limits,
            network: assignment.network,
            gatewayDirectory: bootstrap.gatewayDirectory,
            bubblewrap: assignment.container.image == nil ? try Self.installedBubblewrap() : "",
            executable: executable,
            overlays: overlays,
            modelIsReadOnly: assignment.role == .hosting,
            checkpointPath: assignment.checkpoint.flatMap {
                paths.directory(of: $0) == paths.checkpoints ? $0.localPath : nil
            },
            tensorBoardPath: assignment.tensorBoard.flatMap {
                paths.directory(of: $0) == paths.tensorBoard ? $0.localPath : nil
            },
            gpus: bootstrap.gpus,
            cpuOffset: Int.random(in: 0..<1024),
            machine: machine
        )
    }

    private static func installedBubblewrap() throws(InstanceFailure) -> String {
        let directories = ["/usr/bin", "/usr/local/bin", "/bin"]
        guard let path = directories.map({ $0 + "/bwrap" }).first(where: { access($0, X_OK) == 0 }) else {
            throw InstanceFailure(
                blame: .platform,
                message: "bubblewrap is not installed (no bwrap in \(directories)). Run `clary doctor`."
            )
        }
        return path
    }
}

extension AgentBootstrap {
    /// Index of the address of the first of an assignment's hosts.
    ///
    /// A job's hosts are the instances of its fleet. Those of a model in service are containers of one instance, whose
    /// peers have as many on the same bridge; containers of an engine have a network for each instance.
    func firstIndex(of assignment: Assignment) -> Int {
        guard assignment.role == .hosting, assignment.container.image == nil else { return 1 }
        return 1 + (position ?? 0) * assignment.hosts.count
    }
}

extension InstancePaths {
    /// Where the checkpoints are on this machine.
    func directory(of checkpoint: Checkpoint) -> String { inside(checkpoint.localPath) ?? checkpoints }

    /// Where TensorBoard's files are on this machine.
    func directory(of board: UploadedDirectory) -> String { inside(board.localPath) ?? tensorBoard }

    /// The place of a path below `/opt/ml`; `nil` for another one.
    private func inside(_ path: String) -> String? {
        let prefix = "/opt/ml/"
        var rest = path.dropFirst(prefix.count)
        while rest.hasSuffix("/") { rest.removeLast() }
        guard path.hasPrefix(prefix), ChannelDelivery.isSafe(String(rest)) else { return nil }
        return "\(opt)/\(rest)"
    }
}
