import AgentProtocol

/// What a sandbox looks like from inside, as bubblewrap's arguments: values in, texts out.
struct BubblewrapArguments {
    var paths: InstancePaths
    /// Absolute path of the product's own binary on this machine.
    var executable: String
    var host: String
    var network: NetworkAccess
    /// Directory of the control plane's socket on this machine.
    var gatewayDirectory: String
    var mounts: [ContainerSpec.Mount]
    /// Channels that are directories of this machine: path here, path inside, and whether the job may write there.
    var volumes: [Volume] = []
    /// Hosting: the model is not the container's to change.
    var modelIsReadOnly: Bool
    /// A checkpoint directory outside `/opt/ml`.
    var checkpointPath: String?
    /// TensorBoard's directory outside `/opt/ml`.
    var tensorBoardPath: String?
    var gpus: [Int]
    /// Bytes that `/dev/shm` may hold.
    var sharedMemory: Int
    var machine: RootFileSystem

    struct Volume: Sendable {
        var source: String
        var target: String
        var isWritable: Bool
    }

    var arguments: [String] {
        isolation + root + platform + privateParts + devices
            // Last: everything above had to make its mount points.
            + ["--remount-ro", "/", "--chdir", "/", ContainerGateway.binary, "init"]
    }

    private var isolation: [String] {
        [
            "--unshare-user", "--uid", "0", "--gid", "0", "--cap-drop", "ALL",
            "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", host,
            "--die-with-parent", "--as-pid-1", "--seccomp", String(LaunchRequest.seccompDescriptor),
        ]
    }

    private var root: [String] {
        var result = ["--ro-bind", "/usr", "/usr"]
        for entry in machine.entries {
            switch entry {
            case .link(let path, let target): result += ["--symlink", target, path]
            case .directory(let path): result += ["--ro-bind", path, path]
            }
        }
        result += ["--proc", "/proc", "--dev", "/dev", "--size", String(sharedMemory), "--tmpfs", "/dev/shm"]
        result += ["--ro-bind", paths.etc, "/etc"]
        for path in machine.configuration { result += ["--ro-bind", path, path] }
        return result
    }

    private var platform: [String] {
        var result = ["--ro-bind", executable, ContainerGateway.binary]
        if network == .open {
            result += ["--ro-bind", gatewayDirectory, ContainerGateway.directory]
            result += ["--ro-bind", paths.credentials, ContainerGateway.credentialsDirectory]
        }
        for mount in mounts {
            result += [mount.access == .writing ? "--bind" : "--ro-bind", mount.source, mount.target]
        }
        return result
    }

    private var privateParts: [String] {
        var result = ["--tmpfs", "/root", "--bind", paths.temporary, "/tmp", "--dir", "/var"]
        result += ["--symlink", "/tmp", "/var/tmp", "--symlink", "/run", "/var/run"]
        result += ["--bind", paths.opt, "/opt/ml"]
        for volume in volumes {
            result += [volume.isWritable ? "--bind" : "--ro-bind", volume.source, volume.target]
        }
        if modelIsReadOnly { result += ["--ro-bind", paths.opt + "/model", "/opt/ml/model"] }
        if let checkpointPath { result += ["--bind", paths.checkpoints, checkpointPath] }
        if let tensorBoardPath { result += ["--bind", paths.tensorBoard, tensorBoardPath] }
        return result
    }

    private var devices: [String] {
        guard !gpus.isEmpty else { return [] }
        let shared = ["nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset"]
        return (shared + gpus.map { "nvidia\($0)" }).flatMap {
            ["--dev-bind-try", "/dev/\($0)", "/dev/\($0)"]
        }
    }
}

/// What of this machine's root a sandbox shows besides `/usr`.
struct RootFileSystem: Sendable {
    var entries: [Entry]
    /// Files and directories of `/etc` that programs need: certificates, the loader's cache, the time zone.
    var configuration: [String]

    enum Entry: Sendable, Equatable {
        case link(String, target: String)
        case directory(String)
    }
}
