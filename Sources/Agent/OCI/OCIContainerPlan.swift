import AgentProtocol
import ContainerEngine

/// What an engine is asked for, from what a sandbox would be made of: values in, a request out.
struct OCIContainerPlan {
    var plan: SandboxPlan
    var paths: InstancePaths
    var imageID: String
    /// Shown to the container, with which PID 1 runs in whatever image.
    var libraries: OwnLibraries
    /// Volumes that are channels: name and target.
    var overlays: [(volume: String, target: String)]
    var network: String
    var subnet: EngineSubnet
    var hosts: [String]
    var labels: [String: String]
    var graphics: GraphicsDevices

    /// Beyond the instance's own limit: PID 1, and so that its watch speaks first.
    private static let slack = 64 << 20

    var request: ContainerRequest {
        var host = ContainerRequest.Machine(
            binds: binds,
            network: network,
            shm: max(64 << 20, plan.limits.memory / 2),
            memory: plan.limits.memory + Self.slack,
            nanoCPUs: plan.limits.cpus * 1_000_000_000,
            pids: Sandbox.processLimit(cpus: plan.limits.cpus) + 64
        )
        host.extraHosts = hosts.enumerated().map { "\($1):\(subnet.address($0 + 1))" }
        graphics.add(plan.gpus, to: &host)
        return ContainerRequest(
            image: imageID,
            hostname: plan.host,
            entrypoint: libraries.launcher + [
                ContainerGateway.binary, "init", "--line", ContainerLine.socket,
            ],
            labels: labels,
            host: host,
            networking: .init(
                network: network,
                address: subnet.address(plan.index),
                aliases: [plan.host]
            )
        )
    }

    private var binds: [String] {
        var result = libraries.binds
        result.append("\(plan.executable):\(ContainerGateway.binary):ro")
        result.append("\(paths.line):\(ContainerLine.directory):ro")
        if plan.network == .open {
            result.append("\(plan.gatewayDirectory):\(ContainerGateway.directory):ro")
            result.append("\(paths.credentials):\(ContainerGateway.credentialsDirectory):ro")
        }
        result += plan.container.mounts.map { "\($0.source):\($0.target):ro" }
        result.append("\(paths.opt):/opt/ml:rw")
        result += overlays.map { "\($0.volume):\($0.target):rw" }
        result += plan.volumes.map { "\($0.path):\($0.target):\($0.isWritable ? "rw" : "ro")" }
        if plan.modelIsReadOnly { result.append("\(paths.opt)/model:/opt/ml/model:ro") }
        if let checkpointPath = plan.checkpointPath {
            result.append("\(paths.checkpoints):\(checkpointPath):rw")
        }
        if let tensorBoardPath = plan.tensorBoardPath {
            result.append("\(paths.tensorBoard):\(tensorBoardPath):rw")
        }
        return result
    }

    /// Directories that the image's user may write.
    var lent: [String] {
        ["/opt/ml"] + overlays.map(\.target) + [plan.checkpointPath, plan.tensorBoardPath].compactMap(\.self)
    }
}
