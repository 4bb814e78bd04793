import AgentProtocol
import AsyncHTTPClient
import ContainerEngine
import Foundation
import Glibc

/// What an engine has to have ready before a container can be made.
enum OCIEngine {
    /// The engine that the assignment names, or the one that is found here.
    ///
    /// - Throws: `InstanceFailure` that says how to get one.
    static func reach(_ image: OCIImage, http: HTTPClient) throws(InstanceFailure) -> ContainerEngine {
        let found = image.engine ?? EngineSocket.find(environment: ProcessInfo.processInfo.environment)
        guard let socket = found, access(socket, F_OK) == 0 else {
            throw InstanceFailure(
                blame: .client,
                message: """
                    The image '\(image.reference)' needs a container engine, and \
                    \(image.engine.map { "nothing listens at \($0)" } ?? "none was found"). Install Podman \
                    (`apt-get install podman`, then `systemctl --user enable --now podman.socket`) or Docker, start \
                    Clary again, or name its socket: `clary serve --container-engine SOCKET`.
                    """
            )
        }
        return ContainerEngine(socket: socket, http: http)
    }

    /// How many subnets are tried.
    private static let attempts = 20

    /// How often, and how long after each other, a peer's network is looked for before another subnet is tried.
    private static let looks = 30
    private static let pause = Duration.milliseconds(100)

    /// The fleet's network; the first of its instances that comes makes it.
    ///
    /// - Throws: `InstanceFailure` if no subnet is free, `ContainerEngineError` for whatever else the engine says.
    static func network(
        _ name: String,
        fleet: String,
        isInternal: Bool,
        labels: [String: String],
        in engine: ContainerEngine
    ) async throws -> EngineSubnet {
        var refusal: ContainerEngineError?
        for attempt in 0..<attempts {
            let subnet = EngineSubnet(of: fleet, attempt: attempt)
            do {
                try await engine.createNetwork(
                    named: name,
                    subnet: subnet.text,
                    gateway: subnet.gateway,
                    isInternal: isInternal,
                    labels: labels
                )
                return subnet
            } catch {
                guard error.isConflict else { throw error }
                refusal = error
            }
            // The subnet is somebody else's, or a peer was quicker: its network may have the subnet before it can be
            // seen, and Docker would let a second one have the same name.
            if let found = try await awaitedSubnet(ofNetwork: name, in: engine) {
                guard let subnet = EngineSubnet(found) else {
                    throw InstanceFailure(
                        blame: .platform,
                        message: "The network '\(name)' has the subnet '\(found)', which is none of Clary's."
                    )
                }
                return subnet
            }
        }
        throw InstanceFailure(
            blame: .platform,
            message: refusal.map { "\($0)" } ?? "No subnet is free for the network '\(name)'."
        )
    }

    private static func awaitedSubnet(
        ofNetwork name: String,
        in engine: ContainerEngine
    ) async throws -> String? {
        for look in 0..<looks {
            if look > 0 { try await Task.sleep(for: pause) }
            if let found = try await engine.subnet(ofNetwork: name) { return found }
        }
        return nil
    }
}
