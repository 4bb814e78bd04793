import Foundation

extension ContainerEngine {
    // MARK: Containers

    /// Makes a container, which does not run yet.
    package func create(_ request: ContainerRequest, named name: String) async throws(ContainerEngineError) {
        try await demand(
            "make the container",
            "POST",
            "/containers/create?name=\(Self.encode(name))",
            body: json(request)
        )
    }

    package func start(container name: String) async throws(ContainerEngineError) {
        try await demand(
            "start the container",
            "POST",
            "/containers/\(Self.encode(name))/start",
            orStatus: [304]
        )
    }

    /// Whether the container is there, running or not.
    package func hasContainer(_ name: String) async throws(ContainerEngineError) -> Bool {
        try await demand(
            "look at the container",
            "GET",
            "/containers/\(Self.encode(name))/json",
            orStatus: [404]
        )
        .status != 404
    }

    /// Ends and removes a container and waits until it has gone; one that is gone is no error.
    ///
    /// - Throws: `ContainerEngineError.late` if it is still there after `limit`.
    package func remove(
        container name: String,
        within limit: Duration = .seconds(30)
    ) async throws(ContainerEngineError) {
        let deadline = ContinuousClock.now + limit
        let what = "remove the container \(name)"
        while true {
            // 409: it is being removed.
            try await demand(
                what,
                "DELETE",
                "/containers/\(Self.encode(name))?force=true&v=true",
                orStatus: [404, 409]
            )
            guard try await hasContainer(name) else { return }
            guard ContinuousClock.now < deadline else { throw .late(what: what, limit: limit) }
            do { try await Task.sleep(for: .milliseconds(50)) } catch { throw .cancelled }
        }
    }

    // MARK: Volumes

    /// Makes a volume that is an overlay of directories of this machine.
    package func createOverlay(
        named name: String,
        lower: String,
        upper: String,
        work: String,
        labels: [String: String]
    ) async throws(ContainerEngineError) {
        let request = VolumeRequest(
            name: name,
            driver: "local",
            driverOpts: [
                "type": "overlay", "device": "overlay",
                "o": "lowerdir=\(lower),upperdir=\(upper),workdir=\(work)",
            ],
            labels: labels
        )
        try await demand("make a volume", "POST", "/volumes/create", body: json(request))
    }

    private struct VolumeRequest: Encodable {
        var name: String
        var driver: String
        var driverOpts: [String: String]
        var labels: [String: String]
    }

    package func remove(volume name: String) async throws(ContainerEngineError) {
        try await demand(
            "remove the volume \(name)",
            "DELETE",
            "/volumes/\(Self.encode(name))?force=true",
            orStatus: [404]
        )
    }

    // MARK: Networks

    /// The subnet of a network, such as `10.64.16.0/20`; `nil` if there is no such network.
    package func subnet(ofNetwork name: String) async throws(ContainerEngineError) -> String? {
        struct Inspection: Decodable {
            var ipam: Management?
            struct Management: Decodable { var config: [Config]? }
            struct Config: Decodable { var subnet: String? }
        }
        let answer = try await demand(
            "look at the network",
            "GET",
            "/networks/\(Self.encode(name))",
            orStatus: [404]
        )
        guard answer.status != 404 else { return nil }
        return try decode(Inspection.self, answer, of: "the network \(name)").ipam?.config?.first?.subnet
    }

    /// Makes a bridge; from one that is internal nothing outside can be reached.
    ///
    /// Docker lets two networks have one name if they are made at the same moment; later it refuses the second.
    package func createNetwork(
        named name: String,
        subnet: String,
        gateway: String,
        isInternal: Bool,
        labels: [String: String]
    ) async throws(ContainerEngineError) {
        let request = NetworkRequest(
            name: name,
            checkDuplicate: true,
            driver: "bridge",
            internal: isInternal,
            ipam: .init(config: [.init(subnet: subnet, gateway: gateway)]),
            labels: labels
        )
        try await demand("make a network", "POST", "/networks/create", body: json(request))
    }

    private struct NetworkRequest: Encodable {
        var name: String
        var checkDuplicate: Bool
        var driver: String
        var `internal`: Bool
        var ipam: Management
        var labels: [String: String]

        struct Management: Encodable { var config: [Range] }
        struct Range: Encodable {
            var subnet: String
            var gateway: String
        }
    }

    /// Removes a network; one that is gone, or that somebody still uses, is no error.
    package func remove(network name: String) async throws(ContainerEngineError) {
        let answer = try await demand(
            "remove the network \(name)",
            "DELETE",
            "/networks/\(Self.encode(name))",
            orStatus: [403, 404, 409, 500]
        )
        // Some versions of Podman have one status for this and for everything that goes wrong.
        guard answer.status == 500, !answer.message.contains("being used"), !answer.message.contains("in use")
        else { return }
        throw .refused(what: "remove the network \(name)", status: 500, message: answer.message)
    }

    private func json(_ value: some Encodable) -> Data {
        do { return try EngineJSON.encode(value) } catch {
            preconditionFailure("A request is no JSON: \(error)")
        }
    }
}
