import AgentProtocol
import CLinux
import Engines
import Foundation
import HTTPServing
import Resources
import TestSupport
import Testing

/// What this machine offers to tests of real instances.
enum Facilities {
    /// The product's binary, built beside the tests.
    static let binary = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("clary").path

    /// Whether sandboxes can be started here: bubblewrap, user namespaces, and the binary.
    static let canRunInstances: Bool = {
        let namespaces = "/proc/sys/user/max_user_namespaces"
        let most = (try? String(contentsOfFile: namespaces, encoding: .utf8)).flatMap {
            Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return FileManager.default.isExecutableFile(atPath: "/usr/bin/bwrap") && (most ?? 0) > 0
            && FileManager.default.isExecutableFile(atPath: binary)
    }()
}

/// A control plane, an engine and a directory for both, for the time of one test.
struct Workshop {
    let plane: FakeControlPlane
    let engine: LocalEngine
    let directory: String

    /// Runs `body` and ends every instance it left.
    static func open(_ body: (Workshop) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("clary-\(UUID())").path
        try FileManager.default.createDirectory(
            atPath: "\(directory)/gateway",
            withIntermediateDirectories: true,
            attributes: nil
        )
        defer { clx_remove_tree(directory) }
        let plane = FakeControlPlane()
        try await serving(plane) { address in
            try "http://127.0.0.1:\(address.port ?? 0)\n".write(
                toFile: "\(directory)/address",
                atomically: true,
                encoding: .utf8
            )
            let engine = LocalEngine(
                LocalEngine.Configuration(
                    directory: "\(directory)/instances",
                    executable: Facilities.binary,
                    addressFile: "\(directory)/address",
                    gatewayDirectory: "\(directory)/gateway",
                    orphanTimeout: .seconds(60),
                    machine: Machine(cpus: 8, memory: 16 << 30)
                )
            )
            let workshop = Workshop(plane: plane, engine: engine, directory: directory)
            do {
                try await body(workshop)
            } catch {
                await engine.adopt([])
                throw error
            }
            // Whatever is not adopted is ended and removed.
            await engine.adopt([])
        }
    }

    func start(_ assignments: Assignment...) async throws -> [InstanceHandle] {
        for assignment in assignments { plane.assign(assignment) }
        return try await engine.start(
            FleetSpec(
                owner: "test",
                instances: assignments.map {
                    InstanceSeat(
                        id: $0.instance,
                        instanceType: $0.instanceType,
                        token: "token-\($0.instance)"
                    )
                },
                network: assignments.first?.network ?? .isolated
            )
        )
    }

    /// A training instance that runs a shell script.
    func training(
        _ name: String,
        _ script: String,
        host: String = "algo-1",
        hosts: [String] = ["algo-1"]
    ) -> Assignment {
        Assignment(
            instance: InstanceID(name),
            role: .training,
            hosts: hosts,
            host: host,
            instanceType: "ml.m5.large",
            container: ContainerSpec(
                command: ["/bin/bash", "-c", script],
                environment: ["PATH": "/usr/bin:/bin", "HOME": "/root"]
            ),
            channels: [],
            files: ["input/config/hyperparameters.json": "{}"],
            modelArchive: nil,
            checkpoint: nil,
            artifacts: ArtifactTargets(
                prefix: S3Location(bucket: "b", key: "\(name)/output"),
                compression: .gzip
            ),
            limits: InstanceLimits(cpus: 2, memory: 1 << 30),
            network: .open,
            stopGraceSeconds: 5,
            maxRuntimeSeconds: nil,
            metricDefinitions: [],
            credentials: SessionCredentials(
                accessKeyID: "ASIATEST",
                secretAccessKey: "secret",
                sessionToken: "session",
                expiration: Date().timeIntervalSince1970 + 3600
            ),
            region: .standard,
            notices: []
        )
    }

    /// A channel of these items, whose listing the control plane serves.
    func channel(
        _ name: String,
        _ items: [ObjectListing.Item],
        mode: Channel.Mode = .file,
        _ change: (inout ObjectSource) -> Void = { _ in }
    ) throws -> Channel {
        let path = "\(directory)/listing-\(name)"
        var writer = try ObjectListingWriter(path: path)
        for item in items { try writer.append(item) }
        try writer.finish()
        plane.list(name, in: path)
        var source = ObjectSource(listing: name)
        change(&source)
        return Channel(name: name, mode: mode, source: .objects(source))
    }

    func waitForEnd(_ instance: InstanceID) async throws {
        try await plane.wait("the end of \(instance)") { [plane] in
            plane.events(instance).contains { change in
                switch change {
                case .finished, .failed: true
                case .downloading, .progress, .pulling, .image, .started, .ready, .exited, .uploading: false
                }
            }
        }
    }

    func waitForStart(_ instance: InstanceID) async throws {
        try await plane.wait("the start of \(instance)") { [plane] in
            plane.events(instance).contains { if case .started = $0 { true } else { false } }
        }
    }

    func exit(_ instance: InstanceID) -> ContainerExit? {
        for case .exited(let exit) in plane.events(instance) { return exit }
        return nil
    }
}

extension InstanceEvent.Change {
    /// The name of the case.
    var word: String {
        switch self {
        case .downloading: "downloading"
        case .progress: "progress"
        case .pulling: "pulling"
        case .image: "image"
        case .started: "started"
        case .ready: "ready"
        case .exited: "exited"
        case .uploading: "uploading"
        case .finished: "finished"
        case .failed: "failed"
        }
    }
}
