import ContainerEngine
import Glibc

/// How an engine is asked for GPUs.
enum GraphicsDevices: Equatable {
    /// Names of the Container Device Interface, which Podman takes for devices.
    case named
    /// Docker's requests, which NVIDIA's toolkit answers.
    case requested
    /// The bare device files: for images that bring the driver's libraries.
    case files

    /// The way of an engine on this machine.
    init(isPodman: Bool) {
        let specifications = ["/etc/cdi", "/var/run/cdi"].contains { directory in
            ["nvidia.yaml", "nvidia.json"].contains { access("\(directory)/\($0)", R_OK) == 0 }
        }
        self = !isPodman ? .requested : specifications ? .named : .files
    }

    func add(_ gpus: [Int], to host: inout ContainerRequest.Machine) {
        guard !gpus.isEmpty else { return }
        switch self {
        case .named: host.devices = gpus.map { .init("nvidia.com/gpu=\($0)") }
        case .requested:
            host.deviceRequests = [
                .init(driver: "nvidia", ids: gpus.map(String.init), capabilities: [["gpu"]])
            ]
        case .files:
            let shared = ["nvidiactl", "nvidia-uvm", "nvidia-uvm-tools"].map { "/dev/\($0)" }
            let present = shared.filter { access($0, F_OK) == 0 }
            host.devices = (present + gpus.map { "/dev/nvidia\($0)" }).map { .init($0) }
        }
    }
}
