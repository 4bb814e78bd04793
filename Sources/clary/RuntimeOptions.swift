import ArgumentParser
import ContainerEngine
import ControlPlane
import Foundation

/// Options of `clary serve` about what makes containers.
struct RuntimeOptions: ParsableArguments {
    @Option(
        name: .customLong("container-engine"),
        help: ArgumentHelp(
            "Unix socket of Podman or Docker for images of your own, or `none`.",
            discussion: """
                Without it: $DOCKER_HOST, /var/run/docker.sock, $XDG_RUNTIME_DIR/podman/podman.sock, \
                $XDG_RUNTIME_DIR/docker.sock, /run/podman/podman.sock.
                """
        )
    )
    var containerEngine: String?

    @Option(
        help: ArgumentHelp(
            "What runs containers: auto, sandbox or oci.",
            discussion: """
                auto: the engine for images that it has or that Clary does not know, a sandbox for all others. A job's \
                environment variable \(ContainerRuntimes.variable) overrides it.
                """
        ),
        transform: {
            guard let choice = ContainerRuntimes.Choice(rawValue: $0) else {
                throw ValidationError("--runtime is auto, sandbox or oci.")
            }
            return choice
        }
    )
    var runtime = ContainerRuntimes.Choice.automatic

    @Option(
        name: .customLong("container-registry"),
        help: ArgumentHelp(
            "Registry that `docker push ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME` reaches.",
            discussion: "Such as http://127.0.0.1:5000, where Debian's docker-registry listens."
        )
    )
    var containerRegistry: String?

    /// Without the slash that a person may have put at its end.
    var registry: String? {
        containerRegistry.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    func validate() throws {
        if let registry, !["http", "https"].contains(URL(string: registry)?.scheme) {
            throw ValidationError("--container-registry \(registry): give a URL that begins with http://.")
        }
        guard let containerEngine, containerEngine != "none" else { return }
        guard EngineSocket.path(of: containerEngine) != nil else {
            throw ValidationError(
                "--container-engine \(containerEngine): give the path of a unix socket of this machine, or none."
            )
        }
    }

    /// The engine's socket, if there is one to use.
    var socket: String? {
        switch containerEngine {
        case "none": nil
        case let given?: EngineSocket.path(of: given)
        case nil: EngineSocket.find(environment: ProcessInfo.processInfo.environment)
        }
    }
}
