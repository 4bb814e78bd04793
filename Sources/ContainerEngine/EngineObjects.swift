import Foundation

/// Labels of everything that Clary has an engine make.
package enum EngineLabel {
    /// Of the instance that it was made for.
    package static let instance = "clary.instance"
    /// Of the directory of instances, which tells one server's from another's.
    package static let directory = "clary.directory"
}

extension ContainerEngine {
    // MARK: Containers

    /// Makes a container, which does not run yet.
    package func create(_ request: ContainerRequest, named name: String) async throws(ContainerEngineError) {
        try await demand(
            "make the container",
            "POST",
            "/containers/create?name=\(Self.encode(name))",
            body: try json(request)
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
    package func remove(container name: String) async throws(ContainerEngineError) {
        for _ in 0..<100 {
            // 409: it is being removed.
            try await demand(
                "remove the container",
                "DELETE",
                "/containers/\(Self.encode(name))?force=true&v=true",
                orStatus: [404, 409]
            )
            guard try await hasContainer(name) else { return }
            try? await Task.sleep(for: .milliseconds(50))
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
        try await demand("make a volume", "POST", "/volumes/create", body: try json(request))
    }

    private struct VolumeRequest: Encodable {
        var name: String
        var driver: String
        var driverOpts: [String: String]
        var labels: [String: String]
    }

    package func remove(volume name: String) async throws(ContainerEngineError) {
        try await demand(
            "remove the volume",
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
        return try decode(Inspection.self, answer).ipam?.config?.first?.subnet
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
        try await demand("make a network", "POST", "/networks/create", body: try json(request))
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
        try await demand(
            "remove the network",
            "DELETE",
            "/networks/\(Self.encode(name))",
            orStatus: [403, 404, 409, 500]
        )
    }

    // MARK: What is left

    /// Ends and removes everything with these labels.
    package func removeAll(labels: [String: String]) async throws(ContainerEngineError) {
        struct Container: Decodable { var id: String }
        struct Volumes: Decodable {
            var volumes: [Volume]?
            struct Volume: Decodable { var name: String }
        }
        struct Network: Decodable { var name: String }
        let filter = Self.filter(labels: labels)
        let containers = try decode(
            [Container].self,
            await demand(
                "list containers",
                "GET",
                "/containers/json?all=true&\(filter)",
                within: .seconds(20)
            )
        )
        for container in containers { try await remove(container: container.id) }
        let volumes = try decode(
            Volumes.self,
            await demand("list volumes", "GET", "/volumes?\(filter)", within: .seconds(20))
        )
        for volume in volumes.volumes ?? [] { try await remove(volume: volume.name) }
        let networks = try decode(
            [Network].self,
            await demand("list networks", "GET", "/networks?\(filter)", within: .seconds(20))
        )
        for network in networks { try await remove(network: network.name) }
    }

    private func json(_ value: some Encodable) throws(ContainerEngineError) -> Data {
        do {
            return try EngineJSON.encode(value)
        } catch {
            throw .refused(what: "be asked", status: 0, message: "\(error)")
        }
    }
}
